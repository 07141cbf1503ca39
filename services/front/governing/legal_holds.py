"""What must not be destroyed yet, until which review, and who says so? Put, reviewed and lifted."""

import re
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.front.governing.governor import Governor
from services.front.governing.person import FIELDS, NotAsked, person_of, typed_in
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import Visitor, own_form

Json = dict[str, Any]
_PATH = "/consent/v1/legal-holds"
_HERE = "/governance/legal-holds"
_NOBODY = "Enter a case, or a name with date of birth and postcode, an NHS number or a UPN"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CASE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DONE = {
    "placed": "The legal hold stands from now on.",
    "kept": "The legal hold is reviewed and stands.",
    "lifted": "The legal hold is lifted. What is due by now is destroyed at the next run.",
}


def router(house: House, pages: Pages) -> APIRouter:  # noqa: C901 - one function a route
    routes = APIRouter(prefix=_HERE, include_in_schema=False)

    async def standing(visitor: Visitor) -> list[Json]:
        found = await house.get(visitor.principal, _PATH)
        return list(found["legal_holds"])

    async def form(
        request: Request, visitor: Visitor, status: int = 200, **content: Any
    ) -> HTMLResponse:
        asked: Json = {"problem": None, "typed": {}, "said": "", **content}
        rows = await standing(visitor)
        return await pages.show(
            request, "governance/legal-holds.html", status=status, rows=rows, **asked
        )

    async def one(
        request: Request, visitor: Visitor, hold: UUID, status: int = 200, **content: Any
    ) -> HTMLResponse:
        found = [each for each in await standing(visitor) if each["id"] == str(hold)]
        if not found:
            return await pages.show(request, "governance/legal-hold-gone.html", status=404)
        asked: Json = {"problem": None, "typed": {}, **content}
        return await pages.show(
            request, "governance/legal-hold.html", status=status, one=found[0], **asked
        )

    @routes.get("")
    async def every(request: Request, visitor: Governor, done: str = "") -> HTMLResponse:
        return await form(request, visitor, said=DONE.get(done, ""))

    @routes.post("", dependencies=[Depends(own_form)])
    async def place(request: Request, visitor: Governor) -> Response:
        typed = await typed_in(request, *FIELDS, "case", "reason", "review_on")
        try:
            body = {**_on(typed), **_until(typed), "by": visitor.identity.contact}
            await house.put(visitor.principal, f"{_PATH}/{uuid4()}", body)
        except NotAsked as wrong:
            return await form(request, visitor, 422, typed=typed, problem=wrong.problem)
        except Refused as refused:
            if refused.status != 422:
                raise
            return await form(request, visitor, 422, typed=typed, problem=_problem(refused))
        return RedirectResponse(f"{_HERE}?done=placed", 303)

    @routes.get("/{hold}")
    async def look(request: Request, visitor: Governor, hold: UUID) -> HTMLResponse:
        return await one(request, visitor, hold)

    @routes.post("/{hold}/lift", dependencies=[Depends(own_form)])
    async def lift(request: Request, visitor: Governor, hold: UUID) -> Response:
        typed = await typed_in(request, "lift_reason")
        if not typed["lift_reason"]:
            problem = {"at": "lift_reason", "says": "Enter why it is lifted"}
            return await one(request, visitor, hold, 422, typed=typed, problem=problem)
        body = {"reason": typed["lift_reason"], "by": visitor.identity.contact}
        try:
            await house.delete(visitor.principal, f"{_PATH}/{hold}", body)
        except Refused as refused:
            if refused.status != 404:
                raise
            return await one(request, visitor, hold)
        return RedirectResponse(f"{_HERE}?done=lifted", 303)

    @routes.post("/{hold}/review", dependencies=[Depends(own_form)])
    async def review(request: Request, visitor: Governor, hold: UUID) -> Response:
        """Placed again on the same, with another day and reason."""
        typed = await typed_in(request, "reason", "review_on")
        known = next((each for each in await standing(visitor) if each["id"] == str(hold)), None)
        if known is None:
            return await one(request, visitor, hold)
        on = {"case": known["case"]} if known["case"] else {"person": known["person"]}
        try:
            body = {**on, **_until(typed), "by": visitor.identity.contact}
            await house.put(visitor.principal, f"{_PATH}/{hold}", body)
        except NotAsked as wrong:
            return await one(request, visitor, hold, 422, typed=typed, problem=wrong.problem)
        except Refused as refused:
            if refused.status != 422:
                raise
            return await one(request, visitor, hold, 422, typed=typed, problem=_problem(refused))
        return RedirectResponse(f"{_HERE}?done=kept", 303)

    return routes


def _on(typed: dict[str, str]) -> Json:
    case = typed["case"].lower()
    if not case:
        return {"person": person_of(typed, _NOBODY)}
    if not _CASE.fullmatch(case):
        raise NotAsked("case", "Enter the case as it stands in an access search")
    return {"case": case}


def _until(typed: dict[str, str]) -> Json:
    if not typed["reason"]:
        raise NotAsked("reason", "Enter why nothing of it may be destroyed")
    if not _DAY.fullmatch(typed["review_on"]):
        raise NotAsked("review_on", "Enter the day of the review, for example 2026-11-02")
    return {"reason": typed["reason"], "review_on": typed["review_on"]}


def _problem(refused: Refused) -> Json:
    at = {"/review_on": "review_on", "/reason": "reason"}
    for one in refused.errors:
        if one.get("pointer") in at:
            return {"at": at[one["pointer"]], "says": str(one["detail"])}
    return {"at": "given_name", "says": refused.title}
