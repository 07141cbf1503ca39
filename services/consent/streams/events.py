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
from contracts.signatures import Signature
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
    sent_at: datetime | None = None  # by the sender's own clock


@dataclass(frozen=True, kw_only=True)
class FactsNoted:
    """These replace every fact that the case left before.

    Not `counted`: the case is taken back, and a person has not said yet whether it stands again.
    """

    case: UUID
    facts: tuple[Noted, ...]
    counted: bool = True


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
    why_corrected: Sealed | None = None  # the sender's own words
    resting: Resting | None = None
    two_person: bool = False  # held, and two must release it


@dataclass(frozen=True, kw_only=True)
class ReleaseProposed:
    """The first of two who release a hold. Nothing is told by it."""

    decision_id: UUID
    by: str
    agency: str
    key_id: str  # of the machine that spoke for them; empty where they had signed in
    reason: Sealed
    proposed_at: datetime


@dataclass(frozen=True, kw_only=True)
class HoldResolved:
    decision_id: UUID
    outcome: Literal["disclosed", "withheld"]
    by: str
    reason: Sealed
    resolved_at: datetime


@dataclass(frozen=True, kw_only=True)
class DecisionOverridden:
    """A named person disclosed what was withheld or held, because of serious harm now (ADR 0029).

    `decision_id` is the decision that came of it, `former` the one that was overridden.
    `subject_told` is asked where the person had refused or withdrawn.
    """

    decision_id: UUID
    former: UUID
    case: UUID
    audience: str
    by: str
    rank: str
    reason: Sealed
    risk: Sealed
    subject_told: bool | None
    review: UUID  # the task
    overridden_at: datetime


@dataclass(frozen=True, kw_only=True)
class OverrideReviewed:
    decision_id: UUID
    outcome: Literal["upheld", "not-upheld"]
    by: str
    reason: Sealed
    reviewed_at: datetime


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
class CaseReopened:
    """A person released what came after a retraction: the reference stands again."""

    case: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EventAnswered:
    message: EventDecided


@dataclass(frozen=True, kw_only=True)
class PoliciesSet:
    """All of them: what is not listed is no policy any more."""

    policies: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class SignatoriesSet:
    """`organisations` None: every organisation has signed. `signatures` says from when until when.

    `by` is who set it, where a person was named; the agency is the actor of the event.
    """

    agreement: str
    organisations: tuple[str, ...] | None
    signatures: tuple[Signature, ...] = ()
    by: str = ""


CaseEvent: TypeAlias = (
    EventTaken
    | FactsNoted
    | DecisionTaken
    | ReleaseProposed
    | HoldResolved
    | DecisionOverridden
    | OverrideReviewed
    | ObligationArose
    | ObligationEnded
    | CaseClosed
    | CaseReopened
    | EventAnswered
)
SettingEvent: TypeAlias = PoliciesSet | SignatoriesSet
