"""What may stand in a school's year, and what calendar do its entries come to?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.messages import Calendar, Span
from services.directory.domain.calendars import BadCalendar, calendar_of

EntryKind: TypeAlias = Literal[
    "term", "half-term", "inset", "closure", "bank-holiday", "exam-leave"
]
Source: TypeAlias = Literal["hand", "ical", "csv", "register"]
Reason: TypeAlias = Literal[
    "snow", "strike", "heating", "water", "power", "flood", "illness", "polling-station", "other"
]
_CLOSED = ("closure", "bank-holiday")
_LONGEST = 370  # days; nothing in a school's year is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`start` and `end` are both inside. `name` is what people call it; it changes nothing.

    A half-term is any holiday: it is cut out of the term that it lies in. Exam leave is of some
    year groups only, so pupils are in. A bank holiday is closed, if the country has it or not.
    """

    kind: str
    start: date
    end: date
    name: str = ""

    def id_of(self, organisation: str) -> UUID:
        """The same entry of the same organisation has the same id for ever."""
        place = f"daybreak:calendar:{organisation}:{self.kind}:{self.start}:{self.end}"
        return uuid5(NAMESPACE_URL, place)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """By day, and each once: what is there twice is there as it was said last."""
    by_place = {(one.start, one.end, one.kind): one for one in entries}
    return tuple(by_place[place] for place in sorted(by_place))


def entries_of(calendar: Calendar | None) -> tuple[Entry, ...]:
    """The entries of a calendar that was given without names."""
    if calendar is None:
        return ()
    terms = [Entry(kind="term", start=term.start, end=term.end) for term in calendar.terms]
    inset = [Entry(kind="inset", start=day, end=day) for day in calendar.inset]
    closed = [Entry(kind="closure", start=day, end=day) for day in calendar.closed]
    return in_order([*terms, *inset, *closed])


def calendar_from(
    entries: Sequence[Entry], valid_from: date | None = None, valid_to: date | None = None
) -> Calendar:
    """Raises BadCalendar with a pointer `/entries/N`."""
    for place, one in enumerate(entries):
        if one.end < one.start:
            raise BadCalendar(f"/entries/{place}", "ends before it starts")
        if (one.end - one.start).days > _LONGEST:
            raise BadCalendar(f"/entries/{place}", "is longer than any school's year")
    holidays = [one for one in entries if one.kind == "half-term"]
    given = [place for place, one in enumerate(entries) if one.kind == "term"]
    spans = [Span(start=entries[place].start, end=entries[place].end) for place in given]
    try:
        whole = calendar_of(spans, valid_from=valid_from, valid_to=valid_to)
    except BadCalendar as bad:
        raise BadCalendar(_entry_of(bad.where, given), bad.says) from None
    terms = [part for term in whole.terms for part in _less(term, holidays)]
    closed = [day for one in entries if one.kind in _CLOSED for day in days_of(one)]
    if not terms:  # a list of holidays alone: on those days it is closed
        closed += [day for one in holidays for day in days_of(one)]
    return calendar_of(
        terms,
        [day for one in entries if one.kind == "inset" for day in days_of(one)],
        closed,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def days_of(one: Entry) -> Iterator[date]:
    for number in range((one.end - one.start).days + 1):
        yield one.start + timedelta(days=number)


def year_of(day: date) -> int:
    """The school year that begins on 1 September, by the year in which it begins."""
    return day.year if day.month >= 9 else day.year - 1


def _less(term: Span, holidays: Iterable[Entry]) -> Iterator[Span]:
    start = term.start
    for one in sorted(holidays, key=lambda one: one.start):
        if one.end < start or one.start > term.end:
            continue
        if one.start > start:
            yield Span(start=start, end=one.start - timedelta(days=1))
        start = max(start, one.end + timedelta(days=1))
    if start <= term.end:
        yield Span(start=start, end=term.end)


def _entry_of(where: str, given: Sequence[int]) -> str:
    parts = where.strip("/").split("/")
    return f"/entries/{given[int(parts[1])]}" if parts[0] == "terms" and len(parts) > 1 else where
