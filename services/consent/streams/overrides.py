"""What becomes of a decision when a person overrides it, and when that is reviewed? ADR 0029."""

from collections.abc import Iterator
from dataclasses import replace

from contracts.messages import Outcome, Reason
from services.consent.domain.overriding import NOT_UPHELD, OVERRIDDEN
from services.consent.streams.changes import ended, withheld
from services.consent.streams.events import (
    CaseEvent,
    DecisionTaken,
    ObligationArose,
    OverrideReviewed,
)
from services.consent.streams.holds import end_review
from services.consent.streams.state import (
    Case,
    DecisionReplaced,
    OverrideDecision,
    ReviewOverride,
    SamePerson,
)

_OVERRIDDEN = Reason(
    rule=OVERRIDDEN,
    version="1",
    says="A named person disclosed it for a risk of serious harm now; it is reviewed.",
)
_NOT_UPHELD = Reason(
    rule=NOT_UPHELD,
    version="1",
    says="The override was reviewed and not upheld: what was told is taken back.",
)


def overridden(command: OverrideDecision, case: Case) -> Iterator[CaseEvent]:
    former = next(
        (d for d in case.standing.values() if d.message.decision_id == command.fact.former), None
    )
    if case.closed or former is None:
        raise DecisionReplaced
    yield command.fact
    yield _disclosed(command.decision, former)
    yield from end_review(former, case, command.fact.overridden_at, "done")
    yield ObligationArose(message=command.review)


def _disclosed(decision: DecisionTaken, former: DecisionTaken) -> DecisionTaken:
    """With the fingerprint of what it overrides: the same event again does not undo it."""
    message = former.message
    return replace(
        decision,
        fingerprint=former.fingerprint,
        message=decision.message.model_copy(
            update={
                "outcome": Outcome.DISCLOSED,
                "because": (_OVERRIDDEN, *message.because),
                "supersedes": message.decision_id,
                "correction": False,
            }
        ),
    )


def reviewed(command: ReviewOverride, case: Case) -> Iterator[CaseEvent]:
    fact = case.overrides.get(command.decision_id)
    if fact is None or command.decision_id in case.reviewed:
        raise DecisionReplaced
    if fact.by == command.by:
        raise SamePerson
    yield OverrideReviewed(
        decision_id=command.decision_id,
        outcome=command.outcome,
        by=command.by,
        reason=command.reason,
        reviewed_at=command.now,
    )
    standing = next(
        (d for d in case.standing.values() if d.message.decision_id == command.decision_id), None
    )
    if command.outcome == "not-upheld":
        if standing is not None:
            # As a correction: what was read is taken back too, and its deletion asked for.
            taken_back = withheld(standing, _NOT_UPHELD, command.now, correction=True)
            yield replace(taken_back, fingerprint=standing.fingerprint)
        # Also where something else stands by now: it was told for as long as the override stood.
        yield ObligationArose(message=command.breach)
    yield ended(fact.review, "done", command.now)
