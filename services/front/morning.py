"""Was everybody told in time this morning? The board of those who run the service."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse

from services.front import board
from services.front.house import House
from services.front.pages import Pages
from services.front.register import Register
from services.front.story import count_since, newest
from services.front.visitor import Visitor, signed_in
from services.front.words import local_day

Operator = Annotated[Visitor, Depends(signed_in("operations"))]


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    register = Register(house)

    @routes.get("/morning")
    async def morning(request: Request, visitor: Operator, date: str = "") -> HTMLResponse:
        now, who = pages.clock.now(), visitor.principal
        today = local_day(now)
        day = board.day_wanted(date, today)
        found = await house.get(who, "/notify/v1/morning", date=day.isoformat())
        latest = await house.get(who, "/notify/v1/receipts", limit="1")
        names = await register.names(who, board.ids(found))
        before, after = board.beside(day)
        waiting = board.open_ones(found["open"], names, now)
        return await pages.show(
            request,
            "morning.html",
            day=day,
            today=today,
            before=before,
            after=after if after <= today else None,
            promise=board.promise(found["totals"]),
            in_time=board.in_time(found["totals"]) if found["totals"]["told"] else "",
            withheld=board.withheld(found["totals"]),
            unexplained=board.unexplained(found["totals"]),
            since=found["since"],
            until=found["until"],
            waiting=waiting[: board.LONGEST],
            left_off=max(0, len(waiting) - board.LONGEST),
            tasks=board.tasks(found["tasks"], names, now),
            columns=[text for _, text in board.COLUMNS],
            establishments=board.lines(found["by_establishment"], "establishment", names),
            forces=board.lines(found["by_force"], "force", names),
            newest=newest(latest["receipts"]),
        )

    @routes.get("/morning/new")
    async def new(visitor: Operator, since: str = "") -> JSONResponse:
        """How many events have come in since: a number, for the script that offers to show them."""
        found = await house.get(visitor.principal, "/notify/v1/receipts", limit="200")
        return JSONResponse({"new": count_since(found["receipts"], since)})

    return routes
