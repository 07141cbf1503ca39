"""How many events did a deployment store and hand on since I last asked?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aio_pika
import aiohttp
import asyncpg

from bench.houses import Distributed, QueueDepth, distributed, embedded
from bench.processes import running
from bench.row import Place
from services.chassis.settings import schema_name
from tests.servers.machine import free_port

CONSENT = "consent.events"  # the queue of the one service that takes raw events
EVENTS_PATH = "/notify/v1/events"


class Door(Protocol):
    """A process of the product that answers HTTP, with nothing behind it at work."""

    port: int
    token: str

    async def stored(self) -> int:
        """How many events its log holds."""
        ...

    async def delivered(self) -> int:
        """How many messages wait for consent."""
        ...

    async def empty(self) -> None:
        """Throw away what waits, so that each round begins alike."""
        ...


class _EmbeddedDoor:
    def __init__(self, port: int, token: str, http: aiohttp.ClientSession) -> None:
        self.port, self.token = port, token
        self._http = http

    async def stored(self) -> int:
        return int((await self._counts())["stored"])

    async def delivered(self) -> int:
        return int((await self._counts())["delivered"])

    async def empty(self) -> None:
        async with self._http.post(f"http://127.0.0.1:{self.port}/empty") as answer:
            answer.raise_for_status()

    async def _counts(self) -> dict[str, Any]:
        async with self._http.get(f"http://127.0.0.1:{self.port}/counts") as answer:
            counts: dict[str, Any] = json.loads(await answer.read())
            return counts


class _DistributedDoor:
    def __init__(
        self, port: int, house: Distributed, log: "asyncpg.Connection[Any]", queue: QueueDepth
    ) -> None:
        self.port, self.token = port, house.token
        self._schema = schema_name(house.settings.namespace, "notify")
        self._log = log
        self._queue = queue

    async def stored(self) -> int:
        return int(await self._log.fetchval(f'SELECT count(*) FROM "{self._schema}".events'))

    async def delivered(self) -> int:
        """The broker counts a little later than it confirms: until it stands still."""
        before = -1
        while (now := await self._queue.count()) != before:
            before = now
            await asyncio.sleep(0.2)
        return now

    async def empty(self) -> None:
        await self._queue.empty()


@asynccontextmanager
async def embedded_door(place: Place) -> AsyncIterator[Door]:
    house, port = await embedded(place), free_port()
    log = place.folder / "embedded.log"
    command = ("-m", "bench.embedded_door", str(house.folder), str(port))
    async with running(command, port=port, log=log), aiohttp.ClientSession() as http:
        yield _EmbeddedDoor(port, house.token, http)


@asynccontextmanager
async def distributed_door(place: Place) -> AsyncIterator[Door]:
    """The process that a distributed deployment runs: `daybreak notify api`."""
    port, log = free_port(), place.folder / "distributed.log"
    command = ("-m", "services.cli", "notify", "api", "--host", "127.0.0.1", "--port", str(port))
    async with distributed(place) as house:
        broker = await aio_pika.connect(place.broker)
        database = await asyncpg.connect(place.dsn)
        try:
            async with running(command, port=port, log=log, environment=house.environment):
                queue = QueueDepth(broker, f"{house.settings.namespace}.{CONSENT}")
                yield _DistributedDoor(port, house, database, queue)
        finally:
            await database.close()
            await broker.close()
