"""What does a person say of what is recorded about them? Kept beside it; nothing is altered."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.chassis.sealing import Sealed


@dataclass(frozen=True, kw_only=True)
class StatementAttached:
    """The person's own words on one case, or on one of its decisions (UK GDPR Art. 16).

    `keys` are the keyed hashes by which the person is recognised, `by` who wrote it down.
    """

    statement: UUID
    case: UUID
    decision: UUID | None
    keys: tuple[str, ...]
    said: Sealed
    received_on: str
    by: str
    at: datetime


AnnotationEvent: TypeAlias = StatementAttached


def annotation_stream(case: UUID) -> str:
    return f"annotations-{case}"
