"""Why was each of them told, and why not the others? The events, and the story of one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.front.house import House
from services.front.pages import Pages
from services.front.visitor import Visitor, signed_in

Asker = Annotated[Visitor, Depends(signed_in("publisher", "operations", "information-governance"))]


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/events")
    async def events(request: Request, visitor: Asker) -> HTMLResponse:
        found = await house.get(visitor.principal, "/notify/v1/receipts")
        return await pages.show(request, "events.html", receipts=found["receipts"])

    @routes.get("/events/{receipt}")
    async def why(request: Request, visitor: Asker, receipt: UUID) -> HTMLResponse:
        event = await house.get(visitor.principal, f"/notify/v1/receipts/{receipt}")
        told = await house.get(visitor.principal, f"/notify/v1/why/{receipt}")
        return await pages.show(request, "why.html", event=event, why=told)

    return routes
