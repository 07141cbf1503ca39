"""Where does a school see its year and change it? And a council that of its area's schools."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Path, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.front.calendar import year
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register, people_of
from services.front.visitor import Visitor, own_form, signed_in
from services.front.words import local_day

Keeper = Annotated[Visitor, Depends(signed_in("recipient"))]
Word = Annotated[str, Form(max_length=200)]
Edition = Annotated[int, Form(ge=0)]
Whose = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
One = Annotated[str, Form(pattern=r"^(entries|closures)/[0-9a-f-]{36}$")]
Json = dict[str, Any]
_MOVED, _INVALID = 412, 422
_TOLD_SECOND = (
    "Somebody else has changed this calendar since you opened it. Look at it as it is now, "
    "and say it again."
)


class _Year:
    """One calendar page, as it is now."""

    def __init__(self, house: House, pages: Pages) -> None:
        self.house = house
        self._pages = pages
        self._register = Register(house)

    async def show(
        self, request: Request, visitor: Visitor, whose: str, status: int = 200, **said: Any
    ) -> HTMLResponse:
        who = visitor.principal
        found = await self.house.get(who, address(whose))
        mine = await self._register.organisation(who, whose)
        today = local_day(self._pages.clock.now())
        content: Json = {
            "whose": whose,
            "called": mine.get("name") or whose,
            "area": mine.get("kind") in ("local-authority", "trust"),
            "edition": found["edition"],
            "editable": found["editable"],
            "published": found["own"],
            "rows": year.ranges(found["resolved"]),
            "entries": year.entries(found["layers"][0], people_of([mine])),
            "closures": year.closures(found["layers"], today),
            "reasons": year.REASONS,
            "missing": await self._missing(visitor, mine),
            "problem": "",
            "said": "",
            **said,
        }
        return await self._pages.show(request, "calendar/year.html", status=status, **content)

    async def looked_at(
        self, request: Request, visitor: Visitor, whose: str, text: str, edition: int
    ) -> Response:
        path = f"{address(whose)}/import?dry_run=true"
        look = await self.house.edit(visitor.principal, "POST", path, edition, content=text)
        return await self._pages.show(
            request,
            "calendar/file.html",
            whose=whose,
            look=year.preview(look),
            text=text,
            edition=edition,
        )

    async def refused(
        self, request: Request, visitor: Visitor, whose: str, refused: Refused
    ) -> Response:
        if refused.status == _MOVED:
            return await self.show(request, visitor, whose, _MOVED, problem=_TOLD_SECOND)
        if refused.status != _INVALID:
            raise refused
        found = [f"{one['pointer']} {one['detail']}".strip() for one in refused.errors]
        problem = "; ".join(found) or refused.title
        return await self.show(request, visitor, whose, _INVALID, problem=problem)

    async def _missing(self, visitor: Visitor, mine: Json) -> Json | None:
        """For a council: which schools of its area go by no calendar of their own."""
        if mine.get("kind") != "local-authority" or mine["id"] != visitor.identity.organisation:
            return None
        return await self.house.get(visitor.principal, "/directory/v1/calendars/default")


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/calendar", include_in_schema=False)
    of = _Year(house, pages)

    @routes.get("")
    async def own(request: Request, visitor: Keeper, done: str = "") -> HTMLResponse:
        said = year.DONE.get(done, "")
        return await of.show(request, visitor, visitor.identity.organisation, said=said)

    @routes.get("/{whose}")
    async def one(request: Request, visitor: Keeper, whose: Whose, done: str = "") -> HTMLResponse:
        return await of.show(request, visitor, whose, said=year.DONE.get(done, ""))

    _days(routes, of)
    _files(routes, of)
    return routes


def _days(routes: APIRouter, of: _Year) -> None:
    async def change(
        request: Request,
        visitor: Visitor,
        whose: str,
        edition: int,
        done: str,
        method: str,
        path: str,
        **more: Any,
    ) -> Response:
        try:
            path = f"{address(whose)}/{path}"
            await of.house.edit(visitor.principal, method, path, edition, **more)
        except Refused as refused:
            return await of.refused(request, visitor, whose, refused)
        return RedirectResponse(f"/calendar/{whose}?done={done}", 303)

    @routes.post("/{whose}/days", dependencies=[Depends(own_form)])
    async def day(
        request: Request,
        visitor: Keeper,
        whose: Whose,
        edition: Edition = 0,
        what: Word = "",
        start: Word = "",
        end: Word = "",
        reason: Word = "other",
    ) -> Response:
        if problem := _problem(what, start, end):
            return await of.show(request, visitor, whose, _INVALID, problem=problem)
        days = {"start": start, **({"end": end} if end else {})}
        body: Json = {**days, "reason": reason, "open": what == "open"}
        if what == "inset":
            body = {**days, "kind": "inset"}
        path = "entries" if what == "inset" else "closures"
        return await change(request, visitor, whose, edition, "day", "POST", path, json=body)

    @routes.post("/{whose}/take-back", dependencies=[Depends(own_form)])
    async def take_back(
        request: Request, visitor: Keeper, whose: Whose, one: One, edition: Edition = 0
    ) -> Response:
        """`one`: entries/ID or closures/ID."""
        return await change(request, visitor, whose, edition, "gone", "DELETE", one)

    @routes.post("/{whose}/confirm", dependencies=[Depends(own_form)])
    async def confirm(
        request: Request, visitor: Keeper, whose: Whose, edition: Edition = 0
    ) -> Response:
        return await change(request, visitor, whose, edition, "confirmed", "POST", "confirm")


def _files(routes: APIRouter, of: _Year) -> None:
    @routes.post("/{whose}/file", dependencies=[Depends(own_form)])
    async def look(
        request: Request,
        visitor: Keeper,
        whose: Whose,
        file: Annotated[UploadFile | None, File()] = None,
        edition: Edition = 0,
    ) -> Response:
        raw = await file.read() if file is not None else b""
        if not raw:
            told = "Select a file"
            return await of.show(request, visitor, whose, _INVALID, problem=told)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            told = "The file must be text in UTF-8, iCalendar or CSV"
            return await of.show(request, visitor, whose, _INVALID, problem=told)
        try:
            return await of.looked_at(request, visitor, whose, text, edition)
        except Refused as refused:
            return await of.refused(request, visitor, whose, refused)

    @routes.post("/{whose}/import", dependencies=[Depends(own_form)])
    async def take(
        request: Request,
        visitor: Keeper,
        whose: Whose,
        text: Annotated[str, Form()] = "",
        edition: Edition = 0,
    ) -> Response:
        path = f"{address(whose)}/import"
        try:
            await of.house.edit(visitor.principal, "POST", path, edition, content=text)
        except Refused as refused:
            return await of.refused(request, visitor, whose, refused)
        return RedirectResponse(f"/calendar/{whose}?done=file", 303)


def address(whose: str) -> str:
    return f"/directory/v1/organisations/{whose}/calendar"


def _problem(what: str, start: str, end: str) -> str:
    if what not in ("inset", "closed", "open"):
        return "Select what happens on that day"
    try:
        first = date.fromisoformat(start)
        last = date.fromisoformat(end) if end else first
    except ValueError:
        return "Enter the day as a date"
    return "" if last >= first else "The last day must not come before the first"
