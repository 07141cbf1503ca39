"""Which instant is a wall-clock time in England and Wales? The only place that knows the zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def instant(day: date, at: time) -> datetime:
    """The earlier instant where the clock shows `at` twice, or jumps over it."""
    both = (datetime.combine(day, at, LONDON).replace(fold=fold) for fold in (0, 1))
    return min(moment.astimezone(UTC) for moment in both)


def local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def local_day(moment: datetime) -> date:
    return local(moment).date()


def next_at(moment: datetime, at: time) -> datetime:
    """The first instant, not before `moment`, at which the wall clock shows `at`."""
    day = local_day(moment)
    today = instant(day, at)
    return today if today >= moment else instant(day + timedelta(days=1), at)
