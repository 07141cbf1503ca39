"""In which cases does this person appear, and what was decided in them for whom to see?"""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import DecisionMade
from services.consent.cases.identity import cases_of_reference
from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.recognition import known_as
from services.consent.readmodels.retained import CASES, KEYS
from services.consent.readmodels.tables import DECISIONS, PEOPLE

Json = dict[str, Any]


async def of_person(tx: AsyncConnection, keys: Iterable[str]) -> tuple[set[UUID], set[str]]:
    """The cases, and every subject under which the person is known."""
    known, _ = await known_as(tx, keys)
    cases: set[UUID] = set()
    subjects: set[str] = set()
    for part in in_parts(known):
        named = select(KEYS.c.case_id).where(KEYS.c.key.in_(part))
        cases |= {UUID(case) for case in await tx.scalars(named)}
        people = select(PEOPLE.c.subject).where(PEOPLE.c.key.in_(part))
        subjects |= set(await tx.scalars(people))
    return cases, subjects


async def of_reference(tx: AsyncConnection, reference: str) -> set[UUID]:
    """The reference of whichever sender: two of them may use the same one."""
    sources = await tx.scalars(select(DECISIONS.c.source).distinct())
    wanted = {str(case) for source in sources for case in cases_of_reference(source, reference)}
    found: set[UUID] = set()
    for part in in_parts(wanted):
        asked = select(CASES.c.case_id).where(CASES.c.case_id.in_(part))
        found |= {UUID(case) for case in await tx.scalars(asked)}
    return found


async def of_event(tx: AsyncConnection, source: str, event_id: str) -> set[UUID]:
    mine = (DECISIONS.c.source == source, DECISIONS.c.event_id == event_id)
    return {UUID(case) for case in await tx.scalars(select(DECISIONS.c.case_id).where(*mine))}


async def decided_in(tx: AsyncConnection, cases: Iterable[UUID], subjects: set[str]) -> list[Json]:
    """Fields by name, never what stood in them. `about_them`: None where nobody was asked for."""
    found: list[Json] = []
    for part in in_parts(map(str, cases)):
        asked = select(DECISIONS).where(DECISIONS.c.case_id.in_(part))
        for row in await tx.execute(asked.order_by(DECISIONS.c.position)):
            message = DecisionMade.model_validate(json.loads(row.body)["message"])
            found.append(_decided(message, row.superseded, subjects))
    return found


def _decided(message: DecisionMade, superseded: bool, subjects: set[str]) -> Json:
    return {
        "decision": str(message.decision_id),
        "case": str(message.case),
        "receipt": str(message.event.receipt),
        "source": message.event.source,
        "type": message.event.type,
        "about": message.about.ref,
        "about_them": str(message.about.subject_id) in subjects if subjects else None,
        "audience": message.audience,
        "outcome": message.outcome.value,
        "agreement": message.agreement,
        "agreement_version": message.agreement_version,
        "shows": list(message.shows),
        "decided_at": message.decided_at.isoformat(),
        "superseded": superseded,
    }
