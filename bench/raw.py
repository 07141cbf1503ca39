"""What would somebody write without any of this? Signed POSTs, and a relay through the broker.

No database, no encryption, no record of what was delivered: baselines, as fast as their libraries.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
import aiohttp
import httpx
import orjson
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from bench.payload import incident
from bench.receiver import RAW, Receiver
from bench.row import Place, Sample
from services.chassis.standard_webhooks import new_secret, sign

SECRET = new_secret()
SECRETS = {RAW: SECRET}
CONNECTIONS = 128
WINDOW = 500  # on their way at a time, on both sides of a row
IN_HAND = 100  # messages of the consumer, as the product has

Post = Callable[[str, bytes, dict[str, str]], Awaitable[None]]


def body() -> tuple[str, bytes]:
    """A delivery id, and the JSON of an incident of its own."""
    name = uuid4()
    return str(name), orjson.dumps(incident(name))


def thin_body() -> tuple[str, bytes]:
    """What the product's webhooks say: ids and nothing else."""
    name = str(uuid4())
    told = {
        "type": "notification.announced",
        "notification": name,
        "recipient": "school-1234",
        "at": datetime.now(UTC),
    }
    return name, orjson.dumps(told)


@asynccontextmanager
async def aiohttp_post() -> AsyncIterator[Post]:
    # A context of its own: the library's was made at import, before a row names its authority.
    connector = aiohttp.TCPConnector(limit=0, ssl=ssl.create_default_context())
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:

        async def post(url: str, content: bytes, headers: dict[str, str]) -> None:
            async with http.post(url, data=content, headers=headers) as answer:
                await answer.read()
                answer.raise_for_status()

        yield post


@asynccontextmanager
async def httpx_post() -> AsyncIterator[Post]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as http:

        async def post(url: str, content: bytes, headers: dict[str, str]) -> None:
            answer = await http.post(url, content=content, headers=headers)
            answer.raise_for_status()

        yield post


async def signed(post: Post, url: str, name: str, content: bytes) -> None:
    headers = {
        "content-type": "application/json",
        **sign(name, datetime.now(UTC), content, [SECRET]),
    }
    await post(url, content, headers)


async def posting(
    post: Post,
    receiver: Receiver,
    *,
    seconds: float = 0.0,
    count: int = 0,
    written: Callable[[], tuple[str, bytes]] = body,
) -> Sample:
    """For so many seconds, or until so many have gone, over 128 connections."""
    await receiver.reset()
    sent, began = 0, time.perf_counter()

    def more() -> bool:
        return sent < count if count else time.perf_counter() - began < seconds

    async def one() -> None:
        nonlocal sent
        while more():
            number, sent = sent, sent + 1
            name, content = written()
            await signed(post, receiver.raw_url(number), name, content)

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    took = time.perf_counter() - began
    delivered = (await receiver.counts()).delivered
    return Sample(value=sent / took, counts={"accepted": sent, "delivered": delivered})


class RawRelay:
    """Publish with confirms, consume, POST, acknowledge: in one process, as one would write it."""

    def __init__(self, channel: AbstractChannel, queue: AbstractQueue, receiver: Receiver) -> None:
        self._channel = channel
        self._queue = queue
        self._receiver = receiver
        self._window = asyncio.Semaphore(WINDOW)
        self.published = self.consumed = 0

    async def run(self, post: Post, seconds: float) -> Sample:
        await self._receiver.reset()
        self.published = self.consumed = 0

        async def take(message: AbstractIncomingMessage) -> None:
            self.consumed += 1
            url = self._receiver.raw_url(self.consumed)
            await signed(post, url, str(message.message_id), message.body)
            await message.ack()
            self._window.release()

        began = time.perf_counter()
        tag = await self._queue.consume(take)
        await asyncio.gather(*(self._publish(began + seconds) for _ in range(64)))
        delivered = await self._receiver.arrived(self.published)
        took = time.perf_counter() - began
        await self._queue.cancel(tag)
        counts = {"accepted": self.published, "delivered": delivered}
        return Sample(value=delivered / took, counts=counts)

    async def _publish(self, until: float) -> None:
        while time.perf_counter() < until:
            await self._window.acquire()
            name, content = body()
            message = aio_pika.Message(
                content, delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=name
            )
            self.published += 1
            await self._channel.default_exchange.publish(message, routing_key=self._queue.name)


@asynccontextmanager
async def raw_relay(place: Place, receiver: Receiver) -> AsyncIterator[RawRelay]:
    """Over a quorum queue of its own."""
    connection = await aio_pika.connect(place.broker)
    try:
        publishing = await connection.channel(publisher_confirms=True)
        consuming = await connection.channel()
        await consuming.set_qos(prefetch_count=IN_HAND)
        queue = await consuming.declare_queue(
            place.fresh(), durable=True, arguments={"x-queue-type": "quorum"}
        )
        try:
            yield RawRelay(publishing, queue, receiver)
        finally:
            await queue.delete(if_unused=False, if_empty=False)
    finally:
        await connection.close()
