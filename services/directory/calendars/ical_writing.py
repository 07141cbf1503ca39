"""How is a school's year told to a calendar on somebody's desk? As iCalendar (RFC 5545).

Every event is dated by the record: asked for twice, the file is the same.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from services.directory.calendars.ical_file import ONE_OFF
from services.directory.calendars.resolving import Resolved
from services.directory.domain.naming import CALLED
from services.directory.streams.calendar_layer import ClosureAnnounced, Kept
from services.directory.streams.organisation import Known

MEDIA_TYPE = "text/calendar; charset=utf-8"
_CLOSED_BY = {"trust": "Announced by the trust", "authority": "Announced by the local authority"}


def own_layer(known: Known) -> str:
    """What the organisation itself has said, and nothing of any other."""
    events = [_entry(known, one) for one in known.year.entries]
    events += [_closure(one) for one in known.year.closures]
    return _calendar(known, events)


def in_force(resolved: Resolved, today: date) -> str:
    """What is believed of a school: the calendar that still speaks, and every layer's closures."""
    own = resolved.layers[0][1]
    speaking = resolved.speaking(today)
    events = [_entry(speaking, one) for one in speaking.year.entries] if speaking else []
    for name, known in resolved.layers:
        events += [_closure(one, _CLOSED_BY.get(name, "")) for one in known.year.closures]
    return _calendar(own, events)


def _calendar(known: Known, events: Iterable[Event]) -> str:
    calendar = Calendar()
    calendar.add("PRODID", "-//Daybreak//School calendar//EN")
    calendar.add("VERSION", "2.0")
    name = known.profile.name if known.profile else ""
    calendar.add("X-WR-CALNAME", name or known.organisation)
    for event in events:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def _entry(known: Known, one: Kept) -> Event:
    entry = one.entry
    event = _event(entry.id_of(known.organisation), one.at, entry.start, entry.end)
    event.add("SUMMARY", entry.name or CALLED[entry.kind])
    event.add("CATEGORIES", [entry.kind.upper()])
    return event


def _closure(one: ClosureAnnounced, by: str = "") -> Event:
    event = _event(one.closure, one.announced_at, one.start, one.end)
    event.add("SUMMARY", "Open after all" if one.open else f"Closed: {one.reason}")
    event.add("CATEGORIES", ["OPEN" if one.open else "CLOSURE", ONE_OFF])
    if by:
        event.add("DESCRIPTION", by)
    return event


def _event(uid: UUID, at: datetime, start: date, end: date) -> Event:
    event = Event()
    event.add("UID", f"{uid}@daybreak")
    event.add("DTSTAMP", at)
    event.add("DTSTART", start)
    event.add("DTEND", end + timedelta(days=1))  # the day after the last one
    event.add("TRANSP", "TRANSPARENT")
    return event
