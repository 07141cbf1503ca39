"""By which reference does its sender know an event? By that in what was disclosed of it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.store import EventStore
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import ANSWERS, DECISIONS
from services.notify.streams.decision import DecisionRecorded, stream_of

_PATHS = (
    "incident.reference",
    "marac.reference",
    "referral.reference",
    "treatment.episode",
    "appointment.id",
)


async def references(
    tx: AsyncConnection, store: EventStore, receipts: Sequence[UUID]
) -> dict[UUID, str]:
    """By receipt. None of what was disclosed to nobody, and of what has been erased."""
    if not receipts:
        return {}
    asked = select(ANSWERS.c.receipt, ANSWERS.c.case_id)
    cases = {
        row.receipt: row.case_id
        for row in await tx.execute(asked.where(among(ANSWERS.c.receipt, receipts)))
    }
    if not cases:
        return {}
    told = (among(DECISIONS.c.case_id, set(cases.values())), DECISIONS.c.outcome == "disclosed")
    newest = select(DECISIONS.c.case_id, DECISIONS.c.decision).where(*told)
    rows = await tx.execute(newest.order_by(DECISIONS.c.recorded_at, DECISIONS.c.decision))
    chosen = {row.case_id: row.decision for row in rows}
    # Asked for in one moment, and so read in one query (ADR 0035).
    found = await asyncio.gather(*(_reference(store, one) for one in chosen.values()))
    said = dict(zip(chosen, found, strict=True))
    return {one: text for one, case in cases.items() if (text := said.get(case)) is not None}


async def _reference(store: EventStore, decision: UUID) -> str | None:
    for recorded in await store.read_stream(stream_of(decision)):
        if isinstance(recorded.event, DecisionRecorded) and recorded.event.content is not None:
            content = recorded.event.content.value or {}
            return next((str(content[path]) for path in _PATHS if content.get(path)), None)
    return None
