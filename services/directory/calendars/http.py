"""When is it open? The routes of an organisation's calendar: its layer, and what all come to."""

from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from services.chassis.principals import Principal
from services.directory.access import Caller, Reader, who
from services.directory.calendars.resolving import resolve
from services.directory.calendars.showing import shown, shown_whole
from services.directory.domain.calendars import BadCalendar
from services.directory.editing import IfMatch, edit, may_edit, require_editor, show_edition
from services.directory.forms import CalendarForm, not_known, refusal
from services.directory.handles import Directory
from services.directory.streams.calendar_wishes import CalendarWish, ConfirmCalendar, SetCalendar
from services.directory.streams.organisation import Known, Part

Json = dict[str, Any]
PATH = "/organisations/{organisation}/calendar"
LOCAL = ZoneInfo("Europe/London")
_LONGEST = 800  # days that are resolved in one answer


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")
    _reading(router, directory)

    @router.put(PATH)
    async def put(
        principal: Caller,
        organisation: str,
        form: CalendarForm,
        response: Response,
        if_match: IfMatch = None,
    ) -> Json:
        await require_editor(directory, principal, organisation)
        wish = SetCalendar(calendar=form.calendar(), by=who(principal))
        return shown(await change(directory, principal, organisation, response, if_match, wish))

    @router.delete(PATH)
    async def clear(
        principal: Caller, organisation: str, response: Response, if_match: IfMatch = None
    ) -> Json:
        wish = SetCalendar(calendar=None, by=who(principal))
        return shown(await change(directory, principal, organisation, response, if_match, wish))

    @router.post(f"{PATH}/confirm")
    async def confirm(
        principal: Caller, organisation: str, response: Response, if_match: IfMatch = None
    ) -> Json:
        """Somebody has looked at all of it, and it is right."""
        wish = ConfirmCalendar(by=who(principal))
        return shown(await change(directory, principal, organisation, response, if_match, wish))

    return router


def _reading(router: APIRouter, directory: Directory) -> None:
    @router.get(PATH)
    async def calendar(
        principal: Reader,
        organisation: str,
        response: Response,
        on: date | None = None,
        first: Annotated[date | None, Query(alias="from")] = None,
        last: Annotated[date | None, Query(alias="to")] = None,
    ) -> Json:
        known = await directory.organisation(organisation)
        if known.profile is None:
            raise not_known("organisation")
        if first and last and not 0 <= (last - first).days <= _LONGEST:
            raise refusal("/to", f"is not within {_LONGEST} days of the first")
        show_edition(response, known, Part.CALENDAR)
        resolved = await resolve(directory, known)
        told = shown_whole(resolved, today(directory), first, last)
        told["editable"] = await may_edit(directory, principal, organisation)
        return told | ({"on": resolved.on(on)} if on is not None else {})


async def change(
    directory: Directory,
    principal: Principal,
    organisation: str,
    response: Response,
    if_match: str | None,
    wish: CalendarWish,
    at: str | None = None,
) -> Known:
    """Raises Problem: not one's own, not known, changed meanwhile, or it cannot be taken; then it
    points to `at` where that is given."""
    await require_editor(directory, principal, organisation)
    try:
        known = await edit(directory, principal, organisation, Part.CALENDAR, if_match, wish)
    except BadCalendar as bad:
        raise refusal(bad.where if at is None else at, bad.says) from None
    show_edition(response, known, Part.CALENDAR)
    return known


def today(directory: Directory) -> date:
    return directory.clock.now().astimezone(LOCAL).date()
