"""Why was somebody told, or not? Asked by the sender of its own event, by operations of any."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy import select

from contracts.messages import Routing
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.notify.domain.localtime import local_day
from services.notify.ledger import Ledger
from services.notify.readmodels.barred import Barred, person_of
from services.notify.readmodels.state import ANSWERS, DECISIONS
from services.notify.why.history import history
from services.notify.why.own import for_the_sender

SEES_ALL = frozenset({"operations", "information-governance", "service"})
Asker = Annotated[Principal, Depends(guard("publisher", *sorted(SEES_ALL)))]


def router(ledger: Ledger, barred: Barred) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/why", tags=["why"])

    @routes.get("/{receipt}")
    async def why(receipt: UUID, principal: Asker) -> dict[str, Any]:
        """Decisions with their reasons and, for each notification, every step; no content."""
        found = await history(ledger, receipt)
        if found is None:
            raise _nothing()
        if principal.roles & SEES_ALL:
            return {**found, "sees": "all"}
        own = found["source"] == f"/agencies/{principal.agency}"
        if not own or await _is_named(ledger, principal, receipt, barred):
            raise _nothing()
        return {**for_the_sender(found, principal.agency), "sees": "own"}

    return routes


async def _is_named(ledger: Ledger, principal: Principal, receipt: UUID, barred: Barred) -> bool:
    case = select(ANSWERS.c.case_id).where(ANSWERS.c.receipt == receipt).scalar_subquery()
    async with ledger.rows() as tx:
        person = await person_of(tx, principal)
        if person is None:
            return False
        asked = select(DECISIONS.c.routing).where(DECISIONS.c.case_id == case)
        routings = [Routing.model_validate(found or {}) for found in await tx.scalars(asked)]
    today = local_day(ledger.now())
    return any(barred.keeps_out(person, routing.barred_readers, today) for routing in routings)


def _nothing() -> Problem:
    """Also for another's: that it exists is not told."""
    return Problem(404, "Nothing has been decided on such a receipt of yours")
