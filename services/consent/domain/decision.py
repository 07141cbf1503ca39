"""What was decided, of whom, for whom, and why?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.agreements import Agreement
from contracts.messages import ClockRule, Outcome, Owner, Reason, Routing


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a disclosure would be made. A held decision has them ready, should it be released."""

    agreement: Agreement
    profile: str
    content: Mapping[str, Any]
    drops: tuple[str, ...]
    due: ClockRule
    routing: Routing
    rests_on_consent: bool
    phone_first: bool = False
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One answer for one person and one audience. `terms` only when disclosed or held."""

    about: str  # the ref in the event
    audience: str
    outcome: Outcome
    because: tuple[Reason, ...]
    terms: Terms | None = None
    two_person: bool = False  # held, and two must release it


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """Something that a person must do. With `decided`, it belongs to the decision about `about`."""

    kind: str
    owner: Owner
    due: ClockRule
    about: str | None = None
    audience: str | None = None
    decided: bool = False
    escalates_to: Owner | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    decisions: tuple[Decision, ...] = ()
    obligations: tuple[Obligation, ...] = field(default=())
    note: str = ""
