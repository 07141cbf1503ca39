"""What could be said at all, by field path? A profile picks from it; nothing else leaves.

Every path is written out: a field that is added to an event is seen by nobody until somebody adds
it here and a profile names it (UK GDPR Art 5(1)(c)).
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from contracts.events.marac import MaracReferralMade
from contracts.events.police import IncidentRecorded
from contracts.events.referral import ReferralMade
from services.consent.domain.child_content import child_fields
from services.consent.domain.history_content import across_agencies
from services.consent.domain.incident_content import incident_fields, sender_of
from services.consent.domain.matter import Matter, by_ref, children_of, once
from services.consent.domain.question import Question
from services.consent.domain.referral_content import conference_fields, referral_fields
from services.consent.domain.refuge import refuge_postcodes, without_refuges
from services.consent.domain.telling import Fields, described, kept
from services.consent.domain.treatment_content import treatment_fields


def available(question: Question) -> Fields:
    """Everything that has a value, by path. What is None or empty was not told to us."""
    matter = question.matter
    found: Fields = {"people": _people(matter)}
    if question.person.ref in {child.ref for child in children_of(matter)}:
        found |= child_fields(question)
    found |= _of_the_event(question)
    found |= across_agencies(question)
    return kept(without_refuges(found, refuge_postcodes(matter)))


def _of_the_event(question: Question) -> Fields:
    matter = question.matter
    match matter.content:
        case IncidentRecorded():
            return incident_fields(question)
        case MaracReferralMade() as made:
            return conference_fields(matter, made, sender_of(question))
        case ReferralMade() as made:
            return referral_fields(made, sender_of(question))
        case _:
            return treatment_fields(matter, sender_of(question))


@once
def _people(matter: Matter) -> list[Fields]:
    return [described(person) for person in by_ref(matter).values()]


def pick(fields: Mapping[str, Any], profile: Iterable[str]) -> Fields:
    """The allow-list at work. `incident.*` is every path below `incident`."""
    named = tuple(profile)
    return {path: value for path, value in fields.items() if is_named(named, path)}


def is_named(profile: Iterable[str], path: str) -> bool:
    paths, below = _sorted(tuple(profile))
    return path in paths or path.startswith(below)


@lru_cache  # there are few profiles, and every field of every disclosure is held against one
def _sorted(profile: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    below = tuple(allowed[:-1] for allowed in profile if allowed.endswith(".*"))
    return frozenset(profile), below
