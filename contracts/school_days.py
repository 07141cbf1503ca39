"""Are pupils in on that day, and who says so? The most specific calendar that speaks wins.

Bank holidays, then the authority's terms, the trust's, the school's own, and above them what was
announced for single days (ADR 0039). Pure: what is asked of is passed in.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from contracts.messages import Calendar, Closure

SCHOOL, TRUST, AUTHORITY, NOBODY = "school", "trust", "authority", "default"
WEEKEND, BANK_HOLIDAY = "weekend", "bank-holiday"
TERM, HOLIDAY, INSET, CLOSURE, ASSUMED = "term", "holiday", "inset", "closure", "assumed"

Calendars: TypeAlias = Sequence[tuple[str, Calendar | None]]
"""With the name of its layer, the most specific first."""
Closures: TypeAlias = Sequence[tuple[str, Closure]]
"""The same; within one layer the newest word first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """`kind`: what the day is; `layer`: whose calendar decided; `reason`: of a closure, a code."""

    pupils: bool
    kind: str
    layer: str = NOBODY
    reason: str = ""


_WEEKEND = Ruling(pupils=False, kind=WEEKEND)
_BANK_HOLIDAY = Ruling(pupils=False, kind=BANK_HOLIDAY)
_ASSUMED = Ruling(pupils=True, kind=ASSUMED)  # too early rather than never


def ruling(
    day: date, calendars: Calendars, closures: Closures, bank_holidays: Container[date]
) -> Ruling:
    if day.weekday() >= 5:
        return _WEEKEND
    if day in bank_holidays:
        return _BANK_HOLIDAY
    return _announced(day, closures) or _by_term(day, calendars)


def _announced(day: date, closures: Closures) -> Ruling | None:
    for layer, closure in closures:
        if closure.start <= day <= closure.end:
            if closure.open:
                return None
            return Ruling(pupils=False, kind=CLOSURE, layer=layer, reason=closure.reason)
    return None


def _by_term(day: date, calendars: Calendars) -> Ruling:
    for layer, calendar in calendars:
        if calendar is None:
            continue
        if day in calendar.inset:
            return Ruling(pupils=False, kind=INSET, layer=layer)
        if day in calendar.closed:
            return Ruling(pupils=False, kind=CLOSURE, layer=layer)
        if covers(calendar, day):
            pupils = any(term.start <= day <= term.end for term in calendar.terms)
            return Ruling(pupils=pupils, kind=TERM if pupils else HOLIDAY, layer=layer)
    return _ASSUMED


def covers(calendar: Calendar | None, day: date) -> bool:
    """Does this calendar say anything of that day? Between two terms it says holiday, and before
    the first one; after its last one nothing, unless it says until when it holds."""
    if calendar is None or (calendar.valid_from is not None and day < calendar.valid_from):
        return False
    last = ends(calendar)
    return last is not None and day <= last


def ends(calendar: Calendar | None) -> date | None:
    """The last day of which it says anything; None where it says nothing of any."""
    if calendar is None or not calendar.terms:
        return None
    return calendar.valid_to or max(term.end for term in calendar.terms)


def newest_first(
    layers: Sequence[tuple[str, Sequence[Closure]]],
) -> tuple[tuple[str, Closure], ...]:
    """`layers`: each with its closures as they were announced, the most specific layer first."""
    return tuple((name, one) for name, closures in layers for one in reversed(closures))
