"""When is it open? The routes of an organisation's calendar."""

from typing import Any

from fastapi import APIRouter, Response

from services.directory.access import Caller, Reader
from services.directory.editing import IfMatch, edit, require_editor, show_edition
from services.directory.forms import CalendarForm, not_known
from services.directory.handles import Directory
from services.directory.streams.organisation import Known, Part
from services.directory.streams.organisation_commands import SetCalendar

_PATH = "/organisations/{organisation}/calendar"


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.get(_PATH)
    async def calendar(principal: Reader, organisation: str, response: Response) -> dict[str, Any]:
        return _shown(response, await directory.organisation(organisation))

    @router.put(_PATH)
    async def put(
        principal: Caller,
        organisation: str,
        form: CalendarForm,
        response: Response,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        await require_editor(directory, principal, organisation)
        wish = SetCalendar(calendar=form.calendar())
        known = await edit(directory, principal, organisation, Part.CALENDAR, if_match, wish)
        return _shown(response, known)

    @router.delete(_PATH)
    async def clear(
        principal: Caller, organisation: str, response: Response, if_match: IfMatch = None
    ) -> dict[str, Any]:
        await require_editor(directory, principal, organisation)
        wish = SetCalendar(calendar=None)
        known = await edit(directory, principal, organisation, Part.CALENDAR, if_match, wish)
        return _shown(response, known)

    return router


def _shown(response: Response, known: Known) -> dict[str, Any]:
    show_edition(response, known, Part.CALENDAR)
    return shown(known)


def shown(known: Known) -> dict[str, Any]:
    """In the form in which it is put. `own` says that it is not somebody else's or a default."""
    if known.profile is None:
        raise not_known("organisation")
    calendar = known.calendar
    return {
        "own": calendar is not None,
        "terms": [f"{term.start}/{term.end}" for term in calendar.terms] if calendar else [],
        "inset": [str(day) for day in calendar.inset] if calendar else [],
        "closed": [str(day) for day in calendar.closed] if calendar else [],
    }
