"""May a visitor be the police? A form whose answer goes through intake like any other event."""

import asyncio
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.demo.demonstration import Demonstration
from services.demo.households import Household
from services.demo.incidents import Twist, recorded
from services.demo.telling import CLOUDEVENT
from services.front.pages import Pages
from services.front.visitor import NotForYou, SignedIn, Visitor, own_form

_SHOWN = 12
_AGO = {"now": 0, "hour": 60, "evening": 12 * 60}
_GRADINGS = ("standard", "medium", "high")
_WAITS, _PAUSE = 50, 0.1
Officer = Annotated[Visitor, Depends(SignedIn(frozenset({"publisher"})))]


def router(demonstration: Demonstration, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/demonstration", include_in_schema=False)

    @routes.get("/record")
    async def form(request: Request, officer: Officer) -> HTMLResponse:
        families = _families(demonstration, officer)
        return await pages.show(
            request,
            "demonstration-record.html",
            families=[(one.id, _said(one, demonstration)) for one in families],
            problem=None,
        )

    @routes.post("/record", dependencies=[Depends(own_form)])
    async def record(
        request: Request,
        officer: Officer,
        family: Annotated[str, Form()] = "",
        grading: Annotated[str, Form()] = "",
        when: Annotated[str, Form()] = "now",
    ) -> Response:
        families = {one.id: one for one in _families(demonstration, officer)}
        if family not in families or grading not in _GRADINGS or when not in _AGO:
            return await pages.show(
                request,
                "demonstration-record.html",
                status=422,
                families=[(one.id, _said(one, demonstration)) for one in families.values()],
                problem="Choose a family, a grading and a time",
            )
        force = officer.identity.organisation
        event = _event(demonstration, families[family], grading, _AGO[when], force)
        receipt = await _send(demonstration, event, force)
        return RedirectResponse(f"/events/{receipt}", 303)

    return routes


def _families(demonstration: Demonstration, officer: Visitor) -> list[Household]:
    """Some that live in the area of the visitor's force, those of Alder first."""
    if officer.identity.kind != "police":
        raise NotForYou
    days, households = demonstration.days, demonstration.households
    near = [
        one
        for one in (*days.families, *households.families)
        if one.force == officer.identity.organisation and any(c.roll for c in one.children)
    ]
    return sorted(near, key=lambda one: not _goes_to(one, "alder"))[:_SHOWN]


def _goes_to(family: Household, school: str) -> bool:
    return any(one.id == school for child in family.children for one in child.roll)


def _said(family: Household, demonstration: Demonstration) -> str:
    """Ages and schools: no name is needed to choose by."""
    today = demonstration.area.sunday
    children = [
        f"{(today - one.born).days * 4 // 1461} ({', '.join(on.name for on in one.roll) or 'none'})"
        for one in family.children
    ]
    return f"{family.authority.place}, children of {', '.join(children)}"


def _event(
    demonstration: Demonstration, family: Household, grading: str, minutes: int, force: str
) -> dict[str, Any]:
    now: datetime = demonstration.parts.house.clock.now().replace(microsecond=0)
    event = recorded(
        family,
        when=now - timedelta(minutes=minutes),
        event_id=f"visitor-{token_hex(6)}",
        twist=Twist(grading=grading),
        force=force,
    )
    return {**event, "time": now.isoformat()}


async def _send(demonstration: Demonstration, event: dict[str, Any], force: str) -> UUID:
    """Through the door that every agency uses, and on as soon as it has been decided."""
    request = demonstration.parts.doors.request
    answer = await request(
        "POST", "/notify/v1/events", agency=force, json=event, headers=CLOUDEVENT
    )
    answer.raise_for_status()
    receipt = UUID(answer.json()["accepted"][0]["receipt"])
    demonstration.director.ring()
    for _ in range(_WAITS):
        known = await request("GET", f"/notify/v1/receipts/{receipt}")
        if known.is_success and known.json()["decided_at"]:
            break
        await asyncio.sleep(_PAUSE)
    return receipt
