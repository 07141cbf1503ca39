"""Is it open at this moment? The few parts of RFC 5545 that opening hours need.

Bank holidays are not taken off: who goes there on one asks first.
"""

import calendar
import re
from datetime import date, datetime, timedelta

from services.directory.domain.offer import Hours

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"(?P<which>-?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")


def is_open(hours: Hours, moment: datetime) -> bool:
    """`moment` is local time. Without times of day it is open all day; closing is exclusive."""
    clock = moment.strftime("%H:%M")
    if hours.opens is not None and clock < hours.opens:
        return False
    if hours.closes is not None and clock >= hours.closes:
        return False
    return happens_on(hours, moment.date())


def happens_on(hours: Hours, day: date) -> bool:
    if hours.valid_from is not None and day < hours.valid_from:
        return False
    if hours.valid_to is not None and day > hours.valid_to:
        return False
    if hours.interval > 1 and not _in_turn(hours, day):
        return False
    if not hours.days and not hours.month_days:
        return True
    by_day = any(_matches(each, hours, day) for each in hours.days)
    return by_day or (hours.freq == "monthly" and _by_date(hours, day))


def weekdays(hours: Hours) -> frozenset[str]:
    """On which days of the week it can be open at all."""
    if not hours.days:
        return frozenset(DAYS)
    return frozenset(each[-2:] for each in hours.days)


def what_is_wrong(hours: Hours) -> tuple[str, str] | None:
    """The field and what to do about it; None when the hours make sense."""
    for each in hours.days:
        said = _DAY.fullmatch(each)
        if said is None:
            return "days", "are MO, TU, WE, TH, FR, SA, SU; of a month such as 2MO or -1FR"
        if said["which"] and hours.freq != "monthly":
            return "days", "which of the month needs freq monthly"
    if hours.month_days and hours.freq != "monthly":
        return "month_days", "needs freq monthly"
    if hours.interval > 1 and hours.valid_from is None:
        return "valid_from", "is needed to count the interval from"
    if hours.opens and hours.closes and hours.closes <= hours.opens:
        return "closes", "is after opens; hours over midnight are two entries"
    if hours.valid_from and hours.valid_to and hours.valid_to < hours.valid_from:
        return "valid_to", "is before valid_from"
    return None


def _in_turn(hours: Hours, day: date) -> bool:
    first = hours.valid_from
    if first is None:
        return True
    if hours.freq == "monthly":
        months = (day.year - first.year) * 12 + day.month - first.month
        return months % hours.interval == 0
    weeks = (_monday(day) - _monday(first)).days // 7
    return weeks % hours.interval == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _matches(said: str, hours: Hours, day: date) -> bool:
    if said[-2:] != DAYS[day.weekday()]:
        return False
    if hours.freq != "monthly" or len(said) == 2:
        return True
    which = int(said[:-2])
    length = calendar.monthrange(day.year, day.month)[1]
    return which == ((day.day - 1) // 7 + 1 if which > 0 else -((length - day.day) // 7 + 1))


def _by_date(hours: Hours, day: date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    return day.day in hours.month_days or day.day - length - 1 in hours.month_days
