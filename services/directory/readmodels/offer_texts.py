"""Which texts of a service would everybody read, and what gives away what is private?"""

import hmac
from collections.abc import Iterable, Iterator

from contracts.messages import Contact
from services.directory.domain import wordings
from services.directory.domain.offer import Offer, Private
from services.directory.domain.wordings import Finding
from services.directory.streams.organisation import Known

REFUGE = "refuge"


def free_texts(said: Offer) -> Iterator[tuple[str, str]]:
    """With pointers. What is written freely, where anything may stand."""
    yield "/name", said.name
    yield "/details", said.details
    yield "/criteria", said.criteria
    for at, each in enumerate(said.referral):
        yield f"/referral/{at}/how", each.how
    yield "/contra_indications", said.contra_indications
    yield "/contact/title", said.contact.title
    for at, form in enumerate(said.forms):
        yield f"/forms/{at}/name", form.name
        yield f"/forms/{at}/url", form.url
    yield "/contact/url", said.contact.url or ""
    yield "/cost", said.cost
    for at, hours in enumerate(said.hours):
        yield f"/hours/{at}/notes", hours.notes
    if said.location is not None:
        for name in ("name", "town", "county", "access"):
            yield f"/location/{name}", getattr(said.location, name)


def public_texts(said: Offer, owner_name: str) -> Iterator[str]:
    """Everything that would leave, also from fields made for it."""
    yield from (text for _, text in free_texts(said))
    yield owner_name
    yield said.contact.email or ""
    if said.location is not None:
        yield said.location.line
        yield said.location.postcode


def findings(said: Offer) -> tuple[Finding, ...]:
    return wordings.findings(
        free_texts(said),
        own_phone=said.contact.phone or "",
        confidential=said.confidential_location,
    )


def traces(texts: Iterable[str], pepper: bytes) -> set[int]:
    """Of each text by itself: a name is not made of the end of one and the start of another."""
    said = frozenset[str]().union(*(wordings.traces(text) for text in texts))
    return {_keyed(pepper, each) for each in said}


def private_of_people(known: Known, pepper: bytes) -> set[int]:
    said = frozenset[str]().union(*(_of_contact(each) for each in known.contacts))
    return {_keyed(pepper, each) for each in said}


def private_of_refuge(known: Known, pepper: bytes) -> set[int]:
    """Of a refuge even the name."""
    if known.profile is None or known.profile.kind != REFUGE:
        return set()
    return {_keyed(pepper, each) for each in wordings.of_phrase(known.profile.name)}


def private_of_offer(private: Private, pepper: bytes) -> set[int]:
    given, _, family = private.contact_name.rpartition(" ")
    said = wordings.of_person(given, family) | wordings.of_number(private.phone)
    said |= wordings.of_phrase(private.contact_name) | wordings.of_phrase(private.email)
    if (at := private.address) is not None:
        said |= wordings.of_address(at.name, at.line) | wordings.of_phrase(at.postcode)
    return {_keyed(pepper, each) for each in said}


def _of_contact(contact: Contact) -> frozenset[str]:
    """Whatever way to reach a person is added to a contact, it is written with @ or in figures."""
    said = wordings.of_person(contact.given_name, contact.family_name)
    for text in _strings(
        contact.model_dump(exclude={"id", "role", "known_by", "confirmation", "away"})
    ):
        said |= wordings.of_phrase(text) if "@" in text else wordings.of_number(text)
    return said


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list() | tuple():
            for each in value:
                yield from _strings(each)


def _keyed(pepper: bytes, trace: str) -> int:
    digest = hmac.digest(pepper, f"wording\x1f{trace}".encode(), "sha256")
    return int.from_bytes(digest[:8], signed=True)
