"""What has become of one disclosure told to one organisation? The facts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID, uuid5

_NOTIFICATIONS = UUID("0f4a7b4e-51e1-5b8e-9a53-3f6a1a5b9d10")


class Status(StrEnum):
    SCHEDULED = "scheduled"
    ANNOUNCED = "announced"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    NOT_OURS = "not-ours"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


UNOPENED = frozenset({Status.SCHEDULED, Status.ANNOUNCED})
LIVE = UNOPENED | {Status.OPENED, Status.ACKNOWLEDGED}
# Somebody has had it, and nobody has told them yet that it was wrong altogether.
HAD_BEFORE = frozenset({Status.SUPERSEDED, Status.NOT_OURS})


class Why(StrEnum):
    """Why it ended. `not-ours` has its own reasons."""

    RETRACTED = "retracted"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    CORRECTED = "corrected"
    LEFT = "left"  # the child is on the roll no longer
    HELD = "held"
    NOT_SIGNATORY = "not-signatory"
    AGREEMENT_ENDED = "agreement-ended"
    NOT_UPHELD = "not-upheld"  # an emergency override, after its review


class NotOurs(StrEnum):
    LEFT = "left"
    NEVER_OURS = "never-ours"
    WRONG_PERSON = "wrong-person"
    DUPLICATE = "duplicate"


class Reaction(StrEnum):
    SUPPORTED_SILENTLY = "supported-silently"
    SUPPORTED_OVERTLY = "supported-overtly"
    REFERRED = "referred"
    NO_ACTION = "no-action"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRaised:
    notification: UUID
    decision: UUID
    receipt: UUID
    case: UUID
    source: str
    organisation: str
    audience: str
    agreement: str | None
    about: str  # the ref in the event
    subject: UUID  # the person whose key seals the content
    due: datetime
    starts_at: datetime
    raised_at: datetime
    available_from: datetime
    announce_at: datetime
    phone_at: datetime | None
    round: int
    late: bool = False
    rests_on_consent: bool = False
    correction: bool = False
    phone_first: bool = False
    by_register: bool = False
    by_person: bool = False  # somebody resolved the school: the register is not asked again
    not_before: date | None = None
    not_readers: tuple[str, ...] = ()  # contacts who must not see that it exists
    quiet: bool = False  # there are such, or a party works there
    calendar: str | None = None  # the layer by which the due day is a pupil day (ADR 0039)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationMadeAvailable:
    notification: UUID
    organisation: str
    at: datetime
    quiet: bool = False  # as in AnnouncementBegun: it is counted in no feed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentNotConfirmed:
    """Consent did not answer: not sent, a person is told, and it is asked again."""

    notification: UUID
    at: datetime
    again_at: datetime
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementBegun:
    notification: UUID
    organisation: str
    run: str
    contacts: tuple[str, ...]
    begun_at: datetime
    again: bool
    next_at: datetime | None  # the next morning on which it is announced if still unopened
    diverted_to: str | None = None  # the authority whose desk reads it, where nobody else may
    quiet: bool = False  # somebody where it is read must not know: no machine there is told
    conflict: bool = False  # somebody at the organisation itself must not know


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationAnnounced:
    notification: UUID
    by: str  # email, webhook, inbox
    run: str
    announced_at: datetime
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationOpened:
    notification: UUID
    by: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRead:
    """Read once more: every reading is a disclosure, and is kept."""

    notification: UUID
    by: str
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationAcknowledged:
    notification: UUID
    by: str
    outcome: Reaction | None
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationNotOurs:
    notification: UUID
    decision: UUID
    organisation: str
    by: str
    reason: NotOurs
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationCancelled:
    notification: UUID
    decision: UUID
    organisation: str
    reason: Why
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationWithdrawn:
    notification: UUID
    decision: UUID
    organisation: str
    reason: Why
    at: datetime
    was_opened: bool
    retraction: UUID | None = None  # the receipt of the event that took it back


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationTakenBack:
    """It had ended before; whoever had it by then must know that it was wrong altogether."""

    notification: UUID
    organisation: str
    at: datetime
    was_opened: bool
    retraction: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSuperseded:
    notification: UUID
    by_decision: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationCarriedOver:
    """Corrected, but nothing that this recipient was shown: it is told nothing."""

    notification: UUID
    decision: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationOverdue:
    notification: UUID
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationDueMoved:
    notification: UUID
    due: datetime
    announce_at: datetime | None
    phone_at: datetime | None
    at: datetime
    former_task: UUID | None  # the telephone task of the former due moment, where one was opened
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneAsked:
    notification: UUID
    task: UUID
    owner: str
    due: datetime
    at: datetime


NotificationEvent: TypeAlias = (
    NotificationRaised
    | NotificationMadeAvailable
    | ConsentNotConfirmed
    | AnnouncementBegun
    | NotificationAnnounced
    | NotificationOpened
    | NotificationRead
    | NotificationAcknowledged
    | NotificationNotOurs
    | NotificationCancelled
    | NotificationWithdrawn
    | NotificationTakenBack
    | NotificationSuperseded
    | NotificationCarriedOver
    | NotificationOverdue
    | NotificationDueMoved
    | PhoneAsked
)


def notification_id(decision: UUID, organisation: str, round_: int = 1) -> UUID:
    """One decision told to one organisation: a second copy of the message makes no second one."""
    again = f"/{round_}" if round_ > 1 else ""
    return uuid5(_NOTIFICATIONS, f"{decision}/{organisation}{again}")


def made_available(raised: NotificationRaised, at: datetime) -> NotificationMadeAvailable:
    return NotificationMadeAvailable(
        notification=raised.notification,
        organisation=raised.organisation,
        at=at,
        quiet=raised.quiet,
    )


def stream_of(notification: UUID) -> str:
    return f"notification-{notification}"
