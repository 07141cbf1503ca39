"""Which pupil may the child be? Candidates beside what was sent, for who must find the school."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import Visitor, own_form, signed_in

Worker = Annotated[Visitor, Depends(signed_in("recipient"))]
Typed = Annotated[str, Form(max_length=200)]
Json = dict[str, Any]
_OVER, _INVALID = (404, 409), 422
_FACTS = {
    "given_name": "Given name",
    "family_name": "Family name",
    "date_of_birth": "Date of birth",
    "postcode": "Postcode",
}
_STANDING = {
    "on-roll": "On the roll today",
    "coming": "On the roll from a later day",
    "left-lately": "Left within the last 30 days",
}


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/tasks", include_in_schema=False)

    async def leave(visitor: Visitor, task: UUID) -> Json:
        body = {"by": visitor.identity.contact}
        return await house.post(visitor.principal, f"/notify/v1/tasks/{task}/look", body)

    async def show(
        request: Request, task: UUID, typed: Json, status: int = 200, **content: Any
    ) -> HTMLResponse:
        told: Json = {"task": task, "typed": typed, "found": None, "problem": None, **content}
        return await pages.show(request, "looking.html", status=status, **told)

    @routes.get("/{task}/look")
    async def form(request: Request, visitor: Worker, task: UUID) -> HTMLResponse:
        try:
            given = await leave(visitor, task)
        except Refused as refused:
            return await _over(request, pages, refused)
        return await show(request, task, _typed(given["child"]))

    @routes.post("/{task}/look", dependencies=[Depends(own_form)])
    async def look(
        request: Request,
        visitor: Worker,
        task: UUID,
        given_name: Typed = "",
        family_name: Typed = "",
        date_of_birth: Typed = "",
        postcode: Typed = "",
    ) -> HTMLResponse:
        typed = {
            "given_name": given_name.strip(),
            "family_name": family_name.strip(),
            "date_of_birth": date_of_birth.strip(),
            "postcode": postcode.strip(),
        }
        problem = _problem(typed)
        if problem is not None:
            return await show(request, task, typed, _INVALID, problem=problem)
        try:
            given = await leave(visitor, task)
            body = {**typed, "date_of_birth": typed["date_of_birth"] or None}
            body["leave"] = given["leave"]
            found = await house.post(visitor.principal, "/directory/v1/pupils/candidates", body)
        except Refused as refused:
            return await _over(request, pages, refused)
        rows = [_row(one, typed) for one in found["candidates"]]
        return await show(request, task, typed, found=rows)

    return routes


async def _over(request: Request, pages: Pages, refused: Refused) -> HTMLResponse:
    if refused.status not in _OVER:
        raise refused
    return await pages.show(request, "task-over.html", status=404)


def _typed(child: Json) -> Json:
    """What the event said, to begin with: its name in two, where people mostly divide it."""
    given, _, family = str(child.get("name", "")).partition(" ")
    return {
        "given_name": given,
        "family_name": family,
        "date_of_birth": child.get("date_of_birth", ""),
        "postcode": "",
    }


def _problem(typed: Json) -> Json | None:
    if not (typed["given_name"] or typed["family_name"]):
        return {"at": "given_name", "says": "Enter a name"}
    if not (typed["date_of_birth"] or typed["postcode"]):
        says = "Enter a date of birth or a postcode: a name alone finds nobody"
        return {"at": "date_of_birth", "says": says}
    if typed["date_of_birth"] and not _is_day(typed["date_of_birth"]):
        return {"at": "date_of_birth", "says": "Enter a date such as 2018-05-01"}
    if len(typed["postcode"]) > 10:
        return {"at": "postcode", "says": "Enter a postcode"}
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _row(one: Json, typed: Json) -> Json:
    school = one["school"]
    return {
        "called": school["name"] or school["id"],
        "urn": school["urn"],
        "standing": _STANDING[one["standing"]],
        "score": one["score"],
        "facts": [
            {
                "called": _FACTS[each["fact"]],
                "sent": typed[each["fact"]] or "Not given",
                "says": each["says"][:1].upper() + each["says"][1:],
                "agrees": each["agrees"],
            }
            for each in one["facts"]
        ],
    }
