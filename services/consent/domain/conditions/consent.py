"""Has the client allowed exactly this: this purpose, to this audience, of this category?

Latest word first; a refusal or withdrawal without a scope speaks of everything. Consent that may
not have been free, or not understood, is for a person to judge (domain 5.6).
"""

from collections.abc import Iterable
from datetime import date

from services.consent.domain.days import london_day
from services.consent.domain.facts import ConsentEntry
from services.consent.domain.question import Condition, Finding, Question, Unknown

_REFUSALS = {
    "refused": Finding(applies=False, says="The client refused.", rule="consent-refused"),
    "withdrawn": Finding(applies=False, says="The client withdrew.", rule="consent-withdrawn"),
}


def is_allowed(question: Question) -> Finding:
    matter = question.matter
    told = matter.episode or matter.appointment
    if told is None:
        raise Unknown("The event has no client whose consent could be asked.")
    purpose = str(question.params["purpose"])
    category = str(question.params["category"])
    return judge(
        question.facts.consents.get(told.client.ref, ()),
        purpose=purpose,
        audience=question.audience,
        category=category,
        day=london_day(matter.now),
    )


def judge(
    entries: Iterable[ConsentEntry], *, purpose: str, audience: str, category: str, day: date
) -> Finding:
    """Raises Unknown where a person must judge whether it was consent at all."""
    asked = sorted(entries, key=lambda entry: (entry.at, entry.kind != "given"))
    if not asked:
        return Finding(
            applies=False, says="The client was never asked.", rule="consent-never-asked"
        )
    relevant = [entry for entry in asked if _speaks_of(entry, purpose, audience, category)]
    if not relevant:
        return Finding(
            applies=False,
            says="What the client allowed does not cover this.",
            rule="consent-does-not-cover",
        )
    last = relevant[-1]
    if last.kind != "given":
        return _REFUSALS[last.kind]
    if last.expires_on is not None and last.expires_on < day:
        return Finding(applies=False, says="The consent has expired.", rule="consent-expired")
    if last.competence == "doubtful":
        raise Unknown("Whether the client could consent is in doubt.")
    if last.presence_doubtful:
        raise Unknown("Consent was given in somebody's presence: it may not have been free.")
    return Finding(applies=True, says="The client allowed it.", rule="consent-given")


def _speaks_of(entry: ConsentEntry, purpose: str, audience: str, category: str) -> bool:
    scope = (
        (entry.purposes, purpose),
        (entry.audiences, audience),
        (entry.categories, category),
    )
    if entry.kind == "given":
        return all(wanted in named for named, wanted in scope)
    return all(not named or wanted in named for named, wanted in scope)


# Whose presence takes nothing from a free answer. Everybody else's is for a person to judge.
_HARMLESS = frozenset(
    {
        "nobody",
        "no one",
        "none",
        "alone",
        "interpreter",
        "advocate",
        "solicitor",
        "keyworker",
        "key worker",
        "worker",
        "social worker",
        "nurse",
        "doctor",
    }
)


def is_presence_doubtful(in_presence_of: str | None) -> bool:
    return (
        in_presence_of is not None and " ".join(in_presence_of.casefold().split()) not in _HARMLESS
    )


CONDITIONS = {
    "client-allows-this-sharing": Condition(
        version="1", cites="UK GDPR Art 6(1)(a), 9(2)(a), 7", test=is_allowed
    ),
}
