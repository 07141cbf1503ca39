"""Which case has consent erased, and what has gone here because of it? Counts, nothing personal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.chassis.commands import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureAsked:
    """The retention of the case ended at `ended_at`; `erased_at` is when consent destroyed it."""

    case: UUID
    ended_at: datetime
    erased_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseErased:
    """How many decisions and notifications of the case have lost their content."""

    case: UUID
    ended_at: datetime
    decisions: int
    notifications: int
    at: datetime


ErasureEvent: TypeAlias = ErasureAsked | CaseErased


def _decide(command: ErasureEvent, said: frozenset[ErasureEvent]) -> Sequence[ErasureEvent]:
    done = {(type(event), event.ended_at) for event in said}
    return () if (type(command), command.ended_at) in done else (command,)


ERASURE: Decider[ErasureEvent, frozenset[ErasureEvent], ErasureEvent] = Decider(
    initial=frozenset(), decide=_decide, evolve=lambda said, event: said | {event}
)


def stream_of(case: UUID) -> str:
    return f"erasure-{case}"
