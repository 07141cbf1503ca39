"""What must somebody of this organisation do, by when? The list, one task, and that it is done."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.chassis.principals import Principal
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register
from services.front.visitor import Visitor, own_form, signed_in
from services.front.vocabulary import FOR_THE_SENDER, TASKS, TO_DO, cause, word
from services.front.words import near, until_due

Worker = Annotated[Visitor, Depends(signed_in("recipient"))]
Looker = Annotated[Visitor, Depends(signed_in("recipient", "information-governance"))]
Json = dict[str, Any]
_SCHOOL, _HOLD, _ACCESS = "resolve-school", "review-hold", "answer-subject-access"
_NOT_TICKED_OFF = (_HOLD, _ACCESS)  # what they are about is answered, and they are done with it
_NOT_FOUND, _CONFLICT, _INVALID = 404, 409, 422


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/tasks", include_in_schema=False)
    register = Register(house)

    async def open_ones(who: Principal) -> list[Json]:
        """The overdue first, then by their due moments."""
        every = await house.every(who, "/notify/v1/tasks", "tasks", state="open")
        found = [one for one in every if _is_theirs(one, who)]
        found.sort(key=lambda one: (not one["overdue"], one["due"], one["id"]))
        return [_row(one, who, pages.clock.now()) for one in found]

    async def form(
        request: Request, visitor: Visitor, task: UUID, status: int = 200, **content: Any
    ) -> HTMLResponse:
        ones = await open_ones(visitor.principal)
        one = next((one for one in ones if one["id"] == str(task)), None)
        if one is None:
            return await pages.show(request, "task-over.html", status=max(status, _NOT_FOUND))
        whose = {one["owner"], one["escalated_to"] or one["owner"]}
        names = await register.names(visitor.principal, whose)
        passed_on = names[one["escalated_to"]] if one["escalated_to"] else ""
        told: Json = {
            "one": one,
            "owner": names[one["owner"]],
            "passed_on": passed_on,
            "problem": "",
            "urn": "",
            **content,
        }
        return await pages.show(request, "task.html", status=status, **told)

    @routes.get("")
    async def every(request: Request, visitor: Looker, done: str = "") -> HTMLResponse:
        rows = await open_ones(visitor.principal)
        return await pages.show(request, "tasks.html", rows=rows, done=done == "yes")

    @routes.get("/{task}")
    async def one(request: Request, visitor: Looker, task: UUID) -> HTMLResponse:
        return await form(request, visitor, task)

    @routes.post("/{task}", dependencies=[Depends(own_form)])
    async def done(
        request: Request, visitor: Worker, task: UUID, urn: Annotated[str, Form()] = ""
    ) -> Response:
        body = {"by": visitor.identity.contact}
        try:
            if urn.strip():
                body["organisation"] = await _with_urn(house, visitor.principal, urn.strip())
            await house.post(visitor.principal, f"/notify/v1/tasks/{task}/done", body)
        except Refused as refused:
            if refused.status not in (_NOT_FOUND, _CONFLICT, _INVALID):
                raise
            problem = _problem(refused, urn.strip())
            status = _INVALID if problem else _NOT_FOUND
            return await form(request, visitor, task, status, problem=problem, urn=urn)
        return RedirectResponse("/tasks?done=yes", 303)

    return routes


def _is_theirs(one: Json, who: Principal) -> bool:
    """Who governs the sharing sees every task, and has only these to do."""
    return "recipient" in who.roles or one["kind"] == _ACCESS or one["owner"] == who.agency


def _row(one: Json, who: Principal, now: datetime) -> Json:
    return {
        **one,
        "called": word(TASKS)(one["kind"]),
        "to_do": TO_DO.get(one["kind"], ""),
        "due_words": near(one["due"], now),
        "how_far": until_due(one["due"], now),
        "link": _link(one, who),
        "why": cause(one["why"]),
        "is_done_here": one["kind"] not in _NOT_TICKED_OFF,
        "asks_school": one["kind"] == _SCHOOL,
    }


def _problem(refused: Refused, urn: str) -> str:
    """What to do about it; nothing where the task itself is not there any more."""
    if urn and refused.status != _CONFLICT:
        return "Enter the number (URN) of a school or college that is open"
    return refused.title if refused.status != _NOT_FOUND else ""


async def _with_urn(house: House, who: Principal, urn: str) -> str:
    """Raises Refused where it is no number of a school that is known."""
    if not (urn.isascii() and urn.isdecimal()):
        raise Refused(_INVALID, "")
    return str((await house.get(who, f"/directory/v1/schools/{urn}"))["id"])


def _link(task: Json, who: Principal) -> Json | None:
    """Where to read what it is about: the notification for who got it, the event for who sent."""
    if task["kind"] == _ACCESS and "information-governance" in who.roles:
        return {"to": f"/governance/rights/access/{task['id']}", "text": "The request"}
    if task["notification"] and task["kind"] == "confirm-deletion":
        return {"to": f"/inbox/{task['notification']}", "text": "The notification"}
    if task["receipt"] and task["kind"] in FOR_THE_SENDER:
        return {"to": f"/events/{task['receipt']}", "text": "What became of the event"}
    return None
