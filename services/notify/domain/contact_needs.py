"""What must an organisation look at in its own contacts, from which day, and why?

Said only of contacts of whom something was said: whoever was never confirmed is not asked about.
The periods are of our design, since no guidance gives them: each term (ADR 0041).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.contacts import Contact
from contracts.messages import Calendar, Organisation
from services.notify.domain.calendars import months_after
from services.notify.domain.localtime import local_day
from services.notify.domain.readers import lapsed, serving
from services.notify.domain.task import Cause

FRESH = timedelta(days=70)  # a half term is not a new term for who confirmed at the start of it
WITHOUT_TERMS, AT_THE_LATEST = 4, 6  # calendar months
UNOPENED_TIMES = 2  # due moments that passed, although a nudge had gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`since` tells one occasion from the next of the same cause."""

    cause: Cause
    contacts: tuple[str, ...]
    since: str


def needs(
    organisation: Organisation,
    day: date,
    dead: Mapping[str, datetime],
    unread: Mapping[str, datetime],
) -> list[Need]:
    """`dead`: contacts whose mailbox refuses mail, since when. `unread`: contacts of whose nudges
    so many came to nothing, since the first of those moments."""
    here = serving(organisation, day)
    asked = {one.id: asked_on(one, organisation.calendar) for one in here}
    said = {one.id: one.confirmation for one in here}
    term = {one: at for one, at in asked.items() if at is not None and at <= day}
    carried = {
        one: word.at
        for one, word in said.items()
        if word is not None and word.state == "to-confirm"
    }
    found = [
        _need(Cause.TO_CONFIRM, carried),
        _need(Cause.NEW_TERM, term),
        _need(Cause.MAILBOX_REFUSES, {one: at for one, at in dead.items() if one in said}),
        _need(Cause.NOBODY_OPENS, {one: at for one, at in unread.items() if one in said}),
        _need(Cause.TRAINING_LAPSED, _trained(here, lapsed(organisation, "education", day))),
    ]
    return [one for one in found if one is not None]


def _trained(here: Iterable[Contact], whose: tuple[str, ...]) -> dict[str, date]:
    return {
        one.id: one.trained_until
        for one in here
        if one.id in whose and one.trained_until is not None
    }


def _need(cause: Cause, contacts: Mapping[str, date]) -> Need | None:
    if not contacts:
        return None
    first = min(contacts.values())
    return Need(cause=cause, contacts=tuple(contacts), since=first.isoformat())


def next_look(organisation: Organisation) -> date | None:
    """The first day on which one of the dates that were said asks for something."""
    days: list[date] = []
    for one in organisation.contacts:
        if (day := asked_on(one, organisation.calendar)) is not None:
            days.append(day)
        if one.confirmation is not None and one.confirmation.state == "to-confirm":
            days.append(local_day(one.confirmation.at))
        if one.trained_until is not None:
            days.append(one.trained_until + timedelta(days=1))
    return min(days, default=None)


def asked_on(contact: Contact, calendar: Calendar | None) -> date | None:
    """The first day of the next term, as the organisation's own calendar has it."""
    said = contact.confirmation
    if said is None or said.state != "confirmed":
        return None
    confirmed = local_day(said.at)
    starts = [term.start for term in calendar.terms] if calendar else []
    coming = min((day for day in starts if day >= confirmed + FRESH), default=None)
    if coming is None:
        return months_after(confirmed, WITHOUT_TERMS)
    return min(coming, months_after(confirmed, AT_THE_LATEST))
