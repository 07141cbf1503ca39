"""Is it clear who was harmed, and may the one who was be overruled? Both are for a person.

Whoever acts upon who is harmed must not be told the wrong one; a school is not told who is, and the
duty towards the child does not depend on it.
"""

from collections.abc import Iterable

from contracts.events.marac import MaracReferralMade
from services.consent.domain.days import within_months_after
from services.consent.domain.facts import ConsentEntry
from services.consent.domain.matter import children_of
from services.consent.domain.question import Condition, Finding, Question, Unknown

_ADULT = 18


def are_roles_reversed(question: Question) -> Finding:
    """Each accuses the other, or it was the other way round not long ago."""
    incident, facts = question.matter.incident, question.facts
    if incident is not None and incident.parties.counter_allegation:
        return Finding(
            applies=True,
            says="Each side accuses the other: a person says who is to be protected.",
            rule="each-accuses-the-other",
        )
    months, then = int(question.params["months"]), question.matter.happened_at
    earlier = (*facts.reversed_between, *(entry.at for entry in facts.marac_reversed))
    if any(at == then or within_months_after(at, then, months) for at in earlier):
        return Finding(
            applies=True,
            says="The same two were known in reversed roles: a person says who is to be protected.",
        )
    return Finding(applies=False, says="Nothing shows the same two in reversed roles.")


def has_refused_alone_at_risk(question: Question) -> Finding:
    """A capable adult's word is neither overridden nor obeyed by a machine."""
    age = question.person.age_on(question.day)
    if age is not None and age < _ADULT:
        return Finding(applies=False, says="Not an adult whose refusal would decide.")
    if _others_at_risk(question):
        return Finding(applies=False, says="A child is at risk too: the refusal does not decide.")
    if _refuses_in_the_event(question):
        return Finding(applies=True, says="They refuse, and nobody else is known to be at risk.")
    last = _last_word(question.facts.consents.get(question.person.ref, ()), question.audience)
    if last is None or last.kind == "given":
        return Finding(applies=False, says="No refusal is recorded.")
    if last.competence == "doubtful":
        raise Unknown("Whether their refusal was their own is in doubt.")
    return Finding(applies=True, says="They refused, and nobody else is known to be at risk.")


def _others_at_risk(question: Question) -> bool:
    content = question.matter.content
    if isinstance(content, MaracReferralMade):
        return bool(content.children)
    return bool(children_of(question.matter))


def _refuses_in_the_event(question: Question) -> bool:
    content = question.matter.content
    return isinstance(content, MaracReferralMade) and content.consent == "refused"


def _last_word(entries: Iterable[ConsentEntry], audience: str) -> ConsentEntry | None:
    """A refusal without a scope speaks of everybody; what was given only of whom it names."""
    mine = [
        entry
        for entry in entries
        if audience in entry.audiences or (entry.kind != "given" and not entry.audiences)
    ]
    return max(mine, key=lambda entry: (entry.at, entry.kind != "given"), default=None)


CONDITIONS = {
    "roles-are-reversed": Condition(
        version="1", cites="SafeLives; West Wales MARAC table", test=are_roles_reversed
    ),
    "refused-and-alone-at-risk": Condition(
        version="1",
        cites="BMA adults at risk; GMC confidentiality",
        test=has_refused_alone_at_risk,
    ),
}
