"""On which days do people work, and on which are pupils in school? Two questions, never one."""

import calendar as months
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.messages import Calendar
from contracts.school_days import AUTHORITY, SCHOOL, TRUST, Closures, Ruling, ruling

BankHolidays = Container[date]  # England and Wales; loaded by the wiring, never guessed here


def is_working_day(day: date, bank_holidays: BankHolidays) -> bool:
    return day.weekday() < 5 and day not in bank_holidays


def working_day_after(day: date, count: int, bank_holidays: BankHolidays) -> date:
    """The `count`-th working day after `day`; with 0, `day` itself or the first one after it."""
    found = day
    if count == 0:
        while not is_working_day(found, bank_holidays):
            found += timedelta(days=1)
    for _ in range(count):
        found += timedelta(days=1)
        while not is_working_day(found, bank_holidays):
            found += timedelta(days=1)
    return found


def working_day_before(
    day: date, count: int, bank_holidays: BankHolidays, *, both_ends_excluded: bool = False
) -> date:
    """Counting back: five before Monday 13 April 2026 is Thursday 2 April (Easter between)."""
    found = day
    for _ in range(count + both_ends_excluded):
        found -= timedelta(days=1)
        while not is_working_day(found, bank_holidays):
            found -= timedelta(days=1)
    return found


def months_after(day: date, count: int) -> date:
    """Calendar months: the same day of the month, or the last one where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilDays:
    """The pupil days of one establishment, from what it has published (ADR 0012, 0039).

    Between two terms is a holiday. After the last known term the calendar is unknown, and so the
    trust's speaks, then the authority's, and after that Monday to Friday: too early rather than
    never.
    """

    bank_holidays: BankHolidays
    own: Calendar | None = None
    trust: Calendar | None = None
    authority: Calendar | None = None
    closures: Closures = ()

    def __call__(self, day: date) -> bool:
        return self.ruling(day).pupils

    def ruling(self, day: date) -> Ruling:
        layers = ((SCHOOL, self.own), (TRUST, self.trust), (AUTHORITY, self.authority))
        return ruling(day, layers, self.closures, self.bank_holidays)

    def inset_days(self) -> frozenset[date]:
        return frozenset(self.own.inset if self.own else ())
