"""How does one notification stand, after all that has happened to it?"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notify.domain.notification import (
    AnnouncementBegun,
    ConsentNotConfirmed,
    NotificationAcknowledged,
    NotificationAnnounced,
    NotificationCancelled,
    NotificationCarriedOver,
    NotificationDueMoved,
    NotificationMadeAvailable,
    NotificationNotOurs,
    NotificationOpened,
    NotificationOverdue,
    NotificationRaised,
    NotificationSuperseded,
    NotificationTakenBack,
    NotificationWithdrawn,
    PhoneAsked,
    Reaction,
    Status,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    raised: NotificationRaised | None = None
    status: Status = Status.SCHEDULED
    decision: UUID | None = None
    available: bool = False
    announced: bool = False
    was_opened: bool = False
    overdue: bool = False
    due: datetime | None = None
    phone_task: UUID | None = None
    begun: frozenset[str] = frozenset()
    told_in: frozenset[str] = frozenset()
    answered: frozenset[tuple[str, Reaction | None]] = frozenset()
    unconfirmed: int = 0
    taken_back: bool = False


INITIAL = Telling()


def evolve(state: Telling, event: Any) -> Telling:  # noqa: C901 - one line a fact
    match event:
        case NotificationRaised():
            return replace(state, raised=event, due=event.due, decision=event.decision)
        case NotificationMadeAvailable():
            return replace(state, available=True)
        case ConsentNotConfirmed():
            return replace(state, unconfirmed=event.tries)
        case AnnouncementBegun():
            return replace(state, begun=state.begun | {event.run})
        case NotificationAnnounced():
            status = Status.ANNOUNCED if state.status is Status.SCHEDULED else state.status
            told = state.told_in | {event.run}
            return replace(state, status=status, announced=True, told_in=told)
        case NotificationOpened():
            return replace(state, status=Status.OPENED, was_opened=True)
        case NotificationAcknowledged():
            answered = state.answered | {(event.by, event.outcome)}
            return replace(state, status=Status.ACKNOWLEDGED, answered=answered)
        case NotificationNotOurs():
            return replace(state, status=Status.NOT_OURS)
        case NotificationCancelled():
            return replace(state, status=Status.CANCELLED)
        case NotificationWithdrawn():
            return replace(state, status=Status.WITHDRAWN)
        case NotificationSuperseded():
            return replace(state, status=Status.SUPERSEDED)
        case NotificationTakenBack():
            return replace(state, taken_back=True)
        case NotificationCarriedOver():
            return replace(state, decision=event.decision)
        case NotificationOverdue():
            return replace(state, overdue=True)
        case NotificationDueMoved():
            return replace(state, due=event.due, phone_task=None)
        case PhoneAsked():
            return replace(state, phone_task=event.task)
        case _:
            return state
