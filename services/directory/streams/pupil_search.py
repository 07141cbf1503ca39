"""Who has looked for a child in the registers, and which entries did they see? A stream each."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.chassis.sealing import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilsSought:
    """What was typed is not kept. `task` is that of notify which gave leave to look; else a
    `reason` says why, sealed under the search."""

    search: UUID
    agency: str
    by: str  # a person of the agency, or nobody where a key asked
    task: UUID | None
    reason: Sealed | None
    enrolments: tuple[UUID, ...]
    at: datetime


SearchEvent: TypeAlias = PupilsSought


def stream_of(search: UUID) -> str:
    return f"pupil-search-{search}"
