"""A review ends in time for the due moment, escalates when it does not, and never lapses."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.messages import ClockKind
from services.notify.domain.localtime import local
from services.notify.domain.reviews import review_by
from services.notify.domain.task import (
    INITIAL,
    CloseTask,
    How,
    PassTaskDue,
    Task,
    TaskEscalated,
    TaskKind,
    TaskOpened,
    TaskOverdue,
    decide,
    evolve,
)

ONE = UUID("44444444-4444-4444-8444-444444444444")
MOMENTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
KINDS = st.sampled_from([ClockKind.SCHOOL_DAY, ClockKind.CLOCK_HOURS, ClockKind.WORKING_DAY])
SPANS = st.timedeltas(timedelta(0), timedelta(days=20))


@settings(max_examples=500, deadline=None)
@given(KINDS, MOMENTS, SPANS)
def test_it_ends_before_the_due_moment_and_not_before_it_begins(
    kind: ClockKind, now: datetime, span: timedelta
) -> None:
    due = now + span
    by = review_by(kind, due, now)
    assert by <= due
    assert by >= now
    if span > timedelta(minutes=1):
        assert now < by < due


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_for_a_school_it_is_the_morning_run_of_the_due_day_in_either_season() -> None:
    winter = review_by(ClockKind.SCHOOL_DAY, at("2026-03-04T08:10"), at("2026-03-03T22:05"))
    assert winter == at("2026-03-04T07:00")
    summer = review_by(ClockKind.SCHOOL_DAY, at("2026-06-03T07:10"), at("2026-05-29T22:05"))
    assert (summer, local(summer).hour) == (at("2026-06-03T06:00"), 7)


def test_where_the_run_has_gone_or_comes_too_late_a_quarter_of_the_time_is_left() -> None:
    assert review_by(ClockKind.SCHOOL_DAY, at("2026-03-04T08:10"), at("2026-03-04T07:30")) == at(
        "2026-03-04T08:00"
    )
    early = at("2026-03-04T06:40")
    assert review_by(ClockKind.SCHOOL_DAY, early, at("2026-03-04T02:40")) == at("2026-03-04T05:40")


def test_others_have_two_hours_at_most_and_a_quarter_of_an_hour_of_one() -> None:
    due = at("2026-03-04T17:00")
    assert review_by(ClockKind.WORKING_DAY, due, at("2026-03-03T22:05")) == at("2026-03-04T15:00")
    assert review_by(ClockKind.CLOCK_HOURS, due, at("2026-03-04T16:00")) == at("2026-03-04T16:45")


def test_the_senders_own_moment_stays_and_what_is_late_is_late_at_once() -> None:
    due, now = at("2026-03-04T09:00"), at("2026-03-03T22:05")
    assert review_by(ClockKind.AT_ONCE, due, now) == due
    assert review_by(ClockKind.SCHOOL_DAY, now - timedelta(hours=1), now) < now


def opened(due: datetime, to: str | None = "north-police") -> TaskOpened:
    return TaskOpened(
        task=ONE,
        kind=TaskKind.REVIEW_HOLD,
        owner="north-la",
        due=due,
        opens_at=due - timedelta(hours=1),
        at=due - timedelta(hours=1),
        escalates_to=to,
    )


def after(state: Task, *moments: datetime) -> tuple[Task, list[object]]:
    said: list[object] = []
    for moment in moments:
        events = decide(PassTaskDue(at=moment), state)
        for event in events:
            state = evolve(state, event)
        said += events
    return state, said


@settings(max_examples=300, deadline=None)
@given(MOMENTS, st.lists(st.timedeltas(timedelta(days=-3), timedelta(days=60)), max_size=8))
def test_from_its_end_it_is_overdue_and_escalated_until_a_person_resolves_it(
    due: datetime, looks: list[timedelta]
) -> None:
    state = evolve(INITIAL, opened(due))
    moments = sorted(due + look for look in looks)
    state, said = after(state, *moments)
    passed = any(moment >= due for moment in moments)
    assert state.overdue == passed
    assert state.closed is None  # no passing of time closes it
    assert [type(one) for one in said] == ([TaskOverdue, TaskEscalated] if passed else [])
    close = CloseTask(task=ONE, how=How.DONE, by="consent", at=due + timedelta(days=90))
    for event in decide(close, state):
        state = evolve(state, event)
    assert state.closed is not None
    assert after(state, due + timedelta(days=91))[1] == []


def test_who_is_next_is_named_and_without_one_it_is_overdue_all_the_same() -> None:
    due = at("2026-03-04T07:00")
    _, (_, escalated) = after(evolve(INITIAL, opened(due)), due)
    assert isinstance(escalated, TaskEscalated)
    assert (escalated.to, escalated.kind) == ("north-police", TaskKind.REVIEW_HOLD)
    state, said = after(evolve(INITIAL, opened(due, to=None)), due)
    assert [type(one) for one in said] == [TaskOverdue]
    assert state.overdue
