"""Who must not read of this event, and where do they work? Divert, never suppress (ADR 0030).

Nobody reads about an incident to which they are a party, nor whom the sender names, nor who shares
one name and the day of birth, or a home, with one of them. Keyed hashes only: who routes and
delivers never holds the names of the parties.
"""

from collections.abc import Iterator

from contracts import identity
from contracts.people import Address, Person
from services.consent.domain.days import london_day
from services.consent.domain.matter import Matter, by_ref, children_of, once, parties_of


@once
def barred_readers(matter: Matter, pepper: bytes) -> tuple[str, ...]:
    found = [key for party in _parties(matter) for key in _keys_of_party(party, pepper)]
    found += [key for person in _household(matter) for key in _homes(matter, person, pepper)]
    incident = matter.incident
    named = incident.handling.not_readers if incident and incident.handling else ()
    found += [identity.reader_key(pepper, one.given_name, one.family_name) for one in named]
    return tuple(dict.fromkeys(found))


@once
def workplaces(matter: Matter) -> tuple[str, ...]:
    """Ids and URNs of every place where a party works or volunteers, as the event names them."""
    works = [work for party in _parties(matter) for work in party.works_or_volunteers_at]
    named = [name for work in works for name in (work.organisation, work.urn) if name]
    return tuple(dict.fromkeys(named))


@once
def _parties(matter: Matter) -> tuple[Person, ...]:
    """Of what is no incident: everybody but the children for whose sake it is told."""
    people = by_ref(matter)
    if matter.incident is not None:
        return tuple(people[ref] for ref in parties_of(matter.incident))
    children = {child.ref for child in children_of(matter)}
    return tuple(person for person in people.values() if person.ref not in children)


def _household(matter: Matter) -> tuple[Person, ...]:
    """Who lives with the child is of the family, whatever their name."""
    return (*_parties(matter), *children_of(matter))


def _keys_of_party(party: Person, pepper: bytes) -> Iterator[str]:
    yield identity.reader_key(pepper, party.given_name, party.family_name)
    if party.known_as:
        yield identity.reader_key(pepper, party.known_as, party.family_name)
    if party.date_of_birth is not None:
        yield from identity.birth_keys(
            pepper, party.given_name, party.family_name, party.date_of_birth
        )


def _homes(matter: Matter, person: Person, pepper: bytes) -> Iterator[str]:
    """Never a refuge: what would be known of it is of no use here. Without a line, the postcode."""
    for address in person.addresses:
        if address.postcode and address.kind != "refuge" and not _has_ended(address, matter):
            line = address.lines[0] if address.lines else None
            yield identity.household_key(pepper, address.postcode, line)


def _has_ended(address: Address, matter: Matter) -> bool:
    return address.until is not None and address.until < london_day(matter.now)
