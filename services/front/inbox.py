"""What waits for this school or team, and what does one notification say?"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.front.house import House
from services.front.pages import Pages
from services.front.visitor import Visitor, signed_in

Reader = Annotated[Visitor, Depends(signed_in("recipient"))]


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/inbox")
    async def inbox(request: Request, visitor: Reader) -> HTMLResponse:
        found = await house.get(visitor.principal, "/notify/v1/inbox")
        return await pages.show(request, "inbox.html", notifications=found["notifications"])

    return routes
