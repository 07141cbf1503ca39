"""May this event in, whatever door it came to? Check, remember the digest, publish, answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from contracts.messages import EVENT_ACCEPTED, EVENTS, EventAccepted
from services.chassis.bus import Bus, Message
from services.chassis.clock import Clock
from services.chassis.store import (
    AlreadyRecorded,
    Context,
    EventStore,
    NewEvent,
    VersionConflict,
)
from services.chassis.tracing import current_traceparent
from services.notify.domain.intake import (
    EventOffered,
    OtherContent,
    Refusal,
    Taken,
    decide,
    evolve,
    stream_of,
)
from services.notify.intake.checks import Checked, check
from services.notify.intake.counting import count

T = TypeVar("T")
Answer: TypeAlias = Taken | Refusal
_MANY = 32  # from here on checking takes long enough to keep other requests waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What all events of one request have in common."""

    agency: str
    door: str
    now: datetime
    traceparent: str


class Gate:
    """Nothing is stored for what is refused, and nothing of the content for what is taken."""

    def __init__(self, store: EventStore, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._under_way: set[asyncio.Task[Any]] = set()

    async def take(self, events: Sequence[Any], *, agency: str, door: str) -> list[Answer]:
        """One answer for each event, in order. Raises Unavailable when the bus or the store does
        not confirm: nobody was told that it is taken, and the same offer again is harmless."""
        if len(events) > _MANY:
            checked = await asyncio.to_thread(_check_all, events, agency)
        else:
            checked = _check_all(events, agency)
        occasion = Occasion(
            agency=agency, door=door, now=self._clock.now(), traceparent=current_traceparent()
        )
        # A sender that hangs up now must not leave an event remembered but not published.
        answers = await self._finish(lambda: self._offer_all(checked, occasion))
        for answer in answers:
            count(door, answer.status if isinstance(answer, Refusal) else 202)
        return answers

    async def take_one(self, event: Any, *, agency: str, door: str) -> Taken:
        [answer] = await self.take([event], agency=agency, door=door)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def drain(self) -> None:
        """Wait for offers whose senders have gone: before the store is closed under them."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _offer_all(
        self, checked: Sequence[Checked | Refusal], occasion: Occasion
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        same: dict[UUID, list[tuple[int, Checked]]] = {}
        for index, one in enumerate(checked):
            if isinstance(one, Refusal):
                answers[index] = one
            else:
                same.setdefault(one.receipt, []).append((index, one))
        offered = await _together([self._offer(group, occasion) for group in same.values()])
        # Published again when it was offered before: nobody knows whether that was confirmed, and
        # whoever has it already knows the message by its id (ADR 0013).
        to_publish: dict[UUID, Message] = {}
        for group, outcome in zip(same.values(), offered, strict=True):
            if isinstance(outcome, BaseException):
                raise outcome
            for (index, one), refused in zip(group, outcome, strict=True):
                answers[index] = refused or _taken(one)
                if not refused and one.receipt not in to_publish:
                    to_publish[one.receipt] = _message(one, occasion)
        if to_publish:
            await self._bus.publish(list(to_publish.values()))
        return [answers[index] for index in range(len(checked))]

    async def _offer(
        self, group: Sequence[tuple[int, Checked]], occasion: Occasion
    ) -> list[Refusal | None]:
        """The same id twice in one batch: in order, so that the first one wins every time."""
        before: EventOffered | None = None
        refusals: list[Refusal | None] = []
        for _, one in group:
            offer = _offered(one, occasion)
            try:
                decide(offer, before)
                before = before or await self._remember(offer, occasion)
                refusals.append(None)
            except OtherContent:
                refusals.append(_other_content(one))
        return refusals

    async def _remember(self, offer: EventOffered, occasion: Occasion) -> EventOffered:
        """Append first and read only on a conflict: a new event costs one write and no read."""
        stream = stream_of(offer.receipt)
        context = Context(
            correlation_id=offer.receipt, traceparent=occasion.traceparent, actor=occasion.agency
        )
        new = [NewEvent(event_id=offer.receipt, event=offer)]
        try:
            await self._store.append(stream, new, expected=0, context=context)
        except (VersionConflict, AlreadyRecorded):
            state: EventOffered | None = None
            for recorded in await self._store.read_stream(stream):
                state = evolve(state, recorded.event)
            decide(offer, state)
            return state or offer
        return offer

    async def _finish(self, work: Callable[[], Awaitable[T]]) -> T:
        task = asyncio.ensure_future(work())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)


async def _together(offers: Sequence[Awaitable[T]]) -> Sequence[T | BaseException]:
    """The store commits together what waits together, so these are a few transactions."""
    if len(offers) == 1:
        return [await offers[0]]
    return await asyncio.gather(*offers, return_exceptions=True)


def _check_all(events: Sequence[Any], agency: str) -> list[Checked | Refusal]:
    checked: list[Checked | Refusal] = []
    for event in events:
        try:
            checked.append(check(event, agency))
        except Refusal as refusal:
            checked.append(refusal)
    return checked


def _offered(one: Checked, occasion: Occasion) -> EventOffered:
    return EventOffered(
        receipt=one.receipt,
        agency=occasion.agency,
        source=one.source,
        event=one.id,
        type=one.type,
        digest=one.digest,
        door=occasion.door,
        offered_at=occasion.now,
    )


def _taken(one: Checked) -> Taken:
    return Taken(source=one.source, id=one.id, receipt=one.receipt)


def _other_content(one: Checked) -> Refusal:
    return Refusal(
        409,
        "This source and id came before with another content",
        [("/id", "is taken by an event with another content")],
        source=one.source,
        id=one.id,
    )


def _message(one: Checked, occasion: Occasion) -> Message:
    accepted = EventAccepted(
        receipt=one.receipt, agency=occasion.agency, accepted_at=occasion.now, event=one.event
    )
    body = accepted.model_dump(mode="json", exclude={"event"})  # which is plain JSON already
    return Message(
        id=one.receipt,
        exchange=EVENTS,
        type=EVENT_ACCEPTED,
        body={**body, "event": one.event},
        correlation_id=one.receipt,
        traceparent=occasion.traceparent,
        sent_at=occasion.now,
    )
