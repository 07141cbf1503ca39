"""When is school? Term dates as a council would set them, for whatever year the story plays in."""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_MON, _TUE, _WED, _FRI, _SUN = 0, 1, 2, 4, 6
# The agreements are in force from this day on.
_FIRST = date(2025, 11, 9)
Span = tuple[date, date]


def at(day: date, clock: str) -> datetime:
    """Local time of that day, as an instant in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), LONDON).astimezone(UTC)


def bank_holidays(*years: int) -> Container[date]:
    return holidays.country_holidays("GB", subdiv="ENG", years=years or None)


def _good_friday(year: int) -> date:
    named = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return next(day for day, name in named.items() if "Good Friday" in name)


def _on_or_after(day: date, weekday: int) -> date:
    return day + _DAY * ((weekday - day.weekday()) % 7)


def _on_or_before(day: date, weekday: int) -> date:
    return day - _DAY * ((day.weekday() - weekday) % 7)


def year_of(day: date) -> int:
    """The year in whose September the school year of `day` began."""
    return day.year if day.month >= 9 else day.year - 1


def terms(year: int, *, earlier: bool = False) -> Iterator[Span]:
    """From September of `year`. `earlier`: half-terms a week before everybody else's."""
    moved = _WEEK if earlier else _DAY * 0
    october = _on_or_before(date(year, 10, 31), _MON) - moved
    february = _on_or_after(date(year + 1, 2, 15), _MON) - moved
    may = _on_or_before(date(year + 1, 5, 31), _MON)
    good_friday = _good_friday(year + 1)
    yield _on_or_after(date(year, 9, 2), _WED), october - 3 * _DAY
    yield october + _WEEK, _on_or_before(date(year, 12, 20), _FRI)
    yield _on_or_after(date(year + 1, 1, 4), _TUE), february - 3 * _DAY
    yield february + _WEEK, good_friday - 2 * _DAY
    yield good_friday + 17 * _DAY, may - 3 * _DAY
    yield may + _WEEK, _on_or_before(date(year + 1, 7, 22), _WED)


def around(day: date, *, earlier: bool = False) -> list[Span]:
    """The school year of `day`, the one before it, and two to come."""
    first = year_of(day)
    return [term for year in range(first - 1, first + 3) for term in terms(year, earlier=earlier)]


def is_pupil_day(day: date) -> bool:
    """By the calendar that most schools of the area go by."""
    in_term = any(start <= day <= end for start, end in terms(year_of(day)))
    return in_term and day.weekday() < 5 and day not in bank_holidays(day.year)


def opening_sunday(now: datetime) -> date:
    """The latest Sunday whose 17:00 is not to come, and whose Monday has pupils in school."""
    sunday = _on_or_before(now.astimezone(LONDON).date(), _SUN)
    if at(sunday, "17:00") > now:
        sunday -= _WEEK
    while not is_pupil_day(sunday + _DAY) and sunday > _FIRST:
        sunday -= _WEEK
    return sunday
