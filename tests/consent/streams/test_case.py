"""What a case says, given what it said: without a log, a bus or a clock."""

from datetime import UTC, datetime
from functools import reduce
from typing import Any
from uuid import UUID, uuid5

import pytest

from contracts.messages import (
    ClockKind,
    ClockRule,
    DecisionMade,
    Disclosure,
    EventRef,
    ObligationArisen,
    Outcome,
    Owner,
    Reason,
    Routing,
    Subject,
)
from services.chassis.sealing import Sealed
from services.consent.streams.case import CASE
from services.consent.streams.events import (
    CaseEvent,
    DecisionTaken,
    EventAnswered,
    EventTaken,
    FactsNoted,
    HoldResolved,
    ObligationArose,
    ObligationEnded,
)
from services.consent.streams.state import (
    CaseCommand,
    HoldUnknown,
    ResolveHold,
    StopResting,
    TakeEvent,
)

NOON = datetime(2026, 2, 13, 12, 0, tzinfo=UTC)
ID = UUID("00000000-0000-4000-8000-000000000001")
CHILD = uuid5(ID, "child")
GONE = Reason(rule="consent-withdrawn", version="1", says="Withdrawn.")


def ref(number: int) -> EventRef:
    return EventRef(source="/agencies/a", id=str(number), type="t", receipt=ID)


def decision(number: int, outcome: str = "disclosed", fingerprint: str = "same") -> DecisionTaken:
    due = ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=NOON, hours=1)
    return DecisionTaken(
        message=DecisionMade(
            decision_id=uuid5(ID, f"decision {number}"),
            event=ref(number),
            case=ID,
            about=Subject(ref="c1", subject_id=CHILD),
            audience="education",
            outcome=Outcome(outcome),
            because=(Reason(rule="r", version="1", says="Because."),),
            decided_at=NOON,
        ),
        fingerprint=fingerprint,
        terms=Disclosure(content={}, rests_on_consent=True, due=due, routing=Routing()),
        content=Sealed(str(CHILD), {"child.name": "Cat Test"}),
    )


def review(number: int) -> ObligationArisen:
    return ObligationArisen(
        task=uuid5(ID, f"task {number}"),
        kind="review-hold",
        event=ref(number),
        case=ID,
        about=Subject(ref="c1", subject_id=CHILD),
        audience="education",
        owner=Owner(organisation="a"),
        due=ClockRule(kind=ClockKind.AT_ONCE, starts_at=NOON),
        decision_id=uuid5(ID, f"decision {number}"),
    )


def take(
    number: int, *decisions: DecisionTaken, duties: Any = (), kind: Any = "decide"
) -> TakeEvent:
    return TakeEvent(
        kind=kind,
        taken=EventTaken(
            case=ID,
            source="/agencies/a",
            event_id=str(number),
            type="t",
            receipt=ID,
            agency="a",
            accepted_at=NOON,
            people=(),
            rest=Sealed(str(ID), {}),
        ),
        facts=FactsNoted(case=ID, facts=()),
        proposed=decisions,
        duties=tuple(duties),
        now=NOON,
    )


def given(*commands: CaseCommand) -> Any:
    """What the case answers to the next command, when it has taken these."""
    events: list[CaseEvent] = []
    for command in commands:
        state = reduce(CASE.evolve, events, CASE.initial)
        events += CASE.decide(command, state)
    state = reduce(CASE.evolve, events, CASE.initial)
    return lambda command: CASE.decide(command, state)


def test_an_event_is_kept_decided_and_answered() -> None:
    said = given()(take(1, decision(1)))

    assert [type(event) for event in said] == [EventTaken, FactsNoted, DecisionTaken, EventAnswered]


def test_the_same_event_is_taken_once() -> None:
    assert given(take(1, decision(1)))(take(1, decision(1))) == ()


def test_an_equal_decision_is_not_made_again_and_a_changed_one_supersedes() -> None:
    when = given(take(1, decision(1)))

    assert not [event for event in when(take(2, decision(2))) if isinstance(event, DecisionTaken)]
    [new] = [e for e in when(take(2, decision(2, fingerprint="x"))) if isinstance(e, DecisionTaken)]
    assert new.message.supersedes == decision(1).message.decision_id
    assert new.message.correction


def test_a_hold_is_released_with_its_terms_and_its_review_is_done() -> None:
    when = given(take(1, decision(1, "held"), duties=[review(1)]))
    command = ResolveHold(
        decision_id=decision(1).message.decision_id,
        outcome="disclosed",
        by="r",
        reason=Sealed(str(ID), "A reason"),
        now=NOON.replace(hour=18),
    )

    resolved, released, done = when(command)
    assert isinstance(resolved, HoldResolved)
    assert released.message.outcome is Outcome.DISCLOSED
    assert released.terms == decision(1, "held").terms
    assert done == ObligationEnded(task=review(1).task, how="done", at=command.now)


def test_what_is_not_held_cannot_be_resolved() -> None:
    command = ResolveHold(
        decision_id=decision(1).message.decision_id,
        outcome="withheld",
        by="r",
        reason=Sealed(str(ID), "A reason"),
        now=NOON,
    )
    for when in (given(), given(take(1, decision(1))), given(take(2, decision(2, "held")))):
        with pytest.raises(HoldUnknown):
            when(command)


def test_consent_that_goes_withholds_once() -> None:
    stop = StopResting(because={decision(1).message.decision_id: GONE}, now=NOON)

    [withheld] = given(take(1, decision(1)))(stop)
    assert withheld.message.outcome is Outcome.WITHHELD
    assert given(take(1, decision(1)), stop)(stop) == ()
    assert given(take(1, decision(1, "withheld")))(stop) == ()


def test_a_duty_that_stands_does_not_arise_again_and_one_that_is_gone_ends() -> None:
    when = given(take(1, decision(1, "held"), duties=[review(1)]))

    same = when(take(2, decision(2, "held"), duties=[review(2)]))
    assert not [e for e in same if isinstance(e, ObligationArose | ObligationEnded)]
    changed = when(take(2, decision(2, "held", "x"), duties=[review(2)]))
    assert [type(e) for e in changed if isinstance(e, ObligationArose | ObligationEnded)] == [
        ObligationEnded,
        ObligationArose,
    ]
    gone = when(take(2, decision(2, "withheld", "y")))
    assert [e.how for e in gone if isinstance(e, ObligationEnded)] == ["cancelled"]


def test_an_answer_ends_what_is_owed_and_no_assessment_of_a_breach() -> None:
    breach = review(2).model_copy(update={"kind": "assess-breach", "task": uuid5(ID, "breach")})
    asked = take(1, decision(1), duties=(review(1), breach))
    said = given(asked)(take(3, kind="answer"))

    assert [one.task for one in said if isinstance(one, ObligationEnded)] == [review(1).task]
