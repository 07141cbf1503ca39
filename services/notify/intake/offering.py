"""How do many offers of one moment share their cost? One append of digests, one publish for all.

Each has its own answer; what goes wrong with one goes wrong with the request that it came in.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from contracts.messages import EVENT_ACCEPTED, EVENTS, EventAccepted
from services.chassis.bus import Bus, Message
from services.chassis.errors import Unavailable
from services.chassis.store import (
    AlreadyRecorded,
    Append,
    Context,
    EventStore,
    NewEvent,
    VersionConflict,
)
from services.notify.domain.intake import (
    EventOffered,
    OtherContent,
    Refusal,
    Taken,
    decide,
    evolve,
    stream_of,
)
from services.notify.intake.checks import Checked

Answer: TypeAlias = Taken | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What all events of one request have in common."""

    agency: str
    door: str
    now: datetime
    traceparent: str


@dataclass(slots=True, kw_only=True, eq=False)
class _Request:
    checked: Sequence[Checked | Refusal]
    occasion: Occasion
    answer: asyncio.Future[list[Answer]]
    answers: dict[int, Answer] = field(default_factory=dict)
    messages: dict[UUID, Message] = field(default_factory=dict)
    fault: Exception | None = None

    def settle(self) -> None:
        if self.answer.done():
            return  # the sender has hung up: what it offered is finished all the same
        if self.fault is not None:
            self.answer.set_exception(self.fault)
        else:
            self.answer.set_result([self.answers[index] for index in range(len(self.checked))])


@dataclass(frozen=True, slots=True)
class _Offer:
    request: _Request
    index: int
    one: Checked
    event: EventOffered


class Offering:
    """Appends first and reads only on a conflict: a new event costs one write and no read."""

    def __init__(self, store: EventStore, bus: Bus) -> None:
        self._store = store
        self._bus = bus
        self._waiting: list[_Request] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def offer(self, checked: Sequence[Checked | Refusal], occasion: Occasion) -> list[Answer]:
        """One answer for each, in order. Raises Unavailable when it is not confirmed."""
        answer: asyncio.Future[list[Answer]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Request(checked=checked, occasion=occasion, answer=answer))
        if len(self._waiting) == 1:
            # A sender that hangs up now must not leave an event remembered but not published.
            task = asyncio.create_task(self._offer_waiting())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return await answer

    async def drain(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _offer_waiting(self) -> None:
        requests, self._waiting = self._waiting, []
        try:
            await self._remember(requests)
            await self._publish(requests)
        except asyncio.CancelledError:  # a lost connection shows itself so, and so does the end
            _fail(requests, Unavailable("interrupted"))
        except Exception as fault:  # noqa: BLE001 - goes to those who wait for it
            _fail(requests, fault)
        for request in requests:
            request.settle()

    async def _remember(self, requests: Sequence[_Request]) -> None:
        same: dict[UUID, list[_Offer]] = {}
        for request in requests:
            for index, one in enumerate(request.checked):
                if isinstance(one, Refusal):
                    request.answers[index] = one
                else:
                    event = _offered(one, request.occasion)
                    same.setdefault(one.receipt, []).append(_Offer(request, index, one, event))
        if not same:
            return
        outcomes = await self._store.append_each([_append(offers[0]) for offers in same.values()])
        for offers, outcome in zip(same.values(), outcomes, strict=True):
            try:
                before = await self._before(offers[0], outcome)
            except Exception as fault:  # noqa: BLE001 - of these alone
                for offer in offers:
                    offer.request.fault = fault
                continue
            # The same id twice: in order, so that the first one wins every time.
            for offer in offers:
                _answer(offer, before)

    async def _before(self, offer: _Offer, outcome: int | Exception) -> EventOffered:
        if not isinstance(outcome, Exception):
            return offer.event
        if not isinstance(outcome, VersionConflict | AlreadyRecorded):
            raise outcome
        state: EventOffered | None = None
        for recorded in await self._store.read_stream(stream_of(offer.one.receipt)):
            state = evolve(state, recorded.event)
        return state or offer.event

    async def _publish(self, requests: Sequence[_Request]) -> None:
        """Also what was offered before: nobody knows whether that was confirmed, and whoever has
        it already knows the message by its id (ADR 0013)."""
        sending = [request for request in requests if request.messages and not request.fault]
        messages: dict[UUID, Message] = {}
        for request in sending:
            messages |= {m: each for m, each in request.messages.items() if m not in messages}
        if not messages:
            return
        try:
            await self._bus.publish(list(messages.values()))
        except Exception as fault:  # noqa: BLE001 - whoever only asked to be refused is answered
            _fail(sending, fault)


def _fail(requests: Sequence[_Request], fault: Exception) -> None:
    for request in requests:
        request.fault = request.fault or fault


def _answer(offer: _Offer, before: EventOffered) -> None:
    request, one = offer.request, offer.one
    try:
        decide(offer.event, before)
    except OtherContent:
        request.answers[offer.index] = _other_content(one)
        return
    request.answers[offer.index] = Taken(source=one.source, id=one.id, receipt=one.receipt)
    if one.receipt not in request.messages:
        request.messages[one.receipt] = _message(one, request.occasion)


def _append(offer: _Offer) -> Append:
    occasion, receipt = offer.request.occasion, offer.one.receipt
    return Append(
        stream=stream_of(receipt),
        events=(NewEvent(event_id=receipt, event=offer.event),),
        expected=0,
        context=Context(
            correlation_id=receipt, traceparent=occasion.traceparent, actor=occasion.agency
        ),
    )


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
