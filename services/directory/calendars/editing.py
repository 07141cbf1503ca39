"""How is one day put into a calendar, or taken out? An INSET day, a closure within the hour."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.directory.access import Caller, who
from services.directory.calendars.http import PATH, Json, change
from services.directory.calendars.showing import closure, entry, shown
from services.directory.domain.entries import Entry, EntryKind, Reason
from services.directory.editing import IfMatch
from services.directory.forms import Form, refusal
from services.directory.handles import Directory
from services.directory.streams.calendar_wishes import (
    AnnounceClosure,
    EditCalendar,
    WithdrawClosure,
    closure_id,
)

_LONGEST_CLOSURE = 31  # days; what lasts longer is a term that ends


class EntryForm(Form):
    """Without an end it is one day."""

    kind: EntryKind
    start: date
    end: date | None = None
    name: str = Field(default="", max_length=100)

    def entry(self) -> Entry:
        return Entry(kind=self.kind, start=self.start, end=self.end or self.start, name=self.name)


class ClosureForm(Form):
    """Of every school of who announces it. `open`: here it is open, whatever a wider one says."""

    start: date
    end: date | None = None
    reason: Reason = "other"
    open: bool = False

    def wish(self, by: str) -> AnnounceClosure:
        end = self.end or self.start
        if end < self.start:
            raise refusal("/end", "comes before the first day")
        if (end - self.start).days >= _LONGEST_CLOSURE:
            raise refusal("/end", f"is more than {_LONGEST_CLOSURE} days: that is for the terms")
        return AnnounceClosure(
            start=self.start,
            end=end,
            reason=self.reason,
            open=self.open,
            by=by,
        )


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.post(f"{PATH}/entries")
    async def add(
        principal: Caller,
        organisation: str,
        form: EntryForm,
        response: Response,
        if_match: IfMatch = None,
    ) -> Json:
        if form.end is not None and form.end < form.start:
            raise refusal("/end", "comes before the first day")
        wish = EditCalendar(
            put=(form.entry(),),
            replaces=lambda _: False,
            source="hand",
            by=who(principal),
        )
        known = await change(directory, principal, organisation, response, if_match, wish, "/start")
        one = next(one for one in known.year.entries if _same(one.entry, form.entry()))
        return entry(organisation, one)

    @router.delete(f"{PATH}/entries/{{one}}")
    async def drop(
        principal: Caller,
        organisation: str,
        one: UUID,
        response: Response,
        if_match: IfMatch = None,
    ) -> Json:
        wish = EditCalendar(
            replaces=lambda entry: entry.id_of(organisation) == one,
            source="hand",
            by=who(principal),
        )
        known = await change(directory, principal, organisation, response, if_match, wish)
        return shown(known)

    @router.post(f"{PATH}/closures")
    async def announce(
        principal: Caller,
        organisation: str,
        form: ClosureForm,
        response: Response,
        if_match: IfMatch = None,
    ) -> Json:
        """In force at once: what is unopened becomes due on another day, and is not told again."""
        wish = form.wish(who(principal))
        known = await change(directory, principal, organisation, response, if_match, wish)
        id_ = closure_id(organisation, wish)
        announced = next(one for one in known.year.closures if one.closure == id_)
        return closure(announced)

    @router.delete(f"{PATH}/closures/{{one}}")
    async def withdraw(
        principal: Caller,
        organisation: str,
        one: UUID,
        response: Response,
        if_match: IfMatch = None,
    ) -> Json:
        wish = WithdrawClosure(closure=one, by=who(principal))
        known = await change(directory, principal, organisation, response, if_match, wish)
        return shown(known)

    return router


def _same(one: Entry, other: Entry) -> bool:
    return (one.kind, one.start, one.end) == (other.kind, other.start, other.end)
