"""What happened in consent? The events of its log; what is personal in them is sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

from contracts.messages import (
    CaseWithdrawn,
    DecisionMade,
    Disclosure,
    EventDecided,
    ObligationArisen,
)
from services.chassis.sealing import Sealed
from services.consent.domain.noting import Noted


@dataclass(frozen=True, kw_only=True)
class Described:
    """One person of an event, sealed under their own key."""

    ref: str
    subject: UUID
    keys: tuple[str, ...]
    person: Sealed


@dataclass(frozen=True, kw_only=True)
class EventTaken:
    """The raw event as it came, in pieces: each person for themselves, the rest for the case."""

    case: UUID
    source: str
    event_id: str
    type: str
    receipt: UUID
    agency: str
    accepted_at: datetime
    people: tuple[Described, ...]
    rest: Sealed


@dataclass(frozen=True, kw_only=True)
class FactsNoted:
    """These replace every fact that the case left before."""

    case: UUID
    facts: tuple[Noted, ...]


@dataclass(frozen=True, kw_only=True)
class Resting:
    """Whose consent it rests on, and of what exactly: what is asked again before sending."""

    keys: tuple[str, ...]
    purpose: str
    category: str


@dataclass(frozen=True, kw_only=True)
class DecisionTaken:
    """`message` without its disclosure; `terms` without their content, which is sealed.

    A held decision has terms too, ready for a person who releases it.
    """

    message: DecisionMade
    fingerprint: str
    terms: Disclosure | None = None
    content: Sealed | None = None
    resting: Resting | None = None


@dataclass(frozen=True, kw_only=True)
class HoldResolved:
    decision_id: UUID
    outcome: Literal["disclosed", "withheld"]
    by: str
    reason: Sealed
    resolved_at: datetime


@dataclass(frozen=True, kw_only=True)
class ObligationArose:
    message: ObligationArisen


@dataclass(frozen=True, kw_only=True)
class ObligationEnded:
    task: UUID
    how: Literal["done", "cancelled"]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseClosed:
    message: CaseWithdrawn


@dataclass(frozen=True, kw_only=True)
class EventAnswered:
    message: EventDecided


@dataclass(frozen=True, kw_only=True)
class PoliciesSet:
    """All of them: what is not listed is no policy any more."""

    policies: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class SignatoriesSet:
    """`organisations` None: every organisation has signed."""

    agreement: str
    organisations: tuple[str, ...] | None


CaseEvent: TypeAlias = (
    EventTaken
    | FactsNoted
    | DecisionTaken
    | HoldResolved
    | ObligationArose
    | ObligationEnded
    | CaseClosed
    | EventAnswered
)
SettingEvent: TypeAlias = PoliciesSet | SignatoriesSet
