"""What does one organisation's log say of its calendar? Entries, and closures by themselves.

Every entry says where it came from, who put it there and when, and who confirmed it (ADR 0039).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from contracts.messages import Calendar, Closure
from services.directory.domain.entries import Entry, entries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSet:
    """Without `entries` it was set before there were any: they are those of the calendar."""

    organisation: str
    calendar: Calendar | None
    set_at: datetime
    entries: tuple[Entry, ...] = ()
    source: str = "hand"
    by: str = ""  # an agency, the contact of a person, or the name of an import


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarConfirmed:
    """Somebody has looked at all of it, and it is right."""

    organisation: str
    by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureAnnounced:
    organisation: str
    closure: UUID
    start: date
    end: date
    reason: str
    open: bool
    by: str
    announced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureWithdrawn:
    organisation: str
    closure: UUID
    by: str
    withdrawn_at: datetime


CalendarEvent: TypeAlias = CalendarSet | CalendarConfirmed | ClosureAnnounced | ClosureWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    entry: Entry
    source: str
    by: str
    at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one organisation has said, and of that what still stands."""

    entries: tuple[Kept, ...] = ()
    closures: tuple[ClosureAnnounced, ...] = ()  # as they were announced
    calendar: Calendar | None = None

    def as_closures(self) -> tuple[Closure, ...]:
        return tuple(
            Closure(start=one.start, end=one.end, reason=one.reason, open=one.open)
            for one in self.closures
        )


EMPTY = Layer()


def evolve(layer: Layer, event: CalendarEvent) -> Layer:
    match event:
        case CalendarSet():
            return replace(layer, entries=_kept(layer, event), calendar=event.calendar)
        case CalendarConfirmed():
            entries = tuple(
                replace(one, confirmed_by=event.by, confirmed_at=event.confirmed_at)
                for one in layer.entries
            )
            return replace(layer, entries=entries)
        case ClosureAnnounced():
            return replace(layer, closures=(*_without(layer, event.closure), event))
        case ClosureWithdrawn():
            return replace(layer, closures=_without(layer, event.closure))


def _kept(layer: Layer, event: CalendarSet) -> tuple[Kept, ...]:
    """What was there before and still is keeps its own history."""
    before = {one.entry: one for one in layer.entries}
    return tuple(
        before.get(entry) or Kept(entry=entry, source=event.source, by=event.by, at=event.set_at)
        for entry in event.entries or entries_of(event.calendar)
    )


def _without(layer: Layer, gone: UUID) -> tuple[ClosureAnnounced, ...]:
    return tuple(one for one in layer.closures if one.closure != gone)
