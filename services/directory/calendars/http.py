"""When is it open? The routes of an organisation's calendar."""

from typing import Any

from fastapi import APIRouter

from services.directory.access import Caller, Reader, require_own
from services.directory.forms import CalendarForm, not_known
from services.directory.handles import Directory
from services.directory.streams.organisation import Known
from services.directory.streams.organisation_commands import OrganisationUnknown, SetCalendar

_PATH = "/organisations/{organisation}/calendar"


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.get(_PATH)
    async def calendar(principal: Reader, organisation: str) -> dict[str, Any]:
        return shown(await directory.organisation(organisation))

    @router.put(_PATH)
    async def put(principal: Caller, organisation: str, form: CalendarForm) -> dict[str, Any]:
        require_own(principal, organisation)
        wish = SetCalendar(calendar=form.calendar())
        try:
            await directory.change(organisation, wish, actor=principal.agency)
        except OrganisationUnknown:
            raise not_known("organisation") from None
        return shown(await directory.organisation(organisation))

    @router.delete(_PATH)
    async def clear(principal: Caller, organisation: str) -> dict[str, Any]:
        require_own(principal, organisation)
        try:
            await directory.change(organisation, SetCalendar(calendar=None), actor=principal.agency)
        except OrganisationUnknown:
            raise not_known("organisation") from None
        return shown(await directory.organisation(organisation))

    return router


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
