"""Who uses a right, and what became of it? The list, the person's own words, and erasure."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.front.governing import subject_access
from services.front.governing.governor import Governor
from services.front.governing.person import FIELDS, NotAsked, person_of, typed_in
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import own_form

Json = dict[str, Any]
_PATH = "/consent/v1/rights"
_NOBODY = "Enter a name with date of birth and postcode, an NHS number or a UPN"
_AT = {"/person": "given_name", "/received_on": "received_on", "/statement": "statement"}


def router(house: House, pages: Pages) -> APIRouter:  # noqa: C901 - one function a route
    routes = APIRouter(prefix="/governance/rights", include_in_schema=False)

    @routes.get("")
    async def start(request: Request, visitor: Governor) -> HTMLResponse:
        who = visitor.principal
        asked = (await house.get(who, f"{_PATH}/subject-access"))["requests"]
        erasing = (await house.get(who, f"{_PATH}/erasure-requests"))["requests"]
        rows = [{**one, **subject_access.clock_of(one, pages)} for one in asked]
        rows.sort(key=lambda one: (one["state"] != "open", one["due"], one["id"]))
        return await pages.show(request, "governance/rights.html", rows=rows, erasing=erasing)

    async def form(
        request: Request, template: str, status: int = 200, **content: Any
    ) -> HTMLResponse:
        asked: Json = {"problem": None, "typed": {}, "said": "", "answer": None, **content}
        return await pages.show(request, f"governance/{template}", status=status, **asked)

    @routes.get("/annotations")
    async def statement(request: Request, visitor: Governor, done: str = "") -> HTMLResponse:
        said = "Their words stand beside it now." if done == "yes" else ""
        return await form(request, "rights-annotation.html", said=said)

    @routes.post("/annotations", dependencies=[Depends(own_form)])
    async def attach(request: Request, visitor: Governor) -> Response:
        typed = await typed_in(request, *FIELDS, "event", "statement", "received_on")
        try:
            for name, says in (
                ("event", "Enter the event, as its source and id"),
                ("statement", "Enter what the person says"),
                ("received_on", "Enter the day on which they said so"),
            ):
                if not typed[name]:
                    raise NotAsked(name, says)
            body: Json = {name: typed[name] for name in ("event", "statement", "received_on")}
            body |= {"person": person_of(typed, _NOBODY), "by": visitor.identity.contact}
            await house.post(visitor.principal, f"{_PATH}/annotations", body)
        except NotAsked as wrong:
            told: Json = {"typed": typed, "problem": wrong.problem}
            return await form(request, "rights-annotation.html", 422, **told)
        except Refused as refused:
            if refused.status not in (404, 410, 422):
                raise
            told = {"typed": typed, "problem": _problem(refused, "event")}
            return await form(request, "rights-annotation.html", refused.status, **told)
        return RedirectResponse("/governance/rights/annotations?done=yes", 303)

    @routes.get("/erasure")
    async def erasure(request: Request, visitor: Governor) -> HTMLResponse:
        return await form(request, "rights-erasure.html")

    @routes.post("/erasure", dependencies=[Depends(own_form)])
    async def ask(request: Request, visitor: Governor) -> HTMLResponse:
        typed = await typed_in(request, *FIELDS, "received_on")
        try:
            if not typed["received_on"]:
                raise NotAsked("received_on", "Enter the day on which they asked")
            body: Json = {"received_on": typed["received_on"], "by": visitor.identity.contact}
            body["person"] = person_of(typed, _NOBODY)
            answer = await house.post(visitor.principal, f"{_PATH}/erasure-requests", body)
        except NotAsked as wrong:
            told: Json = {"typed": typed, "problem": wrong.problem}
            return await form(request, "rights-erasure.html", 422, **told)
        except Refused as refused:
            if refused.status != 422:
                raise
            told = {"typed": typed, "problem": _problem(refused, "given_name")}
            return await form(request, "rights-erasure.html", 422, **told)
        return await form(request, "rights-erasure.html", answer=answer)

    return routes


def _problem(refused: Refused, otherwise: str) -> Json:
    """In the words of the service, which name nobody."""
    for one in refused.errors:
        at = _AT.get("/" + str(one.get("pointer", "")).strip("/").split("/")[0])
        if at:
            return {"at": at, "says": str(one.get("detail") or refused.title)}
    return {"at": otherwise, "says": refused.title}
