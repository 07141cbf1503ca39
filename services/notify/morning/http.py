"""How did the morning go? The route of the morning board."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from services.chassis.principals import Principal, guard
from services.notify.domain.localtime import local_day
from services.notify.ledger import Ledger
from services.notify.morning.numbers import numbers

Operations = Annotated[Principal, Depends(guard("operations", "service"))]


def router(ledger: Ledger) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/morning", tags=["morning"])

    @routes.get("")
    async def morning(
        principal: Operations, day: Annotated[date | None, Query(alias="date")] = None
    ) -> dict[str, Any]:
        return await numbers(ledger, day or local_day(ledger.now()))

    return routes
