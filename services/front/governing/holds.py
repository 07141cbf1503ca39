"""What is held for a person to decide: whose is it, by when, and why? And the answer to it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.chassis.principals import Principal
from services.front import labels
from services.front.governing.governor import Governor
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register, agency
from services.front.visitor import Visitor, own_form
from services.front.words import day_and_time, until_due

Json = dict[str, Any]
OUTCOMES = {"disclosed": "Release it", "withheld": "Withhold it"}
DONE = {
    "disclosed": "Released. It goes on its way now, by the same deadlines as any other.",
    "withheld": "Withheld. Nobody is told, and the reason is kept with the hold.",
    "waiting": "Your answer is recorded. Nothing is released until a second person has agreed.",
}
REASON_LENGTH = 4000
_CONFLICT = 409


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/governance/holds", include_in_schema=False)
    register = Register(house)

    async def held(who: Principal) -> list[Json]:
        found = await house.every(who, "/consent/v1/holds", "holds")
        tasks = await house.every(who, "/notify/v1/tasks", "tasks", state="open")
        reviews = {one["decision"]: one for one in tasks if one["kind"] == "review-hold"}
        owners = {one["owner"] for one in reviews.values()}
        names = await register.names(
            who, {agency(one["event"]["source"]) for one in found} | owners
        )
        rows = [_row(one, reviews.get(one["hold_id"]), names, pages) for one in found]
        return sorted(rows, key=lambda one: (one["due_at"] is None, one["due_at"] or ""))

    async def form(
        request: Request, visitor: Visitor, hold: UUID, status: int = 200, **content: Any
    ) -> HTMLResponse:
        rows = await held(visitor.principal)
        one = next((row for row in rows if row["id"] == str(hold)), None)
        if one is None:  # somebody has resolved it, or the sender has corrected it
            gone = 404 if status == 200 else status
            return await pages.show(request, "governance/hold-gone.html", status=gone, **content)
        asked: Json = {"problem": None, "refused": "", "outcome": "", "reason": "", **content}
        return await pages.show(
            request, "governance/hold.html", status=status, one=one, outcomes=OUTCOMES, **asked
        )

    @routes.get("")
    async def every(request: Request, visitor: Governor, done: str = "") -> HTMLResponse:
        rows = await held(visitor.principal)
        said = DONE.get(done, "")
        return await pages.show(request, "governance/holds.html", rows=rows, said=said)

    @routes.get("/{hold}")
    async def one(request: Request, visitor: Governor, hold: UUID) -> HTMLResponse:
        return await form(request, visitor, hold)

    @routes.post("/{hold}", dependencies=[Depends(own_form)])
    async def resolve(
        request: Request,
        visitor: Governor,
        hold: UUID,
        outcome: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
    ) -> Response:
        problem = _problem(outcome, reason)
        if problem:
            told: Json = {"problem": problem, "outcome": outcome, "reason": reason}
            return await form(request, visitor, hold, 422, **told)
        body = {"outcome": outcome, "reason": reason.strip(), "by": visitor.identity.contact}
        try:
            answer = await house.post(visitor.principal, f"/consent/v1/holds/{hold}/resolve", body)
        except Refused as refused:
            if refused.status != _CONFLICT:
                raise
            told = {"refused": refused.title, "outcome": outcome, "reason": reason}
            return await form(request, visitor, hold, _CONFLICT, **told)
        return RedirectResponse(f"/governance/holds?done={_done(answer)}", 303)

    return routes


def _problem(outcome: str, reason: str) -> dict[str, str] | None:
    if outcome not in OUTCOMES:
        return {"at": "outcome", "says": "Select whether it is released or withheld"}
    if not reason.strip():
        return {"at": "reason", "says": "Enter why"}
    if len(reason) > REASON_LENGTH:
        return {
            "at": "reason",
            "says": f"Your reason must be {REASON_LENGTH:,} characters or fewer",
        }
    return None


def _done(answer: Json) -> str:
    """What the service says of it: what it has not done yet waits for somebody else."""
    return str(answer.get("outcome")) if answer.get("outcome") in OUTCOMES else "waiting"


def _row(one: Json, task: Json | None, names: dict[str, str], pages: Pages) -> Json:
    due = task["due"] if task else None
    return {
        "id": one["hold_id"],
        "audience": one["audience"],
        "about": one["about"],
        "type": one["event"]["type"],
        "sender": names[agency(one["event"]["source"])],
        "receipt": one.get("receipt"),
        "because": one["because"],
        "agreement": one["agreement"],
        "version": one["agreement_version"],
        "shows": [labels.label(path) for path in labels.in_order(set(one.get("shows") or ()))],
        "decided_at": one["decided_at"],
        "by_two": one.get("release") == "two-person",
        "proposed_at": (one.get("proposed") or {}).get("at"),
        "owner": names[task["owner"]] if task else "Nobody yet",
        "due_at": due,
        "due": day_and_time(due) if due else "No clock",
        "how_far": until_due(due, pages.clock.now()) if due else "",
        "overdue": bool(task and task["overdue"]),
    }
