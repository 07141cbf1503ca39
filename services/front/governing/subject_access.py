"""Who asks what is held of them? Ruled on field by field, released by another, or refused."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.front.governing.governor import Governor
from services.front.governing.person import FIELDS, NotAsked, person_of, ticked, typed_in
from services.front.governing.ruling import grouped, problem_of, readable
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import Visitor, own_form
from services.front.words import day_and_time, until_due

Json = dict[str, Any]
_PATH = "/consent/v1/rights/subject-access"
_HERE = "/governance/rights/access"
REQUESTERS = {
    "the-person": "The person themselves",
    "parental-responsibility": "Somebody with parental responsibility for a child",
    "solicitor": "A solicitor in the person’s name",
}
STATES = {"open": "Open", "released": "Released", "refused": "Refused"}
DONE = {
    "opened": "The request is recorded, and a task with its clock is open.",
    "ruled": "Your rulings are recorded under your name.",
    "released": "Released. The task is done; the pack can be opened below.",
    "refused": "Refused. The task is done. Tell the person why.",
    "extended": "The time is extended, and the task is due later.",
}
_NOBODY = "Enter a name with date of birth and postcode, an NHS number or a UPN"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def router(house: House, pages: Pages) -> APIRouter:  # noqa: C901 - one function a route
    routes = APIRouter(prefix=_HERE, include_in_schema=False)

    async def form(request: Request, status: int = 200, **content: Any) -> HTMLResponse:
        asked: Json = {"problem": None, "typed": {}, "requesters": REQUESTERS, **content}
        return await pages.show(request, "governance/rights-ask.html", status=status, **asked)

    async def one(
        request: Request, visitor: Visitor, which: UUID, status: int = 200, **content: Any
    ) -> HTMLResponse:
        found = await house.look(visitor.principal, f"{_PATH}/{which}")
        rows = (await house.get(visitor.principal, _PATH))["requests"]
        row = next(each for each in rows if each["id"] == str(which))
        shown: Json = {
            "one": {**found, **clock_of(row, pages)},
            "groups": grouped(found["fields"]),
            "exemptions": found["exemptions"],
            "problem": None,
            "typed": {},
            "said": "",
            **content,
        }
        return await pages.show(request, "governance/rights-request.html", status=status, **shown)

    async def do(
        request: Request, visitor: Visitor, which: UUID, what: str, body: Json
    ) -> Response:
        """Recorded, or the same page with what is wrong and nothing recorded."""
        told = {**body, "by": visitor.identity.contact}
        try:
            await house.post(visitor.principal, f"{_PATH}/{which}/{what}", told)
        except Refused as refused:
            if refused.status not in (409, 422):
                raise
            problem = problem_of(what, refused)
            return await one(request, visitor, which, refused.status, problem=problem, typed=body)
        return RedirectResponse(f"{_HERE}/{which}?done={_WHAT[what]}", 303)

    @routes.get("/new")
    async def ask(request: Request, visitor: Governor) -> HTMLResponse:
        return await form(request)

    @routes.post("/new", dependencies=[Depends(own_form)])
    async def opened(request: Request, visitor: Governor) -> Response:
        typed = await typed_in(request, *FIELDS, "requester", "received_on", "controller")
        try:
            body = {**_asked(typed), "by": visitor.identity.contact}
            made = await house.post(visitor.principal, _PATH, body)
        except NotAsked as wrong:
            return await form(request, 422, typed=typed, problem=wrong.problem)
        except Refused as refused:
            if refused.status != 422:
                raise
            return await form(request, 422, typed=typed, problem=_wrong(refused))
        return RedirectResponse(f"{_HERE}/{made['id']}?done=opened", 303)

    @routes.get("/{which}")
    async def review(
        request: Request, visitor: Governor, which: UUID, done: str = ""
    ) -> HTMLResponse:
        return await one(request, visitor, which, said=DONE.get(done, ""))

    @routes.post("/{which}/{what}", dependencies=[Depends(own_form)])
    async def answer(request: Request, visitor: Governor, which: UUID, what: str) -> Response:
        if what == "pack":
            found = await house.look(visitor.principal, f"{_PATH}/{which}/pack")
            return await pages.show(
                request, "governance/rights-pack.html", which=which, cases=readable(found)
            )
        typed = await typed_in(request, "decision", "exemption", "reason", "told_on")
        paths = await ticked(request, "path")
        try:
            body = _body(what, typed, paths)
        except NotAsked as wrong:
            return await one(request, visitor, which, 422, problem=wrong.problem, typed=typed)
        return await do(request, visitor, which, what, body)

    return routes


_WHAT = {"rulings": "ruled", "release": "released", "extend": "extended", "refuse": "refused"}


def clock_of(row: Json, pages: Pages) -> Json:
    return {
        "state": row["state"],
        "state_words": STATES[row["state"]],
        "requester_words": REQUESTERS[row["requester"]],
        "due_words": day_and_time(row["due"]),
        "how_far": until_due(row["due"], pages.clock.now()) if row["state"] == "open" else "",
        "overdue": row["overdue"],
    }


def _asked(typed: Mapping[str, str]) -> Json:
    person = person_of(typed, _NOBODY)
    if typed["requester"] not in REQUESTERS:
        raise NotAsked("requester", "Select who is asking")
    if not _DAY.fullmatch(typed["received_on"]):
        raise NotAsked("received_on", "Enter the day as year, month and day, like 2026-11-02")
    body: Json = {"person": person, **{k: typed[k] for k in ("requester", "received_on")}}
    return {**body, "controller": typed["controller"]}


def _wrong(refused: Refused) -> Json:
    pointers = [str(one.get("pointer", "")) for one in refused.errors]
    at = "received_on" if "/received_on" in pointers else "given_name"
    says = "Enter a day that has come" if at == "received_on" else refused.title
    return {"at": at, "says": says}


def _body(what: str, typed: Mapping[str, str], paths: list[str]) -> Json:
    """Raises NotAsked."""
    match what:
        case "rulings":
            if not paths:
                raise NotAsked("path", "Select at least one field")
            if typed["decision"] not in ("release", "redact"):
                raise NotAsked("decision", "Select whether they are released or redacted")
            exemption = typed["exemption"] or None
            if (typed["decision"] == "redact") != (exemption is not None):
                raise NotAsked("exemption", "A redaction relies on an exemption, a release on none")
            ruling = {"decision": typed["decision"], "exemption": exemption}
            return {"rulings": [{"path": path, **ruling} for path in paths]}
        case "release":
            return {}
        case "extend" | "refuse" if not typed["reason"]:
            raise NotAsked(f"{what}-reason", "Enter the reason that the person is told")
        case "extend" if not _DAY.fullmatch(typed["told_on"]):
            raise NotAsked("told_on", "Enter the day on which the person was told")
        case "extend":
            return {"told_on": typed["told_on"], "reason": typed["reason"]}
        case "refuse":
            return {"reason": typed["reason"]}
        case _:
            raise Refused(404, "")
