"""Who may read why something was corrected? Free text of the sender goes where its summary goes.

What a school may not read, and the names of others, keep the reason from
everybody but social care and the police; a correction is never held for its reason (ADR 0031).
"""

import re

from contracts.events.police import IncidentCorrected
from contracts.people import Person
from services.consent.domain.content import is_named
from services.consent.domain.decision import Decision
from services.consent.domain.matter import Matter, by_ref
from services.consent.domain.refuge import refuge_postcodes, without_refuges
from services.consent.domain.scan import unsuitable_for_school

_READ_WHOLE = frozenset({"childrens-social-care", "police"})


def reason_shown(matter: Matter, decision: Decision) -> str | None:
    content, terms = matter.content, decision.terms
    if not isinstance(content, IncidentCorrected) or terms is None:
        return None
    if not is_named(terms.agreement.profiles[terms.profile], "incident.summary"):
        return None
    text = content.correction.reason
    if decision.audience in _READ_WHOLE:
        return str(without_refuges(text, refuge_postcodes(matter)))
    if unsuitable_for_school(text) or _names_another(matter, decision.about, text):
        return None
    return text


def _names_another(matter: Matter, about: str, text: str) -> bool:
    said = set(re.findall(r"[\w'-]+", text.casefold()))
    people = by_ref(matter)
    own = _names(people[about])
    return any(said & (_names(person) - own) for ref, person in people.items() if ref != about)


def _names(person: Person) -> set[str]:
    told = (person.given_name, person.family_name, person.known_as or "")
    return {word for name in told for word in name.casefold().split()}
