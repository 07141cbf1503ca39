"""Where does somebody live now, and how do we know that?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.people import Address, Person
from services.consent.domain.days import london_day
from services.consent.domain.kinship import is_parent_of
from services.consent.domain.matter import Matter, by_ref, once, parties_of

Source = Literal["own", "family", "incident", "conference"]

# On the same day a refuge is believed before a lodging, and that before a home that was left.
_NEWEST = {"refuge": 2, "temporary": 1, "home": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    local_authority: str | None
    police_area: str | None
    source: Source
    postcode: str | None = None


def current_address(person: Person, day: date) -> Address | None:
    """The latest by `since` of those where people live; both days of the span are inside."""
    living = [
        address
        for address in person.addresses
        if address.kind in _NEWEST
        and (address.since is None or address.since <= day)
        and (address.until is None or day <= address.until)
    ]
    return max(living, key=lambda a: (a.since or date.min, _NEWEST[a.kind]), default=None)


def own_place(person: Person, day: date) -> Place | None:
    address = current_address(person, day)
    if address is None or not (address.local_authority or address.police_area):
        return None
    return Place(
        local_authority=address.local_authority,
        police_area=address.police_area,
        source="own",
        postcode=address.postcode,
    )


def place_of(matter: Matter, person: Person) -> Place | None:
    """Their own address; else that of the family in the same event; else where it happened."""
    return _place_of(matter, person.ref)


@once
def _place_of(matter: Matter, ref: str) -> Place | None:
    person = by_ref(matter)[ref]
    day = london_day(matter.now)
    own = own_place(person, day)
    if own is not None:
        return own
    for relative in family_of(matter, person):
        found = own_place(relative, day)
        if found is not None:
            return Place(
                local_authority=found.local_authority,
                police_area=found.police_area,
                source="family",
            )
    location = matter.incident.location if matter.incident else None
    if location is None or not (location.local_authority or location.police_area):
        return None
    return Place(
        local_authority=location.local_authority,
        police_area=location.police_area,
        source="incident",
    )


def family_of(matter: Matter, person: Person) -> Iterable[Person]:
    """The person harmed first; the other adult last, who may be the one that left."""
    people = by_ref(matter)
    if matter.incident is None:
        client = matter.episode or matter.appointment
        return [client.client] if client and client.client.ref != person.ref else []
    parties = [people[ref] for ref in parties_of(matter.incident)]
    # By ref: in which order the sender lists people says nothing of them.
    parents = [people[ref] for ref in sorted(people) if is_parent_of(people[ref], person)]
    ordered = [
        parties[0],
        *[one for one in parents if one not in parties],
        *[one for one in parties[1:] if one in parents],
    ]
    return [one for one in ordered if one.ref != person.ref]
