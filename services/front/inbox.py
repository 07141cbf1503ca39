"""What waits for this school or team?"""

from datetime import datetime
from typing import Annotated, Any

import holidays
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse

from services.front import waiting
from services.front.house import House
from services.front.pages import Pages
from services.front.register import Register
from services.front.schoolday import notes
from services.front.visitor import Visitor, signed_in
from services.front.words import local_day

Reader = Annotated[Visitor, Depends(signed_in("recipient"))]
Json = dict[str, Any]


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    register = Register(house)

    @routes.get("/inbox")
    async def inbox(request: Request, visitor: Reader, done: str = "") -> HTMLResponse:
        now, who = pages.clock.now(), visitor.principal
        found = await house.get(who, "/notify/v1/inbox")
        mine = await register.organisation(who, visitor.identity.organisation)
        council = await register.authority(who, mine.get("local_authority"))
        titles = await _titles(house, who, found["notifications"])
        bank = holidays.country_holidays("GB", subdiv="ENG")
        return await pages.show(
            request,
            "inbox.html",
            inbox=waiting.inbox(found["notifications"], titles, now),
            organisation=mine.get("name") or mine["id"],
            notes=notes(mine, council, local_day(now), bank),
            as_of=found["as_of"],
            quiet=waiting.is_quiet(found["as_of"]["last_decided_at"], now),
            newest=newest(found["notifications"]),
            done=done,
            due_words=lambda item: waiting.due_words(item, now),
            colour=waiting.colour,
        )

    @routes.get("/inbox/new")
    async def new(visitor: Reader, since: str = "") -> JSONResponse:
        """How many have come since: a number, for the script that offers to show them."""
        found = await house.get(visitor.principal, "/notify/v1/inbox")
        return JSONResponse({"new": count_since(found["notifications"], since)})

    return routes


async def _titles(house: House, who: Any, found: list[Json]) -> dict[str, str]:
    """What each agreement is called; asked only where somebody receives under several."""
    if all(one["audience"] == "education" for one in found):
        return {}
    agreements = (await house.get(who, "/consent/v1/agreements"))["agreements"]
    return {one["id"]: one["title"] for one in agreements}


def newest(found: list[Json]) -> str:
    return max((str(one["received_at"]) for one in found), default="")


def count_since(found: list[Json], since: str) -> int:
    try:
        after = datetime.fromisoformat(since) if since else None
    except ValueError:
        return 0
    received = [datetime.fromisoformat(one["received_at"]) for one in found]
    return sum(after is None or one > after for one in received)
