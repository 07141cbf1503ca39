"""When would somebody like that do it? The habits of the people in the story, as moments."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from services.demo.chance import chance
from services.demo.opening_days import NEVER_OPENS, SAYS_NOT_OURS
from services.demo.school_year import LONDON, at

_MINUTE = timedelta(minutes=1)
_FIRST = "07:25"  # nobody reads before they are there
SCHOOL_HABITS = (("early", 62.0), ("deputy", 16.0), ("late", 14.0), ("never", 8.0))
NOT_OURS = 0.03
HOLDS_REVIEWED = 0.5


def habit_of(school: str) -> str:
    """`early`, `deputy` (who is early too), `late` or `never`."""
    if school in (NEVER_OPENS, SAYS_NOT_OURS, "birch", "cedar"):
        return "never" if school == NEVER_OPENS else "early"
    rng = chance("habit", school)
    return rng.choices([one for one, _ in SCHOOL_HABITS], [each for _, each in SCHOOL_HABITS])[0]


def school_opens(school: str, due: datetime, available: datetime) -> datetime | None:
    """Most before it is due, some after; None for who never does."""
    habit, rng = habit_of(school), chance("opens", school, due)
    if habit == "never":
        return None
    if available > due - 4 * _MINUTE:  # they were telephoned
        return available + rng.randrange(4, 15) * _MINUTE
    if habit == "late":
        return due + rng.randrange(6, 36) * _MINUTE
    first = at(due.astimezone(LONDON).date(), _FIRST) + rng.randrange(8) * _MINUTE
    return max(due - rng.randrange(4, 50) * _MINUTE, min(first, due - 2 * _MINUTE), available)


def soon(least: int, most: int) -> Callable[[datetime, Random], datetime]:
    """Between so many minutes afterwards, by day and night."""
    return lambda since, rng: since + rng.randrange(least, most) * _MINUTE


def in_the_office(first: str, last: str) -> Callable[[datetime, Random], datetime]:
    """At some time of the next working day; within the hour when it is one and they are there."""

    def found(since: datetime, rng: Random) -> datetime:
        day = since.astimezone(LONDON).date()
        within = since + rng.randrange(10, 60) * _MINUTE
        if _works(day) and at(day, "09:00") <= within < at(day, "16:30"):
            return within
        if not _works(day) or since >= at(day, first):
            day += timedelta(days=1)
        while not _works(day):
            day += timedelta(days=1)
        begins, ends = at(day, first), at(day, last)
        return begins + (ends - begins) * rng.random()

    return found


def in_waking_hours(least: int, most: int) -> Callable[[datetime, Random], datetime]:
    def found(since: datetime, rng: Random) -> datetime:
        when = since + rng.randrange(least, most) * _MINUTE
        day = when.astimezone(LONDON).date()
        if when < at(day, "08:00"):
            return at(day, "08:00") + rng.randrange(60) * _MINUTE
        if when > at(day, "22:00"):
            return at(day + timedelta(days=1), "08:00") + rng.randrange(60) * _MINUTE
        return when

    return found


def _works(day: date) -> bool:
    return day.weekday() < 5


# By the kind of who reads; schools and colleges have habits of their own.
OPENS = {
    "childrens-social-care": soon(4, 29),
    "police": soon(5, 40),
    "marac": in_the_office("09:30", "11:30"),
    "local-authority": in_the_office("08:20", "08:55"),
}
OPENS_OTHERWISE = in_the_office("09:05", "10:30")
# By the kind of task; what is not here stays open.
DOES = {
    "phone-establishment": soon(8, 21),
    "resolve-school": in_waking_hours(15, 90),
    "review-hold": in_waking_hours(40, 150),
    "confirm-deletion": in_the_office("09:05", "12:00"),
    "tell-subject": in_waking_hours(120, 400),
    "chase-referral": in_the_office("10:00", "15:00"),
    "assess-breach": in_the_office("10:00", "15:00"),
    "marac-repeat": in_the_office("10:00", "15:00"),
}
