"""What waits for this school or team, and what has it received?"""

import asyncio
from datetime import datetime
from typing import Annotated, Any

import holidays
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse

from services.chassis.principals import Principal
from services.front import waiting
from services.front.house import House
from services.front.pages import Pages
from services.front.register import Register
from services.front.schoolday import notes
from services.front.visitor import Visitor, signed_in
from services.front.words import local_day

Reader = Annotated[Visitor, Depends(signed_in("recipient"))]
Json = dict[str, Any]
_LIST = "/notify/v1/inbox"
_CLOSED = ("not-ours", "withdrawn", "superseded")
_SHOWN = "50"  # on a page; so many unanswered ones nobody should have
_NEWEST = "200"


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    register = Register(house)

    @routes.get("/inbox")
    async def inbox(request: Request, visitor: Reader, done: str = "") -> HTMLResponse:
        now, who = pages.clock.now(), visitor.principal
        found, as_of = await _today(house, who)
        mine = await register.organisation(who, visitor.identity.organisation)
        council = await register.authority(who, mine.get("local_authority"))
        trust = await register.organisation(who, mine["trust"]) if mine.get("trust") else None
        titles = await _titles(house, who, found)
        bank = holidays.country_holidays("GB", subdiv="ENG")
        return await pages.show(
            request,
            "inbox.html",
            inbox=waiting.inbox(found, titles, now),
            organisation=mine.get("name") or mine["id"],
            notes=notes(mine, council, local_day(now), bank, trust),
            as_of=as_of,
            quiet=waiting.is_quiet(as_of["last_decided_at"], now),
            newest=newest(found),
            done=done,
            due_words=lambda item: waiting.due_words(item, now),
            colour=waiting.colour,
        )

    @routes.get("/inbox/new")
    async def new(visitor: Reader, since: str = "") -> JSONResponse:
        """How many have come since: a number, for the script that offers to show them."""
        found = await house.get(visitor.principal, _LIST, limit=_NEWEST)
        return JSONResponse({"new": count_since(found["notifications"], since)})

    @routes.get("/inbox/all")
    async def everything(
        request: Request, visitor: Reader, after: str = "", before: str = ""
    ) -> HTMLResponse:
        place = {"after": after} if after else {"before": before} if before else {}
        who = visitor.principal
        found = await house.get(who, _LIST, limit=_SHOWN, **place)
        titles = await _titles(house, who, found["notifications"])
        return await pages.show(
            request,
            "inbox-all.html",
            items=waiting.items(found["notifications"], titles),
            next=found["next"],
            previous=found["previous"],
            first=not place,
            colour=waiting.colour,
        )

    return routes


async def _today(house: House, who: Principal) -> tuple[list[Json], Json]:
    """All that nobody has read, and the newest of what was read, recorded or closed."""
    unread, *read = await asyncio.gather(
        house.every(who, _LIST, "notifications", state=waiting.UNREAD),
        house.get(who, _LIST, state="opened", limit=_NEWEST),
        house.get(who, _LIST, state="acknowledged", limit=_SHOWN),
        house.get(who, _LIST, state=_CLOSED, limit=_NEWEST),
    )
    return [*unread, *(one for page in read for one in page["notifications"])], read[0]["as_of"]


async def _titles(house: House, who: Principal, found: list[Json]) -> dict[str, str]:
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
