"""What may be told under a reference that its sender has taken back? Nothing, unless a person says.

Which came first is asked of the sender, by the `time` of its events: a bus may turn them round
(ADR 0031).
"""

from dataclasses import replace

from contracts.messages import Outcome, Reason
from services.consent.domain.days import utc
from services.consent.domain.decision import Decision
from services.consent.domain.facts import Facts
from services.consent.domain.matter import Matter

BEFORE = Reason(
    rule="retracted-before-it-came",
    version="1",
    says="The sender took it back; the retraction came before what it takes back.",
)
AFTER = Reason(
    rule="reference-was-retracted",
    version="1",
    says="The sender has taken this reference back, and sends under it again.",
)


def is_older(matter: Matter, facts: Facts) -> bool:
    """Was it sent before the retraction that is known already? It is what was taken back."""
    if facts.retracted_at is None or matter.sent_at is None:
        return False
    return utc(matter.sent_at) < utc(facts.retracted_at)


def after_retraction(
    matter: Matter, facts: Facts, decisions: tuple[Decision, ...]
) -> tuple[Decision, ...]:
    """What would be told is withheld if it is older than the retraction, else held."""
    if facts.retracted_at is None:
        return decisions
    keep = _withheld if is_older(matter, facts) else _held
    return tuple(one if one.outcome is Outcome.WITHHELD else keep(one) for one in decisions)


def note_of(matter: Matter, facts: Facts) -> str:
    if facts.retracted_at is None:
        return ""
    if is_older(matter, facts):
        return "It was taken back before it came: nobody is told."
    return "Its reference was taken back: a person must say whether it may be told again."


def _withheld(decision: Decision) -> Decision:
    return replace(decision, outcome=Outcome.WITHHELD, because=(BEFORE,), terms=None)


def _held(decision: Decision) -> Decision:
    return replace(decision, outcome=Outcome.HELD, because=(AFTER, *decision.because))
