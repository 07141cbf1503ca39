"""How does a calendar come as a file, and how does it leave as one? Looked at before it counts."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.chassis.problems import Problem
from services.directory.access import Caller, Reader, who
from services.directory.calendars.http import PATH, Json, change, today
from services.directory.calendars.ical_writing import MEDIA_TYPE, in_force, own_layer
from services.directory.calendars.importing import CSV, ICAL, Plan, plan_of
from services.directory.calendars.resolving import resolve
from services.directory.calendars.showing import shown
from services.directory.domain.reading import Refused
from services.directory.editing import IfMatch, require_editor, show_edition
from services.directory.forms import not_known
from services.directory.handles import Directory
from services.directory.readmodels.queries import by_urn
from services.directory.streams.organisation import Known, Part

IMPORT = f"{PATH}/import"
DryRun = Annotated[bool, Query(description="Say what it would do, and do nothing.")]
_TYPES = {"text/calendar": ICAL, "text/csv": CSV}


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")
    _leaving(router, directory)

    @router.post(IMPORT)
    async def take(
        principal: Caller,
        organisation: str,
        request: Request,
        response: Response,
        dry_run: DryRun = False,
        if_match: IfMatch = None,
    ) -> Json:
        """iCalendar or CSV, as the body or as the part `file` of a form. What cannot be placed is
        listed and left out; a file that contradicts itself is refused whole."""
        await require_editor(directory, principal, organisation)
        known = await _known(directory, organisation)
        text, source = await _sent(request)
        plan = _plan(text, source, known)
        told = plan.shown(known.year)
        if dry_run:
            show_edition(response, known, Part.CALENDAR)
            return {"dry_run": True, **told}
        wish = plan.wish(who(principal))
        after = await change(directory, principal, organisation, response, if_match, wish)
        return {"dry_run": False, **told, "calendar": shown(after)}

    return router


def _leaving(router: APIRouter, directory: Directory) -> None:
    @router.get(f"{PATH}.ics")
    async def layer(principal: Reader, organisation: str) -> Response:
        """What the organisation itself has said: importing it again changes nothing."""
        known = await _known(directory, organisation)
        return Response(own_layer(known), media_type=MEDIA_TYPE)

    @router.get("/schools/{urn}/calendar.ics")
    async def school(principal: Reader, urn: str) -> Response:
        """What is believed of the school, whoever has said it."""
        await directory.book.catch_up()
        found = await by_urn(directory.database, urn)
        if found is None:
            raise not_known("school")
        resolved = await resolve(directory, await _known(directory, found))
        return Response(in_force(resolved, today(directory)), media_type=MEDIA_TYPE)


async def _known(directory: Directory, organisation: str) -> Known:
    known = await directory.organisation(organisation)
    if known.profile is None:
        raise not_known("organisation")
    return known


def _plan(text: str, source: str, known: Known) -> Plan:
    try:
        plan = plan_of(text, source, known)
        plan.check(known.year)
    except Refused as bad:
        errors = [{"pointer": at, "detail": says} for at, says in bad.problems]
        raise Problem(422, "The file cannot be taken as it is", errors) from None
    return plan


async def _sent(request: Request) -> tuple[str, str]:
    """The text, and of which kind it is by its type or, where that says nothing, by its looks."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form() as form:
            part = form.get("file")
            if part is None or isinstance(part, str):
                errors = [{"pointer": "/file", "detail": "is missing"}]
                raise Problem(422, "There is no file", errors)
            raw, kind = await part.read(), (part.content_type or "").partition(";")[0].lower()
    else:
        raw = await request.body()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        errors = [{"pointer": "", "detail": "is not in UTF-8"}]
        raise Problem(422, "The file cannot be taken as it is", errors) from None
    looks = ICAL if text.lstrip().upper().startswith("BEGIN:VCALENDAR") else CSV
    return text, _TYPES.get(kind, looks)
