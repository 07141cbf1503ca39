"""Whose retention has ended, what keeps it all the same, and when does the next one end?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Outcome
from services.consent.domain.retention import ground_of
from services.consent.readmodels.appearing import cases_of
from services.consent.readmodels.retained import CASES, LEGAL_HOLD_KEYS, LEGAL_HOLDS
from services.consent.readmodels.tables import DECISIONS

# As many at a time: others get their turn in between, and a crash repeats little.
AT_ONCE = 100

_KEYS_WAIT = or_(CASES.c.erased.is_(None), CASES.c.erased < CASES.c.due)
_HISTORY_WAITS = or_(CASES.c.forgotten.is_(None), CASES.c.forgotten < CASES.c.history_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A case with something that has ended: its keys, its part in histories, or both.

    An instant that is None has not come, or has been acted upon.
    """

    case: UUID
    agreement: str
    ground: str
    months: int
    keys: datetime | None
    history: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Why cases stay whose retention has ended, by case id."""

    by_law: frozenset[str]  # a legal hold
    by_hold: frozenset[str]  # a decision still waits for a person

    @property
    def every(self) -> frozenset[str]:
        return self.by_law | self.by_hold


async def ended(
    tx: AsyncConnection,
    now: datetime,
    kept: Collection[str] = (),
    *,
    limit: int | None = AT_ONCE,
) -> list[Ended]:
    """The earliest first, without those that are `kept`."""
    asked = select(CASES).where(_past(now)).order_by(CASES.c.due, CASES.c.case_id)
    if kept:
        asked = asked.where(CASES.c.case_id.not_in(sorted(kept)))
    return [_ended(row, now) for row in await tx.execute(asked.limit(limit))]


async def any_ended(tx: AsyncConnection, now: datetime) -> bool:
    found = await tx.execute(select(CASES.c.case_id).where(_past(now)).limit(1))
    return found.first() is not None


async def next_end(tx: AsyncConnection, now: datetime) -> datetime | None:
    keys = select(func.min(CASES.c.due)).where(CASES.c.due > now, _KEYS_WAIT)
    history = select(func.min(CASES.c.history_due)).where(CASES.c.history_due > now, _HISTORY_WAITS)
    moments = [await tx.scalar(keys), await tx.scalar(history)]
    return min((moment for moment in moments if moment is not None), default=None)


async def lapsed(tx: AsyncConnection, today: date) -> list[str]:
    """Legal holds that stand and should have been reviewed."""
    asked = select(LEGAL_HOLDS.c.hold).where(_standing(), LEGAL_HOLDS.c.review_on < today)
    return list((await tx.execute(asked.order_by(LEGAL_HOLDS.c.hold))).scalars())


async def kept_by(tx: AsyncConnection) -> Kept:
    held = select(DECISIONS.c.case_id).where(
        DECISIONS.c.outcome == Outcome.HELD.value, DECISIONS.c.superseded.is_(False)
    )
    named = select(LEGAL_HOLDS.c.case_id).where(_standing(), LEGAL_HOLDS.c.case_id.is_not(None))
    by_law = set((await tx.execute(named)).scalars())
    by_law |= await cases_of(tx, await keys_held(tx))
    return Kept(
        by_law=frozenset(by_law), by_hold=frozenset((await tx.execute(held)).scalars().all())
    )


async def keys_held(tx: AsyncConnection) -> Sequence[str]:
    """Of every person whom a standing legal hold names."""
    people = (
        select(LEGAL_HOLD_KEYS.c.key)
        .join(LEGAL_HOLDS, LEGAL_HOLDS.c.hold == LEGAL_HOLD_KEYS.c.hold)
        .where(_standing())
    )
    return (await tx.execute(people)).scalars().all()


def _standing() -> ColumnElement[bool]:
    return LEGAL_HOLDS.c.lifted_at.is_(None)


def _past(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(CASES.c.due <= now, _KEYS_WAIT), and_(CASES.c.history_due <= now, _HISTORY_WAITS)
    )


def _ended(row: "Row[Any]", now: datetime) -> Ended:
    return Ended(
        case=UUID(row.case_id),
        agreement=row.agreement,
        ground="" if row.agreement else ground_of(row.type),
        months=row.months,
        keys=_waiting(row.due, row.erased, now),
        history=_waiting(row.history_due, row.forgotten, now),
    )


def _waiting(due: datetime | None, done: datetime | None, now: datetime) -> datetime | None:
    """None: it has not come, it has been acted upon, or there is nothing of the kind."""
    return due if due is not None and due <= now and (done is None or done < due) else None
