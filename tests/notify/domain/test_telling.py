"""What may become of one notification: given these facts, when this is asked, then those."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.notify.domain import nudge, task
from services.notify.domain.instructions import (
    Acknowledge,
    Announce,
    AskPhone,
    BeginAnnouncement,
    CarryOver,
    Command,
    MakeAvailable,
    MoveDue,
    Open,
    PassDue,
    Recall,
    SayNotOurs,
    Supersede,
)
from services.notify.domain.notification import (
    NotificationAcknowledged,
    NotificationAnnounced,
    NotificationCancelled,
    NotificationDueMoved,
    NotificationEvent,
    NotificationMadeAvailable,
    NotificationNotOurs,
    NotificationOpened,
    NotificationOverdue,
    NotificationRaised,
    NotificationRead,
    NotificationWithdrawn,
    NotOurs,
    Reaction,
    Status,
    Why,
)
from services.notify.domain.telling import INITIAL, Closed, Telling, decide, evolve

ONE = UUID(int=1)
NIGHT = datetime(2026, 2, 13, 23, 5, tzinfo=UTC)
ROUND = datetime(2026, 2, 14, 7, 0, tzinfo=UTC)
DUE = datetime(2026, 2, 24, 8, 10, tzinfo=UTC)
RAISED = NotificationRaised(
    notification=ONE,
    decision=UUID(int=2),
    receipt=UUID(int=3),
    case=UUID(int=4),
    source="/agencies/north-police",
    organisation="alder",
    audience="education",
    agreement="operation-encompass",
    about="c1",
    subject=UUID(int=5),
    due=DUE,
    starts_at=NIGHT,
    raised_at=NIGHT,
    available_from=NIGHT,
    announce_at=ROUND,
    phone_at=DUE - timedelta(minutes=20),
    round=1,
)
AVAILABLE = NotificationMadeAvailable(notification=ONE, organisation="alder", at=NIGHT)
ANNOUNCED = NotificationAnnounced(
    notification=ONE, by="email", run="morning:2026-02-14", announced_at=ROUND, again=False
)
OPENED = NotificationOpened(notification=ONE, by="alder-dsl", opened_at=ROUND)
OVERDUE = NotificationOverdue(notification=ONE, due=DUE, at=DUE)
OPEN = Open(by="alder-dsl", at=ROUND)
RECALL = Recall(reason=Why.RETRACTED, at=ROUND)


def given(*facts: NotificationEvent) -> Telling:
    return reduce(evolve, facts, INITIAL)


def when(command: Command, *facts: NotificationEvent) -> list[str]:
    return [type(fact).__name__ for fact in decide(command, given(*facts))]


def test_it_is_in_the_inbox_at_once_unless_put_off_or_resting_on_consent() -> None:
    assert when(RAISED) == ["NotificationRaised", "NotificationMadeAvailable"]
    assert when(replace(RAISED, rests_on_consent=True)) == ["NotificationRaised"]
    assert when(replace(RAISED, available_from=ROUND)) == ["NotificationRaised"]
    assert when(RAISED, RAISED) == []


def test_it_can_be_opened_before_anybody_was_nudged() -> None:
    assert when(OPEN, RAISED, AVAILABLE) == ["NotificationOpened"]


def test_a_second_reading_is_kept_too() -> None:
    assert when(OPEN, RAISED, AVAILABLE, OPENED) == [NotificationRead.__name__]


def test_acknowledging_is_reading() -> None:
    command = Acknowledge(by="alder-dsl", outcome=Reaction.REFERRED, at=ROUND)
    assert when(command, RAISED, AVAILABLE) == [
        NotificationOpened.__name__,
        NotificationAcknowledged.__name__,
    ]
    done = NotificationAcknowledged(
        notification=ONE, by="alder-dsl", outcome=Reaction.REFERRED, acknowledged_at=ROUND
    )
    assert when(command, RAISED, AVAILABLE, OPENED, done) == []


@pytest.mark.parametrize(
    "last",
    [
        NotificationNotOurs(
            notification=ONE,
            decision=UUID(int=2),
            organisation="alder",
            by="alder-dsl",
            reason=NotOurs.LEFT,
            at=ROUND,
        ),
        NotificationWithdrawn(
            notification=ONE,
            decision=UUID(int=2),
            organisation="alder",
            reason=Why.RETRACTED,
            at=ROUND,
            was_opened=True,
        ),
    ],
)
def test_what_is_closed_opens_for_nobody_and_ends_only_once(last: NotificationEvent) -> None:
    facts = (RAISED, AVAILABLE, ANNOUNCED, last)
    for command in (OPEN, SayNotOurs(by="x", reason=NotOurs.LEFT, at=ROUND)):
        with pytest.raises(Closed):
            decide(command, given(*facts))
    for quiet in (RECALL, PassDue(at=DUE), Announce(by="email", run="x", at=DUE)):
        assert when(quiet, *facts) == []


def test_never_announced_is_cancelled_and_announced_is_withdrawn() -> None:
    assert when(RECALL, RAISED, AVAILABLE) == [NotificationCancelled.__name__]
    assert when(RECALL, RAISED, AVAILABLE, ANNOUNCED) == [NotificationWithdrawn.__name__]
    assert when(RECALL, RAISED, AVAILABLE, OPENED) == [NotificationWithdrawn.__name__]
    unsent = replace(RECALL, unsent_only=True)
    assert when(unsent, RAISED, AVAILABLE, ANNOUNCED) == []


def test_one_run_announces_once_by_whatever_way() -> None:
    same = Announce(by="email", run="morning:2026-02-14", at=ROUND)
    assert when(same, RAISED, AVAILABLE, ANNOUNCED) == []
    begin = BeginAnnouncement(run="r", contacts=("a",), diverted_to=None, next_at=None, at=ROUND)
    (begun,) = decide(begin, given(RAISED, AVAILABLE))
    assert when(begin, RAISED, AVAILABLE, begun) == []


def test_the_due_moment_itself_is_too_late() -> None:
    assert when(PassDue(at=DUE - timedelta(seconds=1)), RAISED, AVAILABLE) == []
    assert when(PassDue(at=DUE), RAISED, AVAILABLE) == [NotificationOverdue.__name__]
    assert when(PassDue(at=DUE), RAISED, AVAILABLE, OPENED) == []


def test_overdue_stays_and_a_later_calendar_does_not_move_it() -> None:
    later = MoveDue(due=DUE + timedelta(days=1), announce_at=None, phone_at=None, at=DUE)
    assert when(later, RAISED, AVAILABLE) == [NotificationDueMoved.__name__]
    assert when(later, RAISED, AVAILABLE, OVERDUE) == []
    assert given(RAISED, AVAILABLE, OVERDUE, OPENED).overdue


def test_a_telephone_task_is_asked_for_once_for_each_due_moment() -> None:
    ask = AskPhone(task=UUID(int=9), owner="north-la", at=DUE)
    (asked,) = decide(ask, given(RAISED, AVAILABLE))
    assert when(ask, RAISED, AVAILABLE, asked) == []
    move = MoveDue(due=DUE + timedelta(days=1), announce_at=None, phone_at=DUE, at=DUE)
    (moved,) = decide(move, given(RAISED, AVAILABLE, asked))
    assert isinstance(moved, NotificationDueMoved)
    assert moved.former_task == UUID(int=9)
    assert when(ask, RAISED, AVAILABLE, asked, moved) == ["PhoneAsked"]


COMMANDS: Sequence[Command] = (
    RAISED,
    MakeAvailable(at=ROUND),
    BeginAnnouncement(run="r", contacts=("a",), diverted_to=None, next_at=None, at=ROUND),
    Announce(by="email", run="r", at=ROUND),
    OPEN,
    Acknowledge(by="alder-dsl", outcome=None, at=ROUND),
    SayNotOurs(by="alder-dsl", reason=NotOurs.LEFT, at=ROUND),
    RECALL,
    Supersede(by_decision=UUID(int=8), at=ROUND),
    CarryOver(decision=UUID(int=8), at=ROUND),
    PassDue(at=DUE),
    MoveDue(due=DUE + timedelta(days=1), announce_at=None, phone_at=None, at=ROUND),
    AskPhone(task=UUID(int=9), owner="north-la", at=DUE),
)
ENDS = {Status.NOT_OURS, Status.CANCELLED, Status.WITHDRAWN, Status.SUPERSEDED}
ORDER = [Status.SCHEDULED, Status.ANNOUNCED, Status.OPENED, Status.ACKNOWLEDGED]


@for_all(st.lists(st.sampled_from(COMMANDS), max_size=20))
def test_states_only_go_forward_and_an_end_is_an_end(commands: list[Command]) -> None:
    state = INITIAL
    for command in (RAISED, *commands):
        before = state
        try:
            facts = decide(command, state)
        except Closed:
            continue
        state = reduce(evolve, facts, state)
        if before.status in ENDS:
            assert state.status is before.status
        elif state.status not in ENDS:
            assert ORDER.index(state.status) >= ORDER.index(before.status)
        assert state.overdue >= before.overdue
        assert not (state.status is Status.CANCELLED and (state.announced or state.was_opened))


# ---- tasks and nudges ------------------------------------------------------------------------

TASK = task.TaskOpened(
    task=UUID(int=6),
    kind=task.TaskKind.RESOLVE_SCHOOL,
    owner="north-police",
    due=DUE,
    opens_at=NIGHT,
    at=NIGHT,
)
DONE = task.CloseTask(task=UUID(int=6), how=task.How.DONE, by="north-police", at=ROUND)


def after(*facts: Any) -> task.Task:
    return reduce(task.evolve, facts, task.INITIAL)


def test_a_task_is_opened_once_and_closed_once() -> None:
    (closed,) = task.decide(DONE, after(TASK))
    assert task.decide(TASK, after(TASK)) == ()
    assert task.decide(DONE, after(TASK, closed)) == ()
    cancel = replace(DONE, how=task.How.CANCELLED)
    assert task.decide(cancel, after(TASK, closed)) == ()


def test_a_task_that_was_met_before_it_was_heard_of_is_closed_when_it_is() -> None:
    (met,) = task.decide(DONE, task.INITIAL)
    opened, closed = task.decide(TASK, after(met))
    assert isinstance(opened, task.TaskOpened)
    assert isinstance(closed, task.TaskClosed)


def test_a_person_cannot_do_what_was_never_asked() -> None:
    assert task.decide(replace(DONE, open_only=True), task.INITIAL) == ()


def test_a_task_passes_its_moment_once_and_not_when_done() -> None:
    late = task.PassTaskDue(at=DUE)
    (overdue,) = task.decide(late, after(TASK))
    assert task.decide(late, after(TASK, overdue)) == ()
    assert task.decide(task.PassTaskDue(at=DUE - timedelta(seconds=1)), after(TASK)) == ()
    (closed,) = task.decide(DONE, after(TASK))
    assert task.decide(late, after(TASK, closed)) == ()


ASKED = nudge.NudgeAsked(
    nudge=UUID(int=7),
    organisation="alder",
    contact="alder-dsl",
    run="morning:2026-02-14",
    notification=ONE,
    at=ROUND,
)


def nudged(*facts: Any) -> nudge.Nudge:
    return reduce(nudge.evolve, facts, nudge.INITIAL)


def test_a_nudge_is_claimed_by_one_until_it_settles_or_the_claim_is_stale() -> None:
    (begun,) = nudge.decide(nudge.Claim(at=ROUND), nudged(ASKED))
    assert nudge.decide(nudge.Claim(at=ROUND), nudged(ASKED, begun)) == ()
    stale = nudge.Claim(at=ROUND + nudge.CLAIM)
    assert len(nudge.decide(stale, nudged(ASKED, begun))) == 1


def test_a_nudge_that_did_not_go_is_tried_again_ever_later_and_a_sent_one_never() -> None:
    facts: list[Any] = [ASKED]
    waits = []
    now = ROUND
    for _ in range(12):
        facts += nudge.decide(nudge.Claim(at=now), nudged(*facts))
        (deferred,) = nudge.decide(nudge.Settle(sent=False, at=now), nudged(*facts))
        assert isinstance(deferred, nudge.NudgeDeferred)
        waits.append(deferred.again_at - now)
        now = deferred.again_at
        facts.append(deferred)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == timedelta(hours=1)
    facts += nudge.decide(nudge.Claim(at=now), nudged(*facts))
    (sent,) = nudge.decide(nudge.Settle(sent=True, at=now), nudged(*facts))
    assert isinstance(sent, nudge.NudgeSent)
    assert nudge.decide(nudge.Claim(at=now), nudged(*facts, sent)) == ()
