"""Which decisions stand, which are held, and what rests on whose consent?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import DecisionMade, Outcome
from services.consent.readmodels.tables import DECISIONS, PEOPLE, PROPOSALS, RESTING, UNTOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    message: DecisionMade
    superseded: bool
    resting: Mapping[str, Any] | None  # keys, purpose, category
    two_person: bool = False  # held, and two must release it


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One of two has released it."""

    by: str
    agency: str
    at: datetime


class NoSuchPlace(Exception):
    """No list of decisions has ended there."""


async def all_of(
    tx: AsyncConnection,
    *,
    event: tuple[str | None, str] | None = None,
    outcome: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Standing]:
    """In the order of the log. `after`: the last one of the page before; raises NoSuchPlace.

    `event`: the source, or None for whichever, and the id.
    """
    asked = select(DECISIONS).order_by(DECISIONS.c.position, DECISIONS.c.decision_id).limit(limit)
    if after is not None:
        asked = asked.where(await _behind(tx, after))
    if event is not None:
        source, event_id = event
        asked = asked.where(DECISIONS.c.event_id == event_id)
        if source is not None:
            asked = asked.where(DECISIONS.c.source == source)
    if outcome is not None:
        asked = asked.where(DECISIONS.c.outcome == outcome, DECISIONS.c.superseded.is_(False))
    return [_standing(row) for row in await tx.execute(asked)]


async def _behind(tx: AsyncConnection, after: UUID) -> ColumnElement[bool]:
    columns = DECISIONS.c
    at = await tx.scalar(select(columns.position).where(columns.decision_id == str(after)))
    if at is None:
        raise NoSuchPlace
    here = and_(columns.position == at, columns.decision_id > str(after))
    return or_(columns.position > at, here)


async def one(tx: AsyncConnection, decision_id: UUID) -> Standing | None:
    asked = select(DECISIONS).where(DECISIONS.c.decision_id == str(decision_id))
    row = (await tx.execute(asked)).one_or_none()
    return None if row is None else _standing(row)


async def resting_on(tx: AsyncConnection, keys: Iterable[str]) -> Sequence[Standing]:
    """The standing decisions, disclosed or held, that rest on the consent of this person."""
    asked = (
        select(DECISIONS)
        .where(
            DECISIONS.c.decision_id.in_(
                select(RESTING.c.decision_id).where(RESTING.c.key.in_(sorted(set(keys))))
            ),
            DECISIONS.c.superseded.is_(False),
        )
        .order_by(DECISIONS.c.position)
    )
    return [_standing(row) for row in await tx.execute(asked)]


async def still_held(tx: AsyncConnection, cases: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """The audiences of each case that wait for a person."""
    if not cases:
        return {}
    waiting = select(DECISIONS).where(
        DECISIONS.c.case_id.in_([str(case) for case in cases]),
        DECISIONS.c.outcome == Outcome.HELD.value,
        DECISIONS.c.superseded.is_(False),
    )
    found: dict[UUID, set[str]] = {}
    for row in await tx.execute(waiting):
        message = _standing(row).message
        found.setdefault(message.case, set()).add(message.audience)
    return {case: frozenset(audiences) for case, audiences in found.items()}


async def proposals(tx: AsyncConnection) -> Mapping[str, Proposal]:
    """By decision; also of those that have been resolved since."""
    return {
        row.decision_id: Proposal(by=row.proposed_by, agency=row.agency, at=row.proposed_at)
        for row in await tx.execute(select(PROPOSALS))
    }


async def untold_of(
    tx: AsyncConnection, keys: Iterable[str], since: datetime
) -> Sequence[Standing]:
    """What stands of one person, was told by a provider since then, and was told to nobody."""
    subjects = select(PEOPLE.c.subject).where(PEOPLE.c.key.in_(sorted(set(keys))))
    asked = (
        select(DECISIONS)
        .join(UNTOLD, UNTOLD.c.decision_id == DECISIONS.c.decision_id)
        .where(
            UNTOLD.c.subject.in_(subjects),
            UNTOLD.c.decided_at >= since,
            DECISIONS.c.superseded.is_(False),
        )
        .order_by(DECISIONS.c.position)
    )
    return [_standing(row) for row in await tx.execute(asked)]


def _standing(row: "SqlRow[Any]") -> Standing:
    body = json.loads(row.body)
    return Standing(
        message=DecisionMade.model_validate(body["message"]),
        superseded=row.superseded,
        resting=body["resting"],
        two_person=body.get("two_person", False),
    )


def untold_row(made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "decision_id": made["decision_id"],
        "subject": made["about"]["subject_id"],
        "decided_at": datetime.fromisoformat(made["decided_at"]),
    }
