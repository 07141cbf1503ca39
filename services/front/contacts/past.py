"""Who was it on a day, and who changed what since? One page with a day to ask about."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.front.contacts import showing
from services.front.house import House
from services.front.pages import Pages
from services.front.register import Register
from services.front.visitor import Visitor, signed_in

Keeper = Annotated[Visitor, Depends(signed_in("recipient"))]
Json = dict[str, Any]


def add(routes: APIRouter, house: House, pages: Pages) -> None:
    register = Register(house)

    @routes.get("/{organisation}/history")
    async def history(
        request: Request, visitor: Keeper, organisation: str, on: str = ""
    ) -> HTMLResponse:
        who, base = visitor.principal, f"/directory/v1/organisations/{organisation}"
        day = _day(on)
        there: list[Json] = []
        if day is not None:
            there = (await house.get(who, f"{base}/contacts", on=day.isoformat()))["contacts"]
        found = await _all(house, visitor, base)
        names = await register.names(who, {one["agency"] for one in found} | {organisation})
        return await pages.show(
            request,
            "contacts/history.html",
            status=422 if on and day is None else 200,
            organisation=organisation,
            called=names[organisation],
            on=on,
            day=day,
            problem="Enter a date, such as 2026-03-03" if on and day is None else "",
            there=[
                {**one, "name": showing.person(one), "called": showing.ROLES.get(one["role"], "")}
                for one in there
            ],
            changes=showing.changes(found, names),
        )


async def _all(house: House, visitor: Visitor, base: str) -> list[Json]:
    page = await house.get(visitor.principal, f"{base}/history")
    found = list(page["changes"])
    while page["next"] is not None:
        page = await house.get(visitor.principal, f"{base}/history", after=str(page["next"]))
        found += page["changes"]
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
