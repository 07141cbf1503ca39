"""When are pupils in? Terms as closed spans of days, with inset days and closures beside them."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from contracts.messages import Calendar, Span

_LONGEST_TERM = 370  # days; some colleges give the year as one span, a wrong year is longer


class BadCalendar(Exception):
    """`where` is a pointer inside the calendar."""

    def __init__(self, where: str, says: str) -> None:
        super().__init__(says)
        self.where = where
        self.says = says


def read_span(text: str, where: str = "") -> Span:
    """ "2026-01-05/2026-02-13": both days are in the term."""
    start, stroke, end = text.partition("/")
    if not stroke:
        raise BadCalendar(where, "a term is written as first day, stroke, last day")
    try:
        return Span(start=date.fromisoformat(start.strip()), end=date.fromisoformat(end.strip()))
    except ValueError:
        raise BadCalendar(where, "a term needs two dates such as 2026-01-05/2026-02-13") from None


def calendar_of(
    terms: Iterable[Span],
    inset: Iterable[date] = (),
    closed: Iterable[date] = (),
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Calendar:
    """In order and without repeats, so that the same calendar is always the same value."""
    given = list(terms)
    if valid_to is not None and any(term.end > valid_to for term in given):
        raise BadCalendar("/valid_to", "comes before the end of a term")
    if valid_from is not None and any(term.start < valid_from for term in given):
        raise BadCalendar("/valid_from", "comes after the start of a term")
    for place, term in enumerate(given):
        if term.end < term.start:
            raise BadCalendar(f"/terms/{place}", "the term ends before it starts")
        if (term.end - term.start).days > _LONGEST_TERM:
            raise BadCalendar(f"/terms/{place}", "the term is longer than any term can be")
    ordered = sorted(given, key=lambda term: (term.start, term.end))
    for before, after in pairwise(ordered):
        if after.start <= before.end and after != before:
            raise BadCalendar(f"/terms/{given.index(after)}", "the term overlaps another")
    return Calendar(
        terms=tuple(dict.fromkeys(ordered)),
        inset=tuple(sorted(set(inset))),
        closed=tuple(sorted(set(closed))),
        valid_from=valid_from,
        valid_to=valid_to,
    )
