"""Why was somebody told, or not? Asked by the sender of its own event, by operations of any."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends

from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.notify.ledger import Ledger
from services.notify.why.history import history

SEES_ALL = frozenset({"operations", "information-governance", "service"})
Asker = Annotated[Principal, Depends(guard("publisher", *sorted(SEES_ALL)))]


def router(ledger: Ledger) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/why", tags=["why"])

    @routes.get("/{receipt}")
    async def why(receipt: UUID, principal: Asker) -> dict[str, Any]:
        """Decisions with their reasons and, for each notification, every step; no content."""
        sender = None if principal.roles & SEES_ALL else principal.agency
        found = await history(ledger, receipt, sender=sender)
        if found is None:  # also for another's: that it exists is not told
            raise Problem(404, "Nothing has been decided on such a receipt of yours")
        return found

    return routes
