"""What becomes of a withheld decision when a ground has arisen since? It is told, or reviewed."""

from collections.abc import Iterator
from dataclasses import replace

from contracts.messages import Outcome
from services.consent.domain.grounds import AROSE
from services.consent.domain.overriding import NOT_UPHELD
from services.consent.streams.changes import superseding
from services.consent.streams.events import CaseEvent, DecisionTaken, ObligationArose
from services.consent.streams.holds import end_review
from services.consent.streams.state import WITHHELD_BY_PERSON, Case, DecideAgain, duty_of

# A person has said no: what they did not know then is for a person again.
_BY_A_PERSON = frozenset({WITHHELD_BY_PERSON, NOT_UPHELD})


def decided_again(command: DecideAgain, case: Case) -> Iterator[CaseEvent]:
    """Nothing for what is told already, and nothing where there is still no ground."""
    former = next(
        (d for d in case.standing.values() if d.message.decision_id == command.former), None
    )
    proposed = command.proposed
    if case.closed or former is None or former.message.outcome is Outcome.DISCLOSED:
        return
    if proposed.message.outcome in (Outcome.WITHHELD, former.message.outcome):
        return
    judged = _BY_A_PERSON & {reason.rule for reason in former.message.because}
    outcome = Outcome.HELD if judged else proposed.message.outcome
    yield _now(proposed, former, outcome)
    yield from end_review(former, case, proposed.message.decided_at, "done")
    owed = command.duties if outcome is Outcome.DISCLOSED else (command.review,)
    for duty in owed:
        if duty_of(duty) not in case.duties or duty is command.review:
            yield ObligationArose(message=duty)


def _now(proposed: DecisionTaken, former: DecisionTaken, outcome: Outcome) -> DecisionTaken:
    because = (AROSE, *proposed.message.because)
    message = proposed.message.model_copy(update={"outcome": outcome, "because": because})
    return superseding(replace(proposed, message=message), former)
