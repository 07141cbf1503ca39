"""A RabbitMQ bus in a namespace of its own, taken away after the test."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika

from services.chassis.bus_rabbit import RabbitBus, open_rabbit_bus
from tests.chassis.buses import CLOCK, KEY
from tests.servers.rabbitmq import start, stop


@asynccontextmanager
async def rabbit(url: str, namespace: str | None = None) -> AsyncIterator[RabbitBus]:
    bus = await open_rabbit_bus(
        url, namespace=namespace or f"t{uuid4().hex[:10]}", clock=CLOCK, key=KEY
    )
    try:
        yield bus
    finally:
        if namespace is None:
            await bus.remove()
        await bus.close()


async def bodies_in(url: str, queue: str) -> list[bytes]:
    """What stands in a queue, byte for byte, as one who may read the broker's disk would see it."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        raw = await channel.get_queue(queue, ensure=False)
        found = []
        while (one := await raw.get(fail=False)) is not None:
            found.append(one.body)
        return found  # closing gives them back


async def take_and_die(url: str, queue: str) -> bool:
    """A process that takes one message and ends without a word; False when there is none."""
    connection = await aio_pika.connect(url)
    channel = await connection.channel()
    raw = await channel.get_queue(queue, ensure=False)
    taken = await raw.get(fail=False)
    await connection.close()
    return taken is not None


@contextmanager
def private_broker() -> Iterator[dict[str, Any]]:
    """A broker of one test's own, for what would trouble everybody on a shared one."""
    base = Path(tempfile.mkdtemp(prefix="daybreak-broker-"))
    base.chmod(0o755)
    state = start(base)
    try:
        yield state
    finally:
        stop(state)
        shutil.rmtree(base, ignore_errors=True)
