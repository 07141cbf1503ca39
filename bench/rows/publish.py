"""Row 10: what do publisher confirms cost the relay? The same bus, with and without waiting."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel

from bench.payload import incident
from bench.row import Pair, Place, Row, Sample
from services.chassis.bus import Message
from services.chassis.bus_parcels import Parcels
from services.chassis.bus_rabbit import RabbitBus, open_rabbit_bus
from services.chassis.clock import SystemClock
from services.chassis.message_encoding import Seal
from services.chassis.relay import PAGE

_GROUP, _EXCHANGE, _TYPE = "bench", "events", "event.accepted"
_KEY = bytes(32)


@asynccontextmanager
async def _prepared(place: Place) -> AsyncIterator[Pair]:
    namespace = place.fresh()
    clock = SystemClock()
    bus = await open_rabbit_bus(place.broker, namespace=namespace, clock=clock, key=_KEY)
    bus.subscribe(_GROUP, _EXCHANGE, frozenset({_TYPE}), _nobody)
    await bus.declare()
    connection = await aio_pika.connect(place.broker)
    channel = await connection.channel(publisher_confirms=False)
    parcels = Parcels(namespace, clock, Seal(_KEY))
    queue = f"{namespace}.{_GROUP}"
    try:
        yield Pair(
            product=lambda seconds: _confirmed(bus, connection, queue, seconds),
            baseline=lambda seconds: _unconfirmed(parcels, channel, queue, seconds),
        )
    finally:
        await connection.close()
        await bus.remove()
        await bus.close()


async def _nobody(_: Message) -> None:
    """Nothing is consumed here."""


async def _confirmed(
    bus: RabbitBus, connection: aio_pika.abc.AbstractConnection, queue: str, seconds: float
) -> Sample:
    """Page by page, as the relay does."""
    sent, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        await bus.publish(_page())
        sent += PAGE
    took = time.perf_counter() - began
    channel = await connection.channel()
    stored = await _purged(channel, queue, sent)
    await channel.close()
    return Sample(value=sent / took, counts={"accepted": sent, "stored": stored})


async def _unconfirmed(
    parcels: Parcels, channel: AbstractChannel, queue: str, seconds: float
) -> Sample:
    """The same messages, sealed the same way, on a channel that never waits for the broker."""
    raw = await channel.get_underlay_channel()
    sent, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        for message in _page():
            parcel = parcels.pack(message)
            await raw.basic_publish(
                parcel.body,
                exchange=parcel.exchange,
                routing_key=parcel.routing_key,
                properties=parcel.properties,
            )
        sent += PAGE
    # The round ends when the broker has them: else it would measure a buffer of this process.
    stored = await _arrived(channel, queue, sent)
    took = time.perf_counter() - began
    await _purged(channel, queue, stored)
    return Sample(value=sent / took, counts={"accepted": sent, "stored": stored})


def _page() -> list[Message]:
    messages = []
    for _ in range(PAGE):
        name = uuid4()
        messages.append(
            Message(
                id=name, exchange=_EXCHANGE, type=_TYPE, body=incident(name), correlation_id=name
            )
        )
    return messages


async def _arrived(channel: AbstractChannel, queue: str, wanted: int) -> int:
    """How many the queue holds, once it holds as many as `wanted` or stops growing."""
    raw = await channel.get_underlay_channel()
    seen, still = -1, 0
    while still < 20:
        found = (await raw.queue_declare(queue, passive=True)).message_count or 0
        if found >= wanted:
            return found
        seen, still = found, still + 1 if found == seen else 0
        await asyncio.sleep(0.02)
    return seen


async def _purged(channel: AbstractChannel, queue: str, wanted: int) -> int:
    stored = await _arrived(channel, queue, wanted)
    raw = await channel.get_underlay_channel()
    await raw.queue_purge(queue)
    return stored


ROW = Row(
    number="10",
    title="publish with confirms",
    unit="messages/s",
    baseline="the same, without confirms (may lose)",
    goal=0.80,
    prepare=_prepared,
)
