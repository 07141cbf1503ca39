"""About whom, by when, and why not? What a receipt says beside the outcome; no names, no content.

The reasons are those that rest on the sender's own event (ADR 0025): the page of the event has them
in words.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.own_reasons import RULES
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import ANSWERS, DECISIONS, NOTIFICATIONS

_OTHERS = "what-others-told"


async def note_of(tx: AsyncConnection, receipt: UUID) -> str:
    """What consent has said of the whole event, e.g. that nothing is known under its reference."""
    note: str | None = await tx.scalar(select(ANSWERS.c.note).where(ANSWERS.c.receipt == receipt))
    return note or ""


async def of_decisions(tx: AsyncConnection, mine: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = await tx.execute(select(DECISIONS).where(among(DECISIONS.c.decision, mine)))
    return {row.decision: {"about": row.about, "because": _because(row)} for row in rows}


def _because(row: Any) -> list[str]:
    """Rules; of what is disclosed none: its ground is the agreement."""
    if row.outcome == "disclosed":
        return []
    return [rule for rule in row.because if rule in RULES] or [_OTHERS]


async def of_tellings(tx: AsyncConnection, told: list[UUID]) -> dict[UUID, dict[str, Any]]:
    columns = (NOTIFICATIONS.c.notification, NOTIFICATIONS.c.due, NOTIFICATIONS.c.overdue)
    rows = await tx.execute(select(*columns).where(among(NOTIFICATIONS.c.notification, told)))
    return {row.notification: {"due": row.due, "overdue": row.overdue} for row in rows}
