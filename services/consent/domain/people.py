"""By which keyed hashes can these people be recognised elsewhere, without their names?"""

from collections.abc import Iterable

from contracts import identity
from contracts.messages import PupilKeys
from contracts.people import Person
from services.consent.domain.matter import Matter, by_ref, once
from services.consent.domain.whereabouts import family_of


def keys_of(person: Person, source: str, pepper: bytes) -> tuple[str, ...]:
    """All ways to be the same as another: an identifier, or name, birth and postcode."""
    given = person.identifiers
    found = [
        identity.upn_key(pepper, given.upn) if given.upn else None,
        identity.nhs_key(pepper, given.nhs_number) if given.nhs_number else None,
        identity.local_key(pepper, source, given.local) if given.local else None,
        *_person_keys(person, _postcodes([person]), pepper),
    ]
    return tuple(dict.fromkeys(key for key in found if key))


@once
def pupil_keys(matter: Matter, ref: str, pepper: bytes) -> PupilKeys:
    """How a register may know the child. Former addresses count: registers lag behind."""
    child = by_ref(matter)[ref]
    postcodes = _postcodes([child]) or _postcodes(family_of(matter, child))
    given, born = child.identifiers, child.date_of_birth
    return PupilKeys(
        urns=tuple(dict.fromkeys(entry.urn for entry in child.education if entry.urn)),
        upn=identity.upn_key(pepper, given.upn) if given.upn else None,
        person=tuple(_person_keys(child, postcodes, pepper)),
        nhs=identity.numbered_key(pepper, given.nhs_number, born)
        if given.nhs_number and born
        else None,
        also=tuple(_plain_keys(child, postcodes, pepper)),
    )


def _postcodes(people: Iterable[Person]) -> list[str]:
    found = [a.postcode for person in people for a in person.addresses if a.postcode]
    return list(dict.fromkeys(identity.postcode(code) for code in found))


def _person_keys(person: Person, postcodes: Iterable[str], pepper: bytes) -> list[str]:
    born = person.date_of_birth
    if born is None:
        return []
    return [
        identity.person_key(pepper, person.given_name, person.family_name, born, code)
        for code in postcodes
    ]


def _plain_keys(person: Person, postcodes: Iterable[str], pepper: bytes) -> list[str]:
    """Also by the name that the child goes by."""
    born = person.date_of_birth
    if born is None:
        return []
    calls = [person.given_name, *([person.known_as] if person.known_as else [])]
    names = [(each, person.family_name) for each in calls]
    return [
        key for code in postcodes for key in identity.plain_person_keys(pepper, names, born, code)
    ]
