"""Was this event offered before, and was it the same? One stream for each (source, id)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

_OFFERS = UUID("5f0c4d1e-2f0b-5b0e-9a55-3f1d6f0d7c11")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOffered:
    """An agency put an event in our hands. The content is not here: consent alone stores it.

    `receipt` is made of source and id, so it is also the name of the stream and the id of the
    message: however often and by however many doors an event comes, it is the same one.
    """

    receipt: UUID
    agency: str
    source: str
    event: str  # the CloudEvent's own id
    type: str
    digest: str
    door: str  # http, hook or amqp
    offered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Confirmed by the bus: what the publisher is told."""

    source: str
    id: str
    receipt: UUID


class Refusal(Exception):
    """Why an event is not taken. `errors` are (pointer, detail) and never carry a value."""

    def __init__(
        self, status: int, title: str, errors: Sequence[tuple[str, str]] = (), **named: Any
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.errors = tuple(errors)
        self.source: str | None = named.get("source")
        self.id: str | None = named.get("id")


class OtherContent(Exception):
    """The same source and id came before with another content."""


class Take(Protocol):
    """What every door asks of the one gate: 'take this'. Raises Refusal."""

    async def __call__(self, event: Any, *, agency: str, door: str) -> Taken: ...


def receipt_of(source: str, event: str) -> UUID:
    return uuid5(_OFFERS, f"{source}|{event}")


def stream_of(receipt: UUID) -> str:
    return f"intake-{receipt}"


def decide(offer: EventOffered, before: EventOffered | None) -> tuple[EventOffered, ...]:
    """New: offered. The same again: nothing new, and it is published again. Else refused."""
    if before is None:
        return (offer,)
    if before.digest != offer.digest:
        raise OtherContent
    return ()


def evolve(state: EventOffered | None, event: EventOffered) -> EventOffered:
    return state or event
