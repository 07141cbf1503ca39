"""Has the client allowed exactly this: this purpose, to this audience, of this category?

Latest word first; a refusal or withdrawal without a scope speaks of everything. Consent that may
not have been free, or not understood, is for a person to judge.
"""

from collections.abc import Iterable
from datetime import date

from services.consent.domain.days import london_day
from services.consent.domain.facts import ConsentEntry
from services.consent.domain.question import Condition, Finding, Question, Unknown


class RefusalInDoubt(Unknown):
    """Somebody said no, and may not have been free to say yes, or able to decide."""


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
    """Raises Unknown where a person must judge whether it was consent, or refusal, at all.

    What another adult says in the client's place is no consent, and no refusal that stops. The
    client's withdrawal stops whoever was in the room: from its receipt, and without a hold.
    """
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
    own = [entry for entry in relevant if entry.whose != "another"]
    if not own:
        return Finding(
            applies=False,
            says="Somebody answered in the client's place; the client was not asked.",
            rule="consent-never-asked",
        )
    last = own[-1]
    if last.kind == "refused" and (_is_in_doubt(last) or last.presence_doubtful):
        raise RefusalInDoubt("Whether the client's refusal was their own is in doubt.")
    if last.kind != "given":
        return _REFUSALS[last.kind]
    if last.expires_on is not None and last.expires_on < day:
        return Finding(applies=False, says="The consent has expired.", rule="consent-expired")
    if _is_in_doubt(last):
        raise Unknown("Whether the client could consent is in doubt.")
    if last.presence_doubtful:
        raise Unknown("Consent was given in somebody's presence: it may not have been free.")
    return Finding(applies=True, says="The client allowed it.", rule="consent-given")


def _is_in_doubt(entry: ConsentEntry) -> bool:
    return entry.competence == "doubtful" or entry.whose == "doubtful"


def _speaks_of(entry: ConsentEntry, purpose: str, audience: str, category: str) -> bool:
    scope = (
        (entry.purposes, purpose),
        (entry.audiences, audience),
        (entry.categories, category),
    )
    if entry.kind == "given":
        return all(wanted in named for named, wanted in scope)
    return all(not named or wanted in named for named, wanted in scope)


CONDITIONS = {
    "client-allows-this-sharing": Condition(
        version="1", cites="UK GDPR Art 6(1)(a), 9(2)(a), 7", test=is_allowed
    ),
}
