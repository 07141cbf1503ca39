"""What may a condition look at, and how does it answer?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.agreements import Agreement
from contracts.people import Person
from services.consent.domain.facts import SETTLED_ONCE, Area, Facts, Policy
from services.consent.domain.matter import Matter
from services.consent.domain.whereabouts import Place, place_of


class Unknown(Exception):
    """The condition cannot be evaluated: a person must look. The text names no one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`rule` replaces the agreement's own id where one condition has several ways to end."""

    applies: bool
    says: str
    rule: str | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """May this audience be told about this person, under this agreement?"""

    matter: Matter
    facts: Facts
    area: Area
    person: Person
    audience: str
    place: Place | None
    policy: Policy
    shown: frozenset[str] = frozenset()  # what the profile would let the audience see
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day that counts for ages: the day of belief."""
        return self.matter.day_of_belief


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A named predicate. Its version goes into every reason that rests on it."""

    version: str
    cites: str
    test: Callable[[Question], Finding]


def ask(
    matter: Matter,
    facts: Facts,
    area: Area,
    person: Person,
    audience: str,
    agreement: Agreement,
) -> Question:
    place = place_of(matter, person) or _of_the_conference(matter, area)
    policy = settled(area, agreement.id, place)
    return Question(
        matter=matter,
        facts=facts,
        area=area,
        person=person,
        audience=audience,
        place=place,
        policy=policy,
        shown=frozenset(agreement.profiles[profile_of(agreement, audience, policy)]),
    )


def _of_the_conference(matter: Matter, area: Area) -> Place | None:
    """Who refers without an address has still said which conference, and so which area."""
    conference = matter.conference and area.organisations.get(matter.conference.area)
    if not conference or not (conference.local_authority or conference.police_area):
        return None
    return Place(
        local_authority=conference.local_authority,
        police_area=conference.police_area,
        source="conference",
    )


def profile_of(agreement: Agreement, audience: str, policy: Policy) -> str:
    """The area's choice, where it may choose that for this audience; else the agreement's own."""
    if policy.profile is not None and policy.profile in agreement.choosable(audience):
        return policy.profile
    return next(r.default_profile for name, r in agreement.audiences.items() if name == audience)


def settled(area: Area, agreement: str, place: Place | None) -> Policy:
    """Policies go by the home: the authority's word first, then the force's, key by key.

    What either settles for the agreement goes before what it settles once for all of them.
    """
    if place is None:
        return Policy(agreement=agreement)
    ranked = _of_home(area, agreement, place)
    settings: dict[str, Any] = {}
    for policy in reversed(_of_home(area, None, place)):
        settings |= {name: policy.settings[name] for name in SETTLED_ONCE & set(policy.settings)}
    for policy in reversed(ranked):
        settings |= policy.settings
    return Policy(
        agreement=agreement,
        profile=next((policy.profile for policy in ranked if policy.profile), None),
        settings=settings,
    )


def _of_home(area: Area, agreement: str | None, place: Place) -> list[Policy]:
    """The first counts most."""
    mine = [policy for policy in area.policies if policy.agreement == agreement]
    return [
        *(p for p in mine if p.local_authority and p.local_authority == place.local_authority),
        *(
            p
            for p in mine
            if p.local_authority is None and p.police_area and p.police_area == place.police_area
        ),
    ]
