"""How are moments, states and kinds said to people? In full, in local time, in plain words."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
STATES = {
    "scheduled": "New",
    "announced": "New",
    "opened": "Read",
    "acknowledged": "Recorded",
    "not-ours": "Not ours",
    "cancelled": "Cancelled",
    "withdrawn": "Withdrawn",
    "superseded": "Replaced",
}


def _local(moment: datetime | str) -> datetime:
    given = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return given.astimezone(LONDON)


def clock_time(moment: datetime | str) -> str:
    """9:32am; midnight and midday by name."""
    at = _local(moment)
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "midnight" if at.hour == 0 else "midday"
    return f"{at.hour % 12 or 12}:{at.minute:02}{'am' if at.hour < 12 else 'pm'}"


def day(moment: datetime | date | str) -> str:
    """Monday 2 November 2026."""
    at = moment if isinstance(moment, date) and not isinstance(moment, datetime) else None
    when = at or _local(moment).date()  # type: ignore[arg-type]
    return f"{when:%A} {when.day} {when:%B} {when.year}"


def day_and_time(moment: datetime | str) -> str:
    at = _local(moment)
    return f"{at:%A} {at.day} {at:%B} {at.year} at {clock_time(at)}"


def state(value: str) -> str:
    return STATES.get(value, value)


FILTERS: dict[str, Callable[..., Any]] = {
    "clock_time": clock_time,
    "day": day,
    "day_and_time": day_and_time,
    "state": state,
}
