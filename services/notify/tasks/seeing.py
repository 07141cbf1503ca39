"""Which tasks may this caller see, and what more is there to say of one?"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select

from services.chassis.principals import Principal
from services.notify.domain.localtime import local_day
from services.notify.ledger import Ledger
from services.notify.readmodels import book
from services.notify.readmodels.barred import Barred, barred_of_cases, person_of
from services.notify.readmodels.places import Place, later
from services.notify.readmodels.state import ANSWERS, DECISIONS, TASK_NOTES, TASKS

PAGE = 1000  # and the most
_SEES_ALL = frozenset({"operations", "service"})
LOOKS_AT_ALL = _SEES_ALL | {"information-governance"}  # and answers for none of them
_FIRST_OF_THE_CASE = (  # what no single decision gave rise to belongs to the event all the same
    select(ANSWERS.c.receipt)
    .where(ANSWERS.c.case_id == TASKS.c.case_id)
    .order_by(ANSWERS.c.at, ANSWERS.c.receipt)
    .limit(1)
    .scalar_subquery()
)
_NOTED = select(
    TASKS,
    TASK_NOTES.c.why,
    TASK_NOTES.c.escalates_to,
    TASK_NOTES.c.escalated_at,
    func.coalesce(DECISIONS.c.receipt, _FIRST_OF_THE_CASE).label("receipt"),
).select_from(
    TASKS.outerjoin(TASK_NOTES, TASK_NOTES.c.task == TASKS.c.task).outerjoin(
        DECISIONS, DECISIONS.c.decision == TASKS.c.decision
    )
)


def sees_all(principal: Principal) -> bool:
    return bool(principal.roles & _SEES_ALL)


def looks_at_all(principal: Principal) -> bool:
    return bool(principal.roles & LOOKS_AT_ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`owner`, `state`: none means all. At most `limit` of them, behind `after`."""

    owner: str | None = None
    state: str | None = None
    after: Place | None = None
    limit: int = PAGE


async def tasks_of(ledger: Ledger, wish: Wish) -> list[Row[Any]]:
    """Those that have opened, by their due moments.

    One that was over before its moment came never was. Of an owner: its own, and those that have
    escalated to it.
    """
    was = or_(TASKS.c.closed_at.is_(None), TASKS.c.closed_at >= TASKS.c.opens_at)
    query = _NOTED.where(TASKS.c.opens_at <= ledger.now(), was)
    if wish.owner is not None:
        escalated = TASK_NOTES.c.escalates_to == wish.owner
        escalated &= TASK_NOTES.c.escalated_at.is_not(None)
        query = query.where(or_(TASKS.c.owner == wish.owner, escalated))
    if wish.state is not None:
        query = query.where(TASKS.c.state == wish.state)
    if wish.after is not None:
        query = query.where(later(TASKS.c.due, TASKS.c.task, wish.after))
    async with ledger.rows() as tx:
        ordered = query.order_by(TASKS.c.due, TASKS.c.task)
        return list(await tx.execute(ordered.limit(wish.limit)))


async def page_of(
    ledger: Ledger, barred: Barred, principal: Principal, by: str | None, wish: Wish
) -> tuple[list[Row[Any]], Place | None]:
    """Filled up with what this reader may see, and where the next page begins."""
    found: list[Row[Any]] = []
    ahead = replace(wish, limit=wish.limit + 1)
    while len(found) <= wish.limit:
        rows = await tasks_of(ledger, ahead)
        found += await seen_by(ledger, barred, principal, by, rows)
        if len(rows) < ahead.limit:
            break
        ahead = replace(ahead, after=_place(rows[-1]))
    shown = found[: wish.limit]
    return shown, _place(shown[-1]) if len(found) > wish.limit else None


def _place(row: Row[Any]) -> Place:
    return Place(row.due, row.task)


async def one_of(ledger: Ledger, task: UUID) -> Row[Any] | None:
    async with ledger.rows() as tx:
        return (await tx.execute(_NOTED.where(TASKS.c.task == task))).one_or_none()


async def seen_by(
    ledger: Ledger, barred: Barred, principal: Principal, by: str | None, rows: list[Row[Any]]
) -> list[Row[Any]]:
    """Without those about an event that keeps this reader out, as if there were none.

    Where a key of the recipient names nobody, any of its people may sit before the machine: what
    one of them must not know is shown to a reader who is named.
    """
    if looks_at_all(principal) or not rows:
        return rows
    today = local_day(ledger.now())
    async with ledger.rows() as tx:
        known = await book.organisation(tx, principal.agency)
        if known is None:
            return rows
        person = await person_of(tx, principal, by or "")
        keys = await barred_of_cases(tx, [row.case_id for row in rows if row.case_id])
    seen = []
    for row in rows:
        out = barred.among(known, keys.get(row.case_id, ()), today)
        hidden = person.contact.id in out if person else bool(out)
        if not hidden:
            seen.append(row)
    return seen


def is_theirs(row: Row[Any], principal: Principal) -> bool:
    escalated = row.escalated_at is not None and row.escalates_to == principal.agency
    return sees_all(principal) or row.owner == principal.agency or escalated
