"""When is it due?"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.messages import Calendar, ClockKind, ClockRule, Span
from services.notify.domain.calendars import PupilDays
from services.notify.domain.deadlines import Morning, due, school_day
from services.notify.domain.localtime import instant
from tests.notify.back_house import calendar
from tests.notify.domain.test_calendars import BANK_HOLIDAYS

LONDON = ZoneInfo("Europe/London")
ALDER = calendar(
    "2026-01-05/2026-02-13",
    "2026-02-23/2026-03-27",
    "2026-04-13/2026-05-22",
    "2026-06-01/2026-07-21",
    "2026-09-01/2026-10-23",
    "2026-11-02/2026-12-18",
    "2027-01-04/2027-02-12",
    inset=("2026-02-23", "2026-06-01", "2026-09-01", "2027-01-04"),
)
BIRCH = calendar(
    "2026-01-05/2026-02-13",
    "2026-02-23/2026-03-27",
    "2026-04-13/2026-05-22",
    "2026-06-01/2026-07-21",
    "2026-09-02/2026-10-16",
    "2026-11-02/2026-12-18",
    "2027-01-04/2027-02-12",
)
DALE = calendar(
    "2026-01-05/2026-02-13",
    "2026-02-23/2026-04-02",
    "2026-04-20/2026-07-21",
    "2026-09-02/2026-10-16",
    "2026-10-26/2026-12-18",
)


def at(text: str) -> datetime:
    """Local wall time of London, or an instant where an offset is given."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def morning(
    own: Calendar | None, gate: str | None, lead: int = 30, authority: Calendar | None = None
) -> Morning:
    days = PupilDays(bank_holidays=BANK_HOLIDAYS, own=own, authority=authority)
    return Morning(
        pupil_days=days, gate=time.fromisoformat(gate) if gate else None, lead_minutes=lead
    )


AT_ALDER, AT_BIRCH = morning(ALDER, "08:40"), morning(BIRCH, "08:30")
AT_CEDAR, AT_DALE = morning(None, "09:15"), morning(DALE, "08:45")


@pytest.mark.parametrize(
    ("believed", "where", "expected"),
    [
        # vignette 1: a Friday night before half-term; Alder's Monday is INSET
        ("2026-02-13T22:40", AT_BIRCH, "2026-02-23T08:00"),
        ("2026-02-13T22:40", AT_ALDER, "2026-02-24T08:10"),
        # an ordinary night, and one second on either side of the moment
        ("2026-02-03T23:40", AT_ALDER, "2026-02-04T08:10"),
        ("2026-02-04T08:09:59", AT_ALDER, "2026-02-04T08:10"),
        # in school hours: the next pupil day, over a weekend
        ("2026-02-06T11:00", AT_ALDER, "2026-02-09T08:10"),
        # vignette 6: the college is told though the learner has no lesson on Wednesdays
        ("2026-03-03T22:00", AT_CEDAR, "2026-03-04T08:45"),
        # summer: the whole holiday, and an INSET day at its end
        ("2026-07-22T01:00", AT_ALDER, "2026-09-02T08:10"),
        # the bank holiday in term
        ("2026-05-01T20:00", AT_ALDER, "2026-05-05T08:10"),
        # the clock goes forward on 29 March and back on 25 October
        ("2026-03-28T23:30", AT_DALE, "2026-03-30T08:15"),
        ("2026-10-24T23:30", AT_DALE, "2026-10-26T08:15"),
        # vignette 25 for schools that are known: over Christmas
        ("2026-12-19T01:10", AT_ALDER, "2027-01-05T08:10"),
        ("2026-12-19T01:10", AT_BIRCH, "2027-01-04T08:00"),
        # nobody has said anything: Monday to Friday less bank holidays, by nine
        ("2026-12-19T01:10", morning(None, None), "2026-12-21T09:00"),
        ("2026-04-02T21:00", morning(None, None), "2026-04-07T09:00"),
        # the authority speaks for a school without a calendar
        ("2026-02-13T22:40", morning(None, "08:40", authority=ALDER), "2026-02-24T08:10"),
        # never after nine, however late the gate
        ("2026-02-03T23:40", morning(ALDER, "10:00"), "2026-02-04T09:00"),
        ("2026-02-03T23:40", morning(ALDER, "09:15", lead=0), "2026-02-04T09:00"),
        # the school's own lead
        ("2026-02-03T23:40", morning(ALDER, "08:40", lead=45), "2026-02-04T07:55"),
    ],
)
def test_due_is_the_first_pupil_day_whose_moment_is_after_the_belief(
    believed: str, where: Morning, expected: str
) -> None:
    found = school_day(at(believed), where)
    assert (found.at, found.late) == (at(expected), False)


@pytest.mark.parametrize(
    ("believed", "where"),
    [
        ("2026-02-04T08:10", AT_ALDER),  # the very moment is too late for that moment
        ("2026-02-04T08:20", AT_ALDER),
        ("2026-02-04T08:39:59", AT_ALDER),
        ("2026-03-04T09:10", AT_CEDAR),
        ("2026-02-04T09:30", morning(ALDER, "10:00")),
    ],
)
def test_inside_the_lead_time_it_is_due_now_and_never_rolls_to_tomorrow(
    believed: str, where: Morning
) -> None:
    found = school_day(at(believed), where)
    assert (found.at, found.late) == (at(believed), True)


def test_at_the_gate_the_next_pupil_day_begins() -> None:
    found = school_day(at("2026-02-04T08:40"), AT_ALDER)
    assert (found.at, found.late) == (at("2026-02-05T08:10"), False)


def test_lead_time_of_a_day_that_is_no_pupil_day_does_not_count() -> None:
    assert school_day(at("2026-02-23T08:20"), AT_ALDER).at == at("2026-02-24T08:10")


def test_a_school_that_the_child_joins_later_is_due_on_its_first_day_there() -> None:
    found = school_day(at("2026-08-10T22:00"), AT_ALDER, not_before=date(2026, 9, 7))
    assert found.at == at("2026-09-07T08:10")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-28T11:00", "2026-03-29T12:00"),  # 24 hours, and the clock goes forward
        ("2026-10-24T11:00", "2026-10-25T10:00"),  # and back
    ],
)
def test_clock_hours_are_elapsed_hours(start: str, expected: str) -> None:
    rule = ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=at(start), hours=24)
    assert due(rule, BANK_HOLIDAYS).at == at(expected)


@pytest.mark.parametrize(
    ("start", "hour", "expected"),
    [
        ("2026-02-13T23:05", time(17), "2026-02-16T17:00"),
        ("2026-02-16T00:01", time(9), "2026-02-17T09:00"),  # Monday's next one is Tuesday
        ("2026-04-02T12:00", time(9), "2026-04-07T09:00"),
        ("2026-07-06T23:30", time(17), "2026-07-07T17:00"),  # half past ten in UTC: still Monday
    ],
)
def test_the_next_working_day_is_counted_in_local_days(
    start: str, hour: time, expected: str
) -> None:
    rule = ClockRule(kind=ClockKind.WORKING_DAY, starts_at=at(start), days=1, at=hour)
    assert due(rule, BANK_HOLIDAYS).at == at(expected)


def test_an_hour_that_the_clock_shows_twice_or_never_is_the_earlier_instant() -> None:
    assert instant(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(date(2026, 3, 29), time(1, 30)) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


# ---- the same by trying every minute ---------------------------------------------------------


def by_brute_force(
    start: datetime, terms: list[tuple[date, date]], off: set[date], gate: time, lead: int
) -> datetime:
    """Walks forward minute by minute and asks, of each, whether it is the moment of a pupil day."""
    last = max(end for _, end in terms)
    told_minutes = min(gate.hour * 60 + gate.minute - lead, 9 * 60)
    gate_minutes = gate.hour * 60 + gate.minute

    def pupil_day(day: date) -> bool:
        if day.isoweekday() > 5 or day in BANK_HOLIDAYS or day in off:
            return False
        return day > last or any(one <= day <= other for one, other in terms)

    here = start.astimezone(LONDON)
    if pupil_day(here.date()) and told_minutes <= here.hour * 60 + here.minute < gate_minutes:
        return start
    first = start.replace(second=0, microsecond=0)
    for step in count(1):
        moment = first + timedelta(minutes=step)
        wall = moment.astimezone(LONDON)
        if wall.hour * 60 + wall.minute == told_minutes and pupil_day(wall.date()):
            return moment
    raise AssertionError


_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@settings(max_examples=150, deadline=None)
@given(
    minutes=st.integers(-12 * 1440, 40 * 1440),
    term=st.tuples(_days, st.integers(0, 40)),
    off=st.sets(st.integers(0, 40), max_size=5),
    gate=st.times(time(7, 30), time(10, 0)),
    lead=st.integers(1, 60),
)
def test_it_agrees_with_trying_every_minute(
    minutes: int, term: tuple[date, int], off: set[int], gate: time, lead: int
) -> None:
    start = instant(term[0], time(0)) + timedelta(minutes=minutes)
    gate = gate.replace(second=0, microsecond=0)
    span = (term[0], term[0] + timedelta(days=term[1]))
    closed = {term[0] + timedelta(days=days) for days in off}
    own = Calendar(terms=(Span(start=span[0], end=span[1]),), inset=tuple(closed))
    where = Morning(
        pupil_days=PupilDays(bank_holidays=BANK_HOLIDAYS, own=own), gate=gate, lead_minutes=lead
    )
    assert school_day(start, where).at == by_brute_force(start, [span], closed, gate, lead)
