"""Who saw what of this person? A search that is posted, never linked to, and itself recorded."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.chassis.principals import Principal
from services.front import labels
from services.front.governing.governor import Governor
from services.front.governing.person import FIELDS, NotAsked, person_of, typed_in
from services.front.happenings import happening, newest_first
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register, agency, names_of, people_of
from services.front.visitor import Visitor, own_form
from services.front.words import day_and_time

Json = dict[str, Any]
_NOBODY = (
    "Enter a name with date of birth and postcode, an NHS number, a UPN, a reference or a receipt"
)
_RECEIPT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOST = 500
_OUTCOMES = {"disclosed": "Told", "withheld": "Not told", "held": "Held for a person"}


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/governance/access", include_in_schema=False)
    register = Register(house)

    async def form(request: Request, status: int = 200, **content: Any) -> HTMLResponse:
        asked: Json = {"problem": None, "typed": {}, **content}
        return await pages.show(request, "governance/access.html", status=status, **asked)

    @routes.get("")
    async def ask(request: Request, visitor: Governor) -> HTMLResponse:
        return await form(request)

    @routes.post("", dependencies=[Depends(own_form)])
    async def search(request: Request, visitor: Governor) -> HTMLResponse:
        typed = await typed_in(request, *FIELDS, "reference", "reason")
        try:
            body = await _asked(house, visitor, typed)
            found = await house.post(visitor.principal, "/consent/v1/access-search", body)
        except NotAsked as wrong:
            return await form(request, 422, typed=typed, problem=wrong.problem)
        except Refused as refused:
            if refused.status != 422:
                raise
            problem = {"at": "given_name", "says": refused.title}
            return await form(request, 422, typed=typed, problem=problem)
        told = await _told(house, visitor.principal, found, body)
        content = await _answer(register, visitor.principal, found, told)
        return await pages.show(request, "governance/access-answer.html", **content)

    return routes


async def _asked(house: House, visitor: Visitor, typed: Mapping[str, str]) -> Json:
    """What consent is asked: the form as one person, one reference or one event."""
    if not typed["reason"]:
        raise NotAsked("reason", "Enter why you are asking")
    body: Json = {"reason": typed["reason"], "by": visitor.identity.contact}
    if _RECEIPT.fullmatch(typed["reference"].lower()):
        return {**body, "event": await _event(house, visitor.principal, typed["reference"].lower())}
    if typed["reference"]:
        return {**body, "reference": typed["reference"]}
    return {**body, "person": person_of(typed, _NOBODY)}


async def _event(house: House, who: Principal, receipt: str) -> str:
    try:
        found = await house.get(who, f"/notify/v1/receipts/{receipt}")
    except Refused as refused:
        if refused.status != 404:
            raise
        raise NotAsked("reference", "There is no such receipt") from None
    return f"{found['source']}|{found['id']}"


async def _told(house: House, who: Principal, found: Json, body: Json) -> list[Json]:
    """Asked also where nothing was found, so that both services know of the search."""
    asked = {
        "search": found["search"],
        "cases": found["cases"][:_MOST],
        "reason": body["reason"],
        "by": body["by"],
    }
    return list((await house.post(who, "/notify/v1/access-search", asked))["notifications"])


async def _answer(register: Register, who: Principal, found: Json, told: list[Json]) -> Json:
    decisions = found["decisions"]
    ids = {one["organisation"] for one in told} | {agency(one["source"]) for one in decisions}
    ids |= {one["diverted_to"] for one in told if one.get("diverted_to")}
    known = await register.organisations(who, ids)
    names, people = names_of(known.values()), people_of(known.values())
    about = {one["decision"]: one["about_them"] for one in decisions}
    return {
        "saw": [_saw(one, about, names, people) for one in reversed(told)],
        "decisions": [_decision(one, names) for one in reversed(decisions)],
        "searches": list(reversed(found["earlier_searches"])),
        "cut": max(0, len(found["cases"]) - _MOST),
    }


def _saw(one: Json, about: Mapping[str, Any], names: Json, people: dict[str, str]) -> Json:
    steps = [happening(step, people) for step in one["steps"]]
    opened = [step["at"] for step in one["steps"] if step["what"] == "opened"]
    reader = one["diverted_to"] or one["organisation"]
    return {
        "who": names.get(reader, reader),
        "audience": one["audience"],
        "about": one["about"],
        "about_them": about.get(one["decision"]),
        "receipt": one["receipt"],
        "opened": f"First opened {day_and_time(opened[0])}" if opened else "Not opened",
        "was_opened": bool(opened),
        "shows": [labels.label(path) for path in labels.in_order(set(one["shows"]))],
        "happenings": newest_first(steps),
    }


def _decision(one: Json, names: Mapping[str, str]) -> Json:
    said = _OUTCOMES[one["outcome"]]
    return {**one, "said": said, "sender": names.get(agency(one["source"]), one["source"])}
