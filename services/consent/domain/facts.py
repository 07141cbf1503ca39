"""What is known besides the event itself, at the moment of deciding?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from contracts.messages import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The safeguarding status of one child, as social care told it."""

    status: str
    since: date
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """One time that a person was asked or spoke: nothing here says who.

    A withdrawal counts from its receipt. A refusal or withdrawal without scope is of everything.
    """

    consent: str
    kind: Literal["given", "refused", "withdrawn"]
    at: datetime
    purposes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    competence: str | None = None
    presence_doubtful: bool = False
    whose: Literal["own", "doubtful", "another"] = "own"
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaracEntry:
    """A pair was referred to a MARAC, or its case was heard. `area` is the MARAC's organisation."""

    kind: Literal["referral", "meeting"]
    at: datetime
    area: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """By `ref` of the event that is being decided; the gatherer has matched the people."""

    statuses: Mapping[str, tuple[Status, ...]] = field(default_factory=dict)
    consents: Mapping[str, tuple[ConsentEntry, ...]] = field(default_factory=dict)
    earlier: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    missed: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)  # by a parent
    harm_stated: frozenset[str] = frozenset()  # children this agency referred for significant harm
    between: tuple[datetime, ...] = ()  # other incidents of the same pair in the same roles
    reversed_between: tuple[datetime, ...] = ()  # of the same two in reversed roles
    marac: tuple[MaracEntry, ...] = ()
    marac_reversed: tuple[MaracEntry, ...] = ()
    retracted_at: datetime | None = (
        None  # its sender took this reference back, at this time of theirs
    )
    still_held: frozenset[str] = frozenset()  # audiences that wait in this case for a person


# The conference's threshold is one in an area, whoever is told of who reaches it.
SETTLED_ONCE = frozenset({"marac_threshold", "escalation_count"})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What one area has settled for one agreement. What it leaves out is the agreement's own.

    Without an agreement: what it has settled once for all of them, of what SETTLED_ONCE names.
    """

    agreement: str | None
    local_authority: str | None = None
    police_area: str | None = None
    profile: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)  # by the names of `agreement.area`


@dataclass(frozen=True, kw_only=True)
class Area:
    """Who is who, who has signed, and what the areas have settled."""

    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    forces: Mapping[str, str] = field(default_factory=dict)  # police area by local authority
    signatories: Mapping[str, frozenset[str]] = field(default_factory=dict)  # absent: everybody
