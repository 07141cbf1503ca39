"""Who is it? A person as agencies describe one, with what routing and safety need of them.

A `ref` is local to its event: it never makes two people the same (contracts.identity does).
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from contracts.problems import Finding, refuse
from contracts.scalars import (
    Day,
    Flag,
    GssCode,
    NhsNumber,
    OrganisationId,
    Postcode,
    Ref,
    Shape,
    Text,
    Upn,
    Uprn,
    Urn,
    Word,
)

AddressKind = Literal["home", "refuge", "temporary", "other"]
EducationStatus = Literal[
    "registered", "further-education", "home-educated", "missing-education", "unknown"
]
RelationshipKind = Literal[
    "partner",
    "ex-partner",
    "parent",
    "step-parent",
    "parental-responsibility",
    "child",
    "step-child",
    "sibling",
    "relative",
    "unrelated",
    "unknown",
]


class Identifiers(Shape):
    """The NHS number's check digit is not judged: numbers made for tests often lack a right one."""

    upn: Upn | None = None
    nhs_number: NhsNumber | None = None
    local: Word | None = None


class Address(Shape):
    kind: AddressKind
    lines: tuple[Word, ...] = ()
    postcode: Postcode | None = None
    uprn: Uprn | None = None
    local_authority: GssCode | None = None
    police_area: GssCode | None = None
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            refuse([Finding(at=("until",), detail="Ends before it begins")])
        return self


class Workplace(Shape):
    urn: Urn | None = None
    organisation: OrganisationId | None = None
    name: Word | None = None


class Education(Shape):
    status: EducationStatus
    urn: Urn | None = None
    name: Word | None = None
    confirmed_by: Word | None = None


class Relationship(Shape):
    """Read it as "this person is the KIND of `to`"."""

    to: Ref
    kind: RelationshipKind


class SafeContact(Shape):
    """How not to put the person in danger by getting in touch."""

    safe_to_call: Flag
    never_contact_via: tuple[Word, ...] = ()
    notes: Text | None = None


class Person(Shape):
    ref: Ref
    given_name: Word
    family_name: Word
    known_as: Word | None = None
    date_of_birth: Day | None = None
    sex: Word | None = None
    identifiers: Identifiers = Identifiers()
    addresses: tuple[Address, ...] = ()
    works_or_volunteers_at: tuple[Workplace, ...] = ()
    education: tuple[Education, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    safe_contact: SafeContact | None = None

    def age_on(self, day: date) -> int | None:
        """Whole years; one born on 29 February is a year older on 1 March in common years."""
        born = self.date_of_birth
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


Placed = tuple[tuple[str | int, ...], Person]  # where in the event, and who


def repeated_refs(people: Iterable[Placed]) -> list[Finding]:
    """A ref names one person within its event."""
    seen: set[str] = set()
    findings = []
    for at, person in people:
        if person.ref in seen:
            findings.append(Finding(at=(*at, "ref"), detail="This ref names another person too"))
        seen.add(person.ref)
    return findings


def born_later(people: Iterable[Placed], day: date) -> list[Finding]:
    """Nobody takes part in what happened before they were born."""
    return [
        Finding(at=(*at, "date_of_birth"), detail="Born after the event")
        for at, person in people
        if person.date_of_birth is not None and person.date_of_birth > day
    ]
