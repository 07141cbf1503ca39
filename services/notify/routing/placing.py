"""For whom is each decision? Asks the address book, again whenever the book has changed."""

from typing import Any

from sqlalchemy import Row, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Routing
from services.chassis.store import Context
from services.notify.domain.localtime import local_day
from services.notify.domain.placement import AUTHORITY, OFFICER_AUDIENCES, Placement, Problem, place
from services.notify.domain.signing import Signed, as_signed
from services.notify.ledger import Ledger
from services.notify.readmodels import book
from services.notify.readmodels import signed as signatures
from services.notify.readmodels.state import CASES, DECISIONS
from services.notify.streams.decision import Placed, Unplaced
from services.notify.together import each

_LOOK = "routing.placing"
_PAGE = 500


class Placing:
    """A Worker. What it chose is a fact before anything is raised from it."""

    name = "notify.placing"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def run_once(self) -> int:
        async with self._ledger.rows() as tx:
            revision = await book.revision(tx, pupils=True)
            stale = revision > await book.looked_at(tx, _LOOK)
            waiting = await _waiting(tx, with_problem=stale)
            signed = await signatures.signed(tx) if waiting else {}
        done = await each(waiting, lambda row: self._place(row, signed))
        if stale and len(waiting) < _PAGE:
            async with self._ledger.database.transaction() as writing:
                await book.note_look(writing, _LOOK, revision)
        return done

    async def _place(self, row: Row[Any], signed: Signed) -> int:
        today = local_day(self._ledger.now())
        routing = Routing.model_validate(row.routing or {})
        routing = as_signed(row.agreement, routing, signed, today)
        found = await self._found(row, routing)
        fact = _fact(row, found, self._ledger)
        context = Context(correlation_id=row.receipt, actor="notify.routing")
        return len(await self._ledger.decision(row.decision, fact, context))

    async def _found(self, row: Row[Any], routing: Routing) -> Placement:
        look = self._ledger.look
        if row.audience == "education":
            pages = await look.for_child(routing.pupil) if routing.pupil else None
        else:
            kind = AUTHORITY if row.audience in OFFICER_AUDIENCES else row.audience
            pages = await look.of_place((kind, routing.organisation))
        if pages is None:
            return Placement(problem=Problem.NOBODY)
        today = local_day(self._ledger.now())
        return place(row.audience, routing, pages, today, frozenset(row.excluded))


async def _waiting(tx: AsyncConnection, *, with_problem: bool) -> list[Row[Any]]:
    """To be placed, unless something that came in another order has already made it pointless."""
    later = DECISIONS.alias()
    closed = exists().where(
        CASES.c.case_id == DECISIONS.c.case_id, CASES.c.withdrawn_at >= DECISIONS.c.decided_at
    )
    query = (
        select(DECISIONS)
        .where(
            DECISIONS.c.waiting.is_(True),
            DECISIONS.c.ended.is_(None),
            or_(DECISIONS.c.problem.is_(None), true() if with_problem else false()),
            ~closed,
            ~exists().where(later.c.supersedes == DECISIONS.c.decision),
        )
        .order_by(DECISIONS.c.recorded_at, DECISIONS.c.decision)
        .limit(_PAGE)
    )
    return list(await tx.execute(query))


def _fact(row: Row[Any], found: Placement, ledger: Ledger) -> Placed | Unplaced:
    if not found.targets:
        return Unplaced(
            decision=row.decision,
            round=row.round,
            problem=found.problem or Problem.NOBODY,
            left_out=found.left_out,
            at=ledger.now(),
        )
    return Placed(
        decision=row.decision,
        round=row.round,
        organisations=tuple(target.organisation for target in found.targets),
        not_before={
            target.organisation: target.not_before
            for target in found.targets
            if target.not_before is not None
        },
        by_register=tuple(one.organisation for one in found.targets if one.by_register),
        left_out=found.left_out,
        at=ledger.now(),
    )
