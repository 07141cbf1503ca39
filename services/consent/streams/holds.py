"""What becomes of a decision when a person resolves its hold, or its consent goes?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import uuid5

from contracts.messages import Outcome, Reason
from services.consent.streams.changes import ended, withheld
from services.consent.streams.events import (
    CaseEvent,
    CaseReopened,
    DecisionTaken,
    HoldResolved,
    ObligationEnded,
    ReleaseProposed,
)
from services.consent.streams.state import (
    RELEASED,
    WITHHELD_BY_PERSON,
    Case,
    HoldUnknown,
    ResolveHold,
    SamePerson,
    StopResting,
    who_of,
)


def stopped(command: StopResting, case: Case) -> Iterator[CaseEvent]:
    for former in case.standing.values():
        because = command.because.get(former.message.decision_id)
        if because is not None and former.message.outcome is not Outcome.WITHHELD:
            yield withheld(former, because, command.now)
            yield from end_review(former, case, command.now, "cancelled")


def resolved(command: ResolveHold, case: Case) -> Iterator[CaseEvent]:
    former = next(
        (d for d in case.standing.values() if d.message.decision_id == command.decision_id), None
    )
    if case.closed or former is None or former.message.outcome is not Outcome.HELD:
        raise HoldUnknown
    if former.two_person and command.outcome == "disclosed":
        proposed = case.proposals.get(command.decision_id)
        if proposed is None:
            yield _proposed(command)
            return
        if _is_same_hand(command, proposed):
            raise SamePerson
    yield HoldResolved(
        decision_id=command.decision_id,
        outcome=command.outcome,
        by=command.by,
        reason=command.reason,
        resolved_at=command.now,
    )
    because = Reason(
        rule=RELEASED if command.outcome == "disclosed" else WITHHELD_BY_PERSON,
        version="1",
        says="A person looked at it; who and why is kept with the hold.",
    )
    if command.outcome == "withheld":
        # The same event again must not ask the same person again.
        yield replace(withheld(former, because, command.now), fingerprint=former.fingerprint)
    else:
        yield _released(former, because, command.now)
        yield from _reopened(case, command.now)
    yield from end_review(former, case, command.now, "done")


def _reopened(case: Case, now: datetime) -> Iterator[CaseEvent]:
    """What a person lets stand again counts again, in every history too."""
    if case.retracted_at is None or case.uncounted is None:
        return
    yield CaseReopened(case=case.uncounted.case, at=now)
    yield replace(case.uncounted, counted=True)


def _proposed(command: ResolveHold) -> ReleaseProposed:
    return ReleaseProposed(
        decision_id=command.decision_id,
        by=command.by,
        agency=command.agency,
        key_id=command.key_id,
        reason=command.reason,
        proposed_at=command.now,
    )


def _is_same_hand(command: ResolveHold, proposed: ReleaseProposed) -> bool:
    """One machine that names two people is one hand: it could name whom it likes."""
    same_key = command.key_id != "" and command.key_id == proposed.key_id
    return same_key or (command.by, command.agency) == (proposed.by, proposed.agency)


def _released(former: DecisionTaken, because: Reason, now: datetime) -> DecisionTaken:
    """Told as it would have been: the belief started its clock, and holding did not stop it."""
    message = former.message
    return replace(
        former,
        two_person=False,
        message=message.model_copy(
            update={
                "decision_id": uuid5(message.decision_id, "released"),
                "outcome": Outcome.DISCLOSED,
                "because": (because, *message.because),
                "decided_at": now,
                "supersedes": message.decision_id,
                "correction": False,
            }
        ),
    )


def end_review(
    former: DecisionTaken, case: Case, now: datetime, how: Literal["done", "cancelled"]
) -> Iterator[ObligationEnded]:
    duty = case.duties.get(("review-hold", *who_of(former)))
    if duty is not None and duty.task in case.open_tasks:
        yield ended(duty.task, how, now)
