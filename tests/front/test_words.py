"""How are moments said to people?"""

from datetime import UTC, date, datetime

import pytest

from services.front import words

NOW = datetime(2026, 11, 2, 7, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-02T08:10:00+00:00", "8:10am"),
        ("2026-11-02T12:00:00+00:00", "midday"),
        ("2026-11-02T12:30:00+00:00", "12:30pm"),
        ("2026-11-02T00:05:00+00:00", "12:05am"),
        ("2026-11-03T00:00:00+00:00", "midnight on Tuesday 3 November"),
        ("2027-01-04T08:10:00+00:00", "8:10am on Monday 4 January 2027"),
        ("2026-10-24T23:30:00+00:00", "12:30am on Sunday 25 October"),  # summer time
    ],
)
def test_a_moment_near_by_is_said_by_its_time(moment: str, said: str) -> None:
    assert words.near(moment, NOW) == said


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-02T08:04:30+00:00", "in 22 minutes"),
        ("2026-11-02T07:30:00+00:00", "12 minutes late"),
        ("2026-11-02T07:41:30+00:00", "due now"),
        ("2026-11-02T07:43:30+00:00", "in 1 minute"),
        ("2026-11-02T10:12:00+00:00", "in 2 hours 30 minutes"),
        ("2026-11-02T09:42:00+00:00", "in 2 hours"),
        ("2026-11-01T18:00:00+00:00", "13 hours late"),
        ("2026-10-23T07:10:00+00:00", "10 days late"),
    ],
)
def test_how_far_off_a_due_moment_is(due: str, said: str) -> None:
    assert words.until_due(due, NOW) == said


def test_days_are_said_in_full() -> None:
    assert words.day(date(2026, 11, 2)) == "Monday 2 November 2026"
    assert words.day("2026-11-02") == "Monday 2 November 2026"
    assert words.day("2026-06-30T23:30:00+00:00") == "Wednesday 1 July 2026"
    assert words.short_day("2018-05-01") == "1 May 2018"
    assert words.day_and_time("2026-11-01T22:20:00+00:00") == "Sunday 1 November 2026 at 10:20pm"


def test_numbers_and_lists() -> None:
    assert [words.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip
    assert words.number_of(1, "child", "children") == "1 child"
    assert words.number_of(2000, "school") == "2,000 schools"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert (words.listed(["a"]), words.listed([])) == ("a", "")
