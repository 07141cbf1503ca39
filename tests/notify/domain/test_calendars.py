"""Which days are working days and pupil days, and when does a month end?"""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from contracts.messages import Calendar, ClockKind, ClockRule
from services.notify.domain.calendars import (
    PupilDays,
    months_after,
    working_day_after,
    working_day_before,
)
from services.notify.domain.deadlines import Morning, calendar_of, due
from services.notify.domain.notification import NotificationDueMoved
from services.notify.why.steps import step
from tests.notify.back_house import calendar

BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-04",
        "2026-05-25",
        "2026-08-31",
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
    )
)


def on(text: str) -> date:
    return date.fromisoformat(text)


def test_five_working_days_before_the_monday_after_easter_is_the_thursday_before_good_friday() -> (
    None
):
    meeting = on("2026-04-13")
    assert working_day_before(meeting, 5, BANK_HOLIDAYS) == on("2026-04-02")
    clear = working_day_before(meeting, 5, BANK_HOLIDAYS, both_ends_excluded=True)
    assert clear == on("2026-04-01")


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-02-13", 1, "2026-02-16"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-04-03", 0, "2026-04-07"),
        ("2026-03-16", 15, "2026-04-08"),
    ],
)
def test_working_days_go_round_weekends_and_bank_holidays(
    day: str, count: int, expected: str
) -> None:
    assert working_day_after(on(day), count, BANK_HOLIDAYS) == on(expected)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-22", 12, "2027-11-22"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_there_is(
    day: str, count: int, expected: str
) -> None:
    assert months_after(on(day), count) == on(expected)


SPRING = calendar(
    "2026-01-05/2026-02-13", "2026-02-23/2026-03-27", inset=("2026-02-23",), closed=("2026-03-02",)
)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2026-02-13", True),  # both ends of a term are inside
        ("2026-02-16", False),  # between two terms is a holiday
        ("2026-02-23", False),  # INSET
        ("2026-02-24", True),
        ("2026-02-28", False),  # a Saturday in term
        ("2026-03-02", False),  # closed, e.g. for snow
        ("2026-03-27", True),
        ("2026-03-30", True),  # after the last known term nobody knows: too early, never too late
        ("2026-04-03", False),  # Good Friday
    ],
)
def test_the_pupil_days_of_a_published_calendar(day: str, is_one: bool) -> None:
    days = PupilDays(bank_holidays=BANK_HOLIDAYS, own=SPRING)
    assert days(on(day)) is is_one


def test_a_bank_holiday_is_never_a_pupil_day_whatever_the_term_says() -> None:
    days = PupilDays(bank_holidays=BANK_HOLIDAYS, own=calendar("2026-04-01/2026-05-22"))
    assert not days(on("2026-05-04"))
    assert days(on("2026-05-05"))


@pytest.mark.parametrize("own", [None, Calendar(), SPRING])
def test_where_a_school_says_nothing_its_authority_speaks(own: Calendar | None) -> None:
    summer = calendar("2026-04-13/2026-07-17")
    days = PupilDays(bank_holidays=BANK_HOLIDAYS, own=own, authority=summer)
    assert not days(on("2026-04-07"))
    assert days(on("2026-04-13"))
    assert days(on("2026-07-20"))  # and beyond that, Monday to Friday


def test_inset_and_closed_days_count_beyond_the_last_known_term_too() -> None:
    own = calendar("2026-01-05/2026-03-27", inset=("2026-04-13",), closed=("2026-04-14",))
    days = PupilDays(bank_holidays=BANK_HOLIDAYS, own=own)
    assert [days(on(f"2026-04-{day}")) for day in (13, 14, 15)] == [False, False, True]


DEFAULT = PupilDays(bank_holidays=BANK_HOLIDAYS)


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (replace(DEFAULT, own=SPRING), "the school's calendar"),
        (replace(DEFAULT, trust=SPRING), "the trust's calendar"),
        (replace(DEFAULT, authority=SPRING), "the local authority's calendar"),
        (DEFAULT, "default calendar: no calendar known for this school"),
    ],
)
def test_a_due_day_says_whose_calendar_made_it_one(days: PupilDays, says: str) -> None:
    morning = Morning(pupil_days=days)
    friday = datetime(2026, 2, 27, 22, 0, tzinfo=UTC)
    rule = ClockRule(kind=ClockKind.SCHOOL_DAY, starts_at=friday)
    found = due(rule, BANK_HOLIDAYS, morning)
    moved = NotificationDueMoved(
        notification=UUID(int=1),
        due=found.at,
        announce_at=None,
        phone_at=None,
        at=friday,
        former_task=None,
        calendar=calendar_of(rule, found, morning),
    )
    told = step(moved)
    assert told is not None
    assert told["by_calendar"].startswith(says)


def test_a_clock_of_hours_is_nobodys_calendar() -> None:
    rule = ClockRule(
        kind=ClockKind.CLOCK_HOURS, starts_at=datetime(2026, 2, 27, 22, 0, tzinfo=UTC), hours=24
    )
    morning = Morning(pupil_days=DEFAULT)
    assert calendar_of(rule, due(rule, BANK_HOLIDAYS, morning), morning) is None
