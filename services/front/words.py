"""How are moments said to people? In full, in local time, in plain words."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.front import vocabulary

LONDON = ZoneInfo("Europe/London")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def _local(moment: datetime | str) -> datetime:
    given = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return given.astimezone(LONDON)


def local_day(moment: datetime | str) -> date:
    return _local(moment).date()


def clock_time(moment: datetime | str) -> str:
    """9:32am; midnight and midday by name."""
    at = _local(moment)
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "midnight" if at.hour == 0 else "midday"
    return f"{at.hour % 12 or 12}:{at.minute:02}{'am' if at.hour < 12 else 'pm'}"


def day(moment: datetime | date | str) -> str:
    """Monday 2 November 2026."""
    when = _day_of(moment)
    return f"{when:%A} {when.day} {when:%B} {when.year}"


def short_day(moment: datetime | date | str) -> str:
    """1 November 2026."""
    when = _day_of(moment)
    return f"{when.day} {when:%B} {when.year}"


def _day_of(moment: datetime | date | str) -> date:
    if isinstance(moment, str) and len(moment) == len("2026-11-02"):
        return date.fromisoformat(moment)
    if isinstance(moment, date) and not isinstance(moment, datetime):
        return moment
    return local_day(moment)


def day_and_time(moment: datetime | str) -> str:
    at = _local(moment)
    return f"{at:%A} {at.day} {at:%B} {at.year} at {clock_time(at)}"


def near(moment: datetime | str, now: datetime) -> str:
    """The time alone for today, the day with it for any other; the year where it is another."""
    at, today = _local(moment), local_day(now)
    if at.date() == today:
        return clock_time(at)
    year = "" if at.year == today.year else f" {at.year}"
    return f"{clock_time(at)} on {at:%A} {at.day} {at:%B}{year}"


def until_due(due: datetime | str, now: datetime) -> str:
    """in 22 minutes; 12 minutes late; due now."""
    seconds = (_local(due) - now).total_seconds()
    if abs(seconds) < _MINUTE:
        return "due now"
    span = _span(abs(seconds))
    return f"in {span}" if seconds > 0 else f"{span} late"


def _span(seconds: float) -> str:
    if seconds >= 2 * _DAY:
        return number_of(round(seconds / _DAY), "day")
    if seconds < 2 * _HOUR:
        return number_of(int(seconds // _MINUTE), "minute")
    hours, minutes = divmod(int(seconds // _MINUTE), 60)
    text = number_of(hours, "hour")
    return f"{text} {number_of(minutes, 'minute')}" if minutes and hours < 6 else text


def number_of(count: int, one: str, several: str | None = None) -> str:
    """1 school; 2,000 schools."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def ordinal(count: int) -> str:
    ending = "th" if 10 <= count % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


def listed(parts: list[str]) -> str:
    """a, b and c."""
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last


FILTERS: dict[str, Callable[..., Any]] = {
    "clock_time": clock_time,
    "day": day,
    "short_day": short_day,
    "day_and_time": day_and_time,
    "near": near,
    "until_due": until_due,
    "number_of": number_of,
    "ordinal": ordinal,
    "listed": listed,
    **vocabulary.FILTERS,
}
