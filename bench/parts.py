"""How long does each part of the way take by itself, one after another, on an idle machine?

A commit, a confirm, a delivery by the broker, a POST: with the bare libraries, and no work between.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage

from bench import percentiles, raw
from bench.receiver import Receiver
from bench.row import Place, Sample

_TIMES = 100
Once = Callable[[], Awaitable[float]]


class Parts:
    def __init__(self, commit: Once, confirm: Once, deliver: Once, post: Once) -> None:
        self._parts = {"commit": commit, "confirm": confirm, "deliver": deliver, "post": post}

    async def sum(self, seconds: float) -> Sample:
        """`value`: the sum of the medians in ms, the commit counted twice."""
        found: dict[str, list[float]] = {name: [] for name in self._parts}
        until = time.perf_counter() + seconds
        while len(found["post"]) < _TIMES or time.perf_counter() < until:
            for name, once in self._parts.items():
                found[name].append(await once())
        medians = {name: percentiles.at(delays, 0.5) for name, delays in found.items()}
        also = {f"{name} ms": value for name, value in medians.items()}
        return Sample(value=sum(medians.values()) + medians["commit"], also=also)


@asynccontextmanager
async def parts(place: Place, receiver: Receiver) -> AsyncIterator[Parts]:
    async with AsyncExitStack() as stack:
        commit = await _commit(stack, place)
        confirm, deliver = await _broker(stack, place)
        post = await stack.enter_async_context(raw.aiohttp_post())

        async def posted() -> float:
            name, content = raw.thin_body()
            began = time.perf_counter()
            await raw.signed(post, receiver.raw_url(0), name, content)
            return time.perf_counter() - began

        yield Parts(commit, confirm, deliver, posted)


async def _commit(stack: AsyncExitStack, place: Place) -> Once:
    table = f'"{place.fresh()}"'
    connection = await asyncpg.connect(place.dsn)
    stack.push_async_callback(connection.close)
    await connection.execute(f"CREATE TABLE {table} (name text PRIMARY KEY, body bytea)")
    stack.push_async_callback(connection.execute, f"DROP TABLE {table}")

    async def committed() -> float:
        name, content = raw.body()
        began = time.perf_counter()
        await connection.execute(f"INSERT INTO {table} VALUES ($1, $2)", name, content)
        return time.perf_counter() - began

    return committed


async def _broker(stack: AsyncExitStack, place: Place) -> tuple[Once, Once]:
    connection = await aio_pika.connect(place.broker)
    stack.push_async_callback(connection.close)
    channel = await connection.channel(publisher_confirms=True)
    name = place.fresh()
    queue = await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
    stack.push_async_callback(queue.delete, if_unused=False, if_empty=False)
    arrived = asyncio.Event()
    sent = 0.0

    async def take(message: AbstractIncomingMessage) -> None:
        nonlocal sent
        sent = time.perf_counter() - sent
        arrived.set()
        await message.ack()

    await queue.consume(take)

    async def publish() -> tuple[float, float]:
        """Until confirmed; until delivered."""
        nonlocal sent
        _, content = raw.body()
        message = aio_pika.Message(content, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        arrived.clear()
        began = sent = time.perf_counter()
        await channel.default_exchange.publish(message, routing_key=name)
        confirmed = time.perf_counter() - began
        await arrived.wait()
        return confirmed, sent

    async def confirmed() -> float:
        return (await publish())[0]

    async def delivered() -> float:
        return (await publish())[1]

    return confirmed, delivered
