"""Which day is it, how old is somebody then, and where do twelve calendar months end?"""

from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()


def utc(instant: datetime) -> datetime:
    """Events keep the offset of their sender; the log and the messages do not."""
    return instant.astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """Calendar months, never a count of days: 29 February ends on the 28th of a common year."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def within_months_after(start: datetime, then: datetime, months: int) -> bool:
    """Is `then` after `start` and not after its anniversary? The anniversary itself is inside."""
    return start < then and london_day(then) <= months_after(london_day(start), months)
