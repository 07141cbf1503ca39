"""Why was each of them told, and why not the others? The events, and the story of one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse

from services.chassis.principals import Principal
from services.front import story
from services.front.agreements import Ground, ground_of
from services.front.deleting import deletions
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register, agency, names_of, people_of
from services.front.visitor import Visitor, signed_in

Asker = Annotated[Visitor, Depends(signed_in("publisher", "operations", "information-governance"))]
Json = dict[str, Any]
_MISSING = 404


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    register = Register(house)

    @routes.get("/events")
    async def events(request: Request, visitor: Asker) -> HTMLResponse:
        found = (await house.get(visitor.principal, "/notify/v1/receipts"))["receipts"]
        names = await register.names(visitor.principal, {agency(one["source"]) for one in found})
        return await pages.show(
            request,
            "events.html",
            receipts=found,
            senders={one["source"]: names[agency(one["source"])] for one in found},
            outcome_words=story.outcome_words,
            newest=story.newest(found),
        )

    @routes.get("/events/new")
    async def new(visitor: Asker, since: str = "") -> JSONResponse:
        """How many have come since: a number, for the script that offers to show them."""
        found = await house.get(visitor.principal, "/notify/v1/receipts", limit="200")
        return JSONResponse({"new": story.count_since(found["receipts"], since)})

    @routes.get("/events/{receipt}")
    async def why(request: Request, visitor: Asker, receipt: UUID) -> HTMLResponse:
        who, now = visitor.principal, pages.clock.now()
        event = await house.get(who, f"/notify/v1/receipts/{receipt}")
        told = await _told(house, who, receipt)
        if told is None:
            return await pages.show(
                request, "undecided.html", event=event, heading=story.heading(event)
            )
        known = await register.organisations(who, story.ids(told))
        names, people = names_of(known.values()), people_of(known.values())
        grounds = await _grounds(house, who, told)
        standing, replaced = (
            story.chapters(told, grounds, names, people, now, superseded=gone)
            for gone in (False, True)
        )
        return await pages.show(
            request,
            "why.html",
            event=event,
            heading=story.heading(event),
            sender=names[agency(told["source"])],
            summary=story.summary(standing, told["note"]),
            chapters=standing,
            replaced=replaced,
            tasks=story.deeds(told, names, now),
            deletions=deletions(told["deletions"], names, now),
            related=told["related"],
            own_reasons_only=told["sees"] == "own",
            decided_at=told["decided_at"],
        )

    return routes


async def _told(house: House, who: Principal, receipt: UUID) -> Json | None:
    """None while nothing has been decided."""
    try:
        return await house.get(who, f"/notify/v1/why/{receipt}")
    except Refused as refused:
        if refused.status != _MISSING:
            raise
        return None


async def _grounds(
    house: House, who: Principal, told: Json
) -> dict[tuple[str | None, str | None], Ground | None]:
    applied = {(one.get("agreement"), one.get("agreement_version")) for one in told["decisions"]}
    return {pair: await ground_of(house, who, *pair, None) for pair in applied}
