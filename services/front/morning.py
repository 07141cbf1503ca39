"""Was everybody told in time this morning? The board of those who run the service."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.front.house import House
from services.front.pages import Pages
from services.front.visitor import Visitor, signed_in

Operator = Annotated[Visitor, Depends(signed_in("operations"))]


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/morning")
    async def morning(request: Request, visitor: Operator) -> HTMLResponse:
        board = await house.get(visitor.principal, "/notify/v1/morning")
        return await pages.show(request, "morning.html", board=board)

    return routes
