"""What may be asked of a calendar, and what follows? Asking twice changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.messages import Calendar
from services.directory.domain.entries import Entry, calendar_from, entries_of, in_order
from services.directory.streams.calendar_layer import (
    CalendarConfirmed,
    CalendarEvent,
    CalendarSet,
    ClosureAnnounced,
    ClosureWithdrawn,
    Layer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCalendar:
    """In place of the former one; None: it has none of its own any more."""

    calendar: Calendar | None
    source: str = "hand"
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCalendar:
    """Takes away the entries that `replaces` names and puts these in. Raises BadCalendar."""

    put: tuple[Entry, ...] = ()
    replaces: Callable[[Entry], bool]
    source: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCalendar:
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceClosure:
    start: date
    end: date
    reason: str
    open: bool = False
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawClosure:
    closure: UUID
    by: str


CalendarWish: TypeAlias = (
    SetCalendar | EditCalendar | ConfirmCalendar | AnnounceClosure | WithdrawClosure
)


def decide(
    wish: CalendarWish, layer: Layer, organisation: str, at: datetime
) -> Sequence[CalendarEvent]:
    """Raises BadCalendar."""
    match wish:
        case SetCalendar():
            entries = entries_of(wish.calendar)
            if layer.calendar == wish.calendar:
                return ()
            return (_set(wish, wish.calendar, entries, organisation, at),)
        case EditCalendar():
            return _edit(wish, layer, organisation, at)
        case ConfirmCalendar():
            return (CalendarConfirmed(organisation=organisation, by=wish.by, confirmed_at=at),)
        case AnnounceClosure():
            return _announce(wish, layer, organisation, at)
        case WithdrawClosure():
            if all(one.closure != wish.closure for one in layer.closures):
                return ()
            return (
                ClosureWithdrawn(
                    organisation=organisation, closure=wish.closure, by=wish.by, withdrawn_at=at
                ),
            )


def after(wish: EditCalendar, layer: Layer) -> tuple[Entry, ...]:
    """What would stand in the calendar then."""
    kept = [one.entry for one in layer.entries if not wish.replaces(one.entry)]
    return in_order([*kept, *wish.put])


def closure_id(organisation: str, wish: AnnounceClosure) -> UUID:
    """The same closure, announced twice, is one."""
    word = "open" if wish.open else wish.reason
    return uuid5(NAMESPACE_URL, f"daybreak:closure:{organisation}:{word}:{wish.start}:{wish.end}")


def _edit(
    wish: EditCalendar, layer: Layer, organisation: str, at: datetime
) -> Sequence[CalendarEvent]:
    entries = after(wish, layer)
    if entries == tuple(one.entry for one in layer.entries):
        return ()
    if not entries:
        return (_set(wish, None, (), organisation, at),)
    calendar = calendar_from(entries, *_valid(layer.calendar, entries))
    return (_set(wish, calendar, entries, organisation, at),)


def _valid(known: Calendar | None, entries: Sequence[Entry]) -> tuple[date | None, date | None]:
    """As far as it held before, and further where there are terms now."""
    if known is None:
        return None, None
    terms = [one for one in entries if one.kind == "term"]
    first = min((one.start for one in terms), default=date.max)
    last = max((one.end for one in terms), default=date.min)
    return known.valid_from and min(known.valid_from, first), known.valid_to and max(
        known.valid_to, last
    )


def _set(
    wish: SetCalendar | EditCalendar,
    calendar: Calendar | None,
    entries: tuple[Entry, ...],
    organisation: str,
    at: datetime,
) -> CalendarSet:
    return CalendarSet(
        organisation=organisation,
        calendar=calendar,
        set_at=at,
        entries=entries,
        source=wish.source,
        by=wish.by,
    )


def _announce(
    wish: AnnounceClosure, layer: Layer, organisation: str, at: datetime
) -> Sequence[CalendarEvent]:
    one = closure_id(organisation, wish)
    if layer.closures and layer.closures[-1].closure == one:
        return ()
    return (
        ClosureAnnounced(
            organisation=organisation,
            closure=one,
            start=wish.start,
            end=wish.end,
            reason=wish.reason,
            open=wish.open,
            by=wish.by,
            announced_at=at,
        ),
    )
