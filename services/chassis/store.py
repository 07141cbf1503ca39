"""What happened in one service, in order? The port of the append-only log and the words it uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from services.chassis.errors import Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Why something was done: kept with every event and carried by every message.

    `actor` is an agency, contact or worker id (opaque, never a name).
    """

    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    event_id: UUID
    event: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """What `EventStore.append` is asked for, as a value."""

    stream: str
    events: Sequence[NewEvent]
    expected: int
    context: Context


class Recorded(NamedTuple):
    """An event with its place: `version` (from 1, gapless) in its stream, `position` in the log."""

    position: int
    stream: str
    version: int
    event_id: UUID
    event: Any
    context: Context
    recorded_at: datetime
    hash: bytes = b""


class Row(NamedTuple):
    """An event as it lies in the log, column by column: what the hash covers, still sealed."""

    position: int
    stream: str
    version: int
    event_id: UUID
    type: str
    data: bytes
    context: bytes
    recorded_at: datetime
    hash: bytes


class VersionConflict(Exception):
    """Somebody else wrote to the stream first: read it again and decide again."""


class AlreadyRecorded(Exception):
    """An event of this id is in the log already: the message that it answers was handled before."""


class StoreUnavailable(Unavailable):
    """The database cannot be reached or did not answer in time."""


class EventStore(Protocol):
    """Positions become visible in order: who has seen N never sees a new event below N."""

    async def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int, context: Context
    ) -> int:
        """Append all or nothing, durably, and answer the position of the last event.

        `expected` is the version (number of events) of the stream that the caller read; 0 for a
        new one. Raises VersionConflict, AlreadyRecorded (any of the event ids is in the log) or
        StoreUnavailable.
        """
        ...

    async def append_each(self, appends: Sequence[Append]) -> list[int | Exception]:
        """Each by itself, in this order and in few commits; an answer for each, as `append` would
        have returned or raised it."""
        ...

    async def read_stream(self, stream: str) -> list[Recorded]: ...

    async def read_all(self, after: int, limit: int = 500) -> list[Recorded]: ...

    async def rows(self, after: int, limit: int = 500) -> list[Row]:
        """The log as it is stored, for those who check it and cannot open what is sealed."""
        ...

    async def head(self) -> int:
        """The highest position, 0 when the log is empty."""
        ...

    async def wait(self, after: int, timeout: float) -> None:
        """Return when the log may have grown beyond `after`, or after `timeout` seconds: a hint."""
        ...

    async def destroy_key(self, subject: str) -> bool:
        """Destroy the key of one person: what was sealed for them reads as None from now on."""
        ...

    async def close(self) -> None: ...
