"""What may be asked of one notification? The commands of its stream; time arrives in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.notify.domain.notification import NotificationRaised, NotOurs, Reaction, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeAvailable:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveUnconfirmed:
    at: datetime
    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginAnnouncement:
    run: str
    contacts: tuple[str, ...]
    diverted_to: str | None
    quiet: bool = False
    conflict: bool = False
    next_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    by: str
    run: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    by: str
    outcome: Reaction | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNotOurs:
    by: str
    reason: NotOurs
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """`unsent_only`: what has been read already is left, e.g. when consent is withdrawn after.

    `retraction`: the receipt of the event by which the sender took it back.
    """

    reason: Why
    at: datetime
    unsent_only: bool = False
    retraction: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """The sender took back what this had told, after something else had ended it already."""

    retraction: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Supersede:
    by_decision: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver:
    decision: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PassDue:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDue:
    due: datetime
    announce_at: datetime | None
    phone_at: datetime | None
    at: datetime
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPhone:
    task: UUID
    owner: str
    at: datetime


Command: TypeAlias = (
    NotificationRaised
    | MakeAvailable
    | LeaveUnconfirmed
    | BeginAnnouncement
    | Announce
    | Open
    | Acknowledge
    | SayNotOurs
    | Recall
    | TakeBack
    | Supersede
    | CarryOver
    | PassDue
    | MoveDue
    | AskPhone
)
