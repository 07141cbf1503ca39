"""What does an agency say of one of its services? What all may know, and what professionals may.

The six attributes of a mapped service are `details`, `criteria`, `referral`, `contra_indications`,
`contact` and `forms`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["service", "single-point-of-contact", "one-stop-shop"]
# As in Open Referral (HSDS).
Status: TypeAlias = Literal["active", "inactive", "defunct", "temporarily closed"]
By: TypeAlias = Literal["self", "professional", "anyone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    by: By
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleContact:
    """A desk, never a person: `title` is a role, `email` a mailbox that several people read."""

    title: str = ""
    email: str | None = None
    phone: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralForm:
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When it is open: parts of an RFC 5545 rule and two times of day, local (Europe/London).

    `days`: MO to SU; where `freq` is monthly each may say which of the month (2MO, -1FR).
    """

    days: tuple[str, ...] = ()
    opens: str | None = None
    closes: str | None = None
    freq: Literal["weekly", "monthly"] = "weekly"
    interval: int = 1
    month_days: tuple[int, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where one goes. Without a line there is no place to go to: it is visited online."""

    name: str = ""
    line: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access: str = ""  # steps, lifts, loops; where to arrive safely


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What may be public, once the owner says that it is (`publish`)."""

    organisation: str
    name: str
    kind: Kind = "service"
    status: Status = "active"
    details: str = ""
    criteria: str = ""
    referral: tuple[Referral, ...] = ()
    contra_indications: str = ""
    contact: RoleContact = field(default_factory=RoleContact)
    forms: tuple[ReferralForm, ...] = ()
    cost: str = ""
    needs: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    places: tuple[str, ...] = ()
    nationwide: bool = False
    hours: tuple[Hours, ...] = ()
    location: Location | None = None
    confidential_location: bool = False
    publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What is told to professionals under their key; `address` to the owner alone."""

    contact_name: str = ""
    phone: str = ""
    email: str = ""
    notes: str = ""
    address: Location | None = None  # of a service whose location is confidential
