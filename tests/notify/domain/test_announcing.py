"""When is somebody told that a notification waits?"""

from datetime import datetime, timedelta

import pytest

from services.notify.domain.announcing import again, phone_at, run_of, timetable
from services.notify.domain.calendars import PupilDays
from services.notify.domain.subscriptions import Cadence
from tests.notify.domain.test_calendars import BANK_HOLIDAYS
from tests.notify.domain.test_deadlines import ALDER, at

DAYS = PupilDays(bank_holidays=BANK_HOLIDAYS, own=ALDER)


def announced(accepted: str, due: str, audience: str = "education") -> datetime:
    return timetable(
        audience=audience, accepted=at(accepted), due=at(due), pupil_days=DAYS
    ).announce_at


@pytest.mark.parametrize(
    ("accepted", "due", "expected"),
    [
        # the first round at seven, also at a weekend and in the holidays
        ("2026-02-13T23:05", "2026-02-24T08:10", "2026-02-14T07:00"),
        ("2026-02-14T15:00", "2026-02-24T08:10", "2026-02-15T07:00"),
        ("2026-02-14T07:00", "2026-02-24T08:10", "2026-02-14T07:00"),
        ("2026-08-03T10:00", "2026-09-02T08:10", "2026-08-04T07:00"),
        # at once between seven and four on a pupil day
        ("2026-02-04T11:00", "2026-02-05T08:10", "2026-02-04T11:00"),
        ("2026-02-04T15:59", "2026-02-05T08:10", "2026-02-04T15:59"),
        ("2026-02-04T16:01", "2026-02-05T08:10", "2026-02-05T07:00"),
        # an INSET day is no pupil day
        ("2026-02-23T11:00", "2026-02-24T08:10", "2026-02-24T07:00"),
        # at once when it is due within two hours
        ("2026-02-04T06:10", "2026-02-04T08:10", "2026-02-04T06:10"),
        ("2026-02-04T06:09", "2026-02-04T08:10", "2026-02-04T07:00"),
        # the round is local: six in the morning UTC in summer
        ("2026-06-10T22:00", "2026-06-11T08:10", "2026-06-11T07:00"),
        # a school that opens before the round is told two hours before it is due
        ("2026-02-03T23:00", "2026-02-04T06:45", "2026-02-04T04:45"),
    ],
)
def test_a_school_is_told_in_the_first_round_or_at_once_when_that_helps(
    accepted: str, due: str, expected: str
) -> None:
    assert announced(accepted, due) == at(expected)


def test_every_other_audience_is_told_at_once() -> None:
    night = "2026-02-13T23:05"
    assert announced(night, "2026-02-14T23:05", "childrens-social-care") == at(night)


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [(Cadence.DAILY, "2026-02-14T07:00"), (Cadence.WEEKLY, "2026-02-16T07:00")],
)
def test_a_subscription_puts_off_the_inbox_and_the_telling_alike(
    cadence: Cadence, expected: str
) -> None:
    found = timetable(
        audience="childrens-social-care",
        accepted=at("2026-02-13T23:05"),
        due=at("2026-02-14T23:05"),
        pupil_days=None,
        cadence=cadence,
    )
    assert (found.available_from, found.announce_at) == (at(expected), at(expected))


def test_a_school_that_the_child_has_not_joined_hears_nothing_before_that_day() -> None:
    found = timetable(
        audience="education",
        accepted=at("2026-08-10T22:00"),
        due=at("2026-09-07T08:10"),
        pupil_days=DAYS,
        not_before=at("2026-09-07T12:00").date(),
    )
    assert found.available_from == at("2026-09-07T07:00")
    assert found.announce_at == at("2026-09-07T07:00")


def test_unopened_it_is_told_again_on_the_inset_morning_and_on_the_morning_of_the_due_day() -> None:
    due = at("2026-02-24T08:10")
    first = at("2026-02-14T07:00")
    inset = again(first, due, DAYS)
    assert inset == at("2026-02-23T07:00")
    last = again(inset, due, DAYS)
    assert last == at("2026-02-24T07:00")
    assert again(last, due, DAYS) is None


def test_one_round_is_one_run_for_everybody_and_every_other_moment_is_its_own() -> None:
    late = at("2026-02-14T07:03")
    assert run_of(at("2026-02-14T07:00"), late) == run_of(at("2026-02-14T07:00"), late)
    assert run_of(at("2026-02-14T07:00"), late) == "morning:2026-02-14"
    assert run_of(at("2026-02-14T11:00"), at("2026-02-14T11:00")) != run_of(
        at("2026-02-14T11:00"), at("2026-02-14T11:01")
    )


@pytest.mark.parametrize(
    ("audience", "telephones"),
    [
        ("education", True),
        ("home-education-officer", True),
        ("children-missing-education", True),
        ("childrens-social-care", False),
        ("police", False),
    ],
)
def test_only_schools_and_the_authoritys_officers_are_telephoned_for_being_unopened(
    audience: str, telephones: bool
) -> None:
    due = at("2026-02-24T08:10")
    expected = due - timedelta(minutes=20) if telephones else None
    assert phone_at(audience, due) == expected
