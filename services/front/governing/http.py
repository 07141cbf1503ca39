"""What does who governs the sharing need? The first page, and the way to the others."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.front.governing import (
    access,
    agreements,
    holds,
    kept,
    legal_holds,
    refusals,
    rights,
    simulating,
    subject_access,
)
from services.front.governing.governor import Governor
from services.front.governing.versions import lapsed, standing_ones
from services.front.house import House
from services.front.pages import Pages
from services.front.words import local_day

Json = dict[str, Any]


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/governance")
    async def start(request: Request, visitor: Governor) -> HTMLResponse:
        who, today = visitor.principal, local_day(pages.clock.now())
        held = await house.every(who, "/consent/v1/holds", "holds")
        standing = standing_ones(await agreements.all_versions(house, who), today)
        return await pages.show(
            request,
            "governance/first.html",
            held=len(held),
            agreements=len(standing),
            lapsed=len([one for one in standing if lapsed(one, today)]),
        )

    routes.include_router(holds.router(house, pages))
    routes.include_router(agreements.router(house, pages))
    routes.include_router(access.router(house, pages))
    routes.include_router(simulating.router(house, pages))
    routes.include_router(refusals.router(house, pages))
    routes.include_router(rights.router(house, pages))
    routes.include_router(subject_access.router(house, pages))
    routes.include_router(legal_holds.router(house, pages))
    routes.include_router(kept.router(house, pages))
    return routes
