"""How does a reader answer? I have read this, and this is not ours: two forms and their errors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.front import waiting
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.reading import Reading
from services.front.visitor import Visitor, own_form, signed_in
from services.front.vocabulary import NOT_OURS, REACTIONS

Reader = Annotated[Visitor, Depends(signed_in("recipient"))]
NOTE_LENGTH = 4000
_GONE = 410


def router(house: House, pages: Pages, reading: Reading) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.post("/inbox/{notification}/acknowledge", dependencies=[Depends(own_form)])
    async def acknowledge(
        request: Request,
        visitor: Reader,
        notification: str,
        outcome: Annotated[str, Form()] = "",
        note: Annotated[str, Form()] = "",
    ) -> Response:
        problem = _problem(outcome, note)
        if problem:
            return await reading.show(
                request,
                visitor,
                notification,
                status=422,
                problem=problem,
                note=note,
                outcome=outcome,
            )
        body = {"by": visitor.identity.contact, "outcome": outcome}
        if note.strip():
            body["note"] = note.strip()
        try:
            path = f"/notify/v1/inbox/{notification}/acknowledge"
            await house.post(visitor.principal, path, body)
        except Refused as refused:
            return await _closed_or(refused, reading, request, visitor, notification)
        return RedirectResponse("/inbox?done=recorded", 303)

    @routes.get("/inbox/{notification}/acknowledge")
    async def again(visitor: Reader, notification: UUID) -> Response:
        """The address of the form with an error, loaded once more."""
        return RedirectResponse(f"/inbox/{notification}", 303)

    @routes.get("/inbox/{notification}/not-ours")
    async def ask(request: Request, visitor: Reader, notification: str) -> HTMLResponse:
        return await _not_ours(pages, reading, request, visitor, notification, problem=None)

    @routes.post("/inbox/{notification}/not-ours", dependencies=[Depends(own_form)])
    async def not_ours(
        request: Request,
        visitor: Reader,
        notification: str,
        reason: Annotated[str, Form()] = "",
    ) -> Response:
        if reason not in NOT_OURS:
            problem = "Select why it is not yours"
            return await _not_ours(pages, reading, request, visitor, notification, problem=problem)
        body = {"by": visitor.identity.contact, "reason": reason}
        try:
            await house.post(visitor.principal, f"/notify/v1/inbox/{notification}/not-ours", body)
        except Refused as refused:
            return await _closed_or(refused, reading, request, visitor, notification)
        return RedirectResponse(f"/inbox/{notification}", 303)

    return routes


def _problem(outcome: str, note: str) -> dict[str, str] | None:
    """Where on the form, and what to do about it."""
    if outcome not in REACTIONS:
        return {"at": "outcome", "says": "Select what you are doing about it"}
    if len(note) > NOTE_LENGTH:
        return {"at": "note", "says": f"Your note must be {NOTE_LENGTH:,} characters or fewer"}
    return None


async def _not_ours(
    pages: Pages,
    reading: Reading,
    request: Request,
    visitor: Visitor,
    notification: str,
    problem: str | None,
) -> HTMLResponse:
    """Asked without reading it once more: the list is enough to know it by."""
    item = await reading.listed_one(visitor, notification)
    if waiting.is_closed(item):
        return await reading.closed(request, visitor, notification, "")
    return await pages.show(
        request,
        "not-ours.html",
        status=422 if problem else 200,
        notification=notification,
        called=waiting.called(item),
        school=item["audience"] == "education",
        problem=problem,
    )


async def _closed_or(
    refused: Refused, reading: Reading, request: Request, visitor: Visitor, notification: str
) -> HTMLResponse:
    """It was closed between the page and the form; anything else is refused as it comes."""
    if refused.status != _GONE:
        raise refused
    return await reading.closed(request, visitor, notification, refused.title)
