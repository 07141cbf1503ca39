"""What is known of everything that one sender reported under one reference?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from services.chassis.sealing import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswered:
    """Consent has decided everything that there was to decide about one event."""

    receipt: UUID
    case: UUID
    source: str
    event_id: str
    event_type: str
    decisions: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    case: UUID
    receipt: UUID
    withdrawn_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementNoted:
    """What a reader wrote of a child is as personal as what was read."""

    notification: UUID
    by: str
    note: Sealed
    at: datetime


def note_key(notification: UUID, subject: UUID) -> str:
    return f"note-{notification}/{subject}"


CaseEvent: TypeAlias = EventAnswered | CaseClosed


def decide(command: CaseEvent, state: tuple[object, ...]) -> Sequence[CaseEvent]:
    return () if _key(command) in state else (command,)


def evolve(state: tuple[object, ...], event: Any) -> tuple[object, ...]:
    return (*state, _key(event))


def _key(event: CaseEvent) -> object:
    """What stands again after a retraction may be retracted again: that is another closing."""
    return event.receipt if isinstance(event, EventAnswered) else ("closed", event.receipt)


def stream_of(case: UUID) -> str:
    return f"case-{case}"
