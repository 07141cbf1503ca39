"""The directory on real parts: a log, a database, a bus and the application, in a test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from contracts.messages import DIRECTORY
from services.chassis.bus import Message
from services.chassis.bus_embedded import open_embedded_bus
from services.chassis.bus_rabbit import open_rabbit_bus
from services.chassis.clock import ManualClock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.service import Service
from services.chassis.settings import Settings, ephemeral_settings
from services.chassis.store import EventStore
from services.chassis.store_postgres import open_postgres_store
from services.chassis.store_sqlite import open_sqlite_store
from services.directory.handles import Directory, open_directory
from services.directory.service import EVENTS, METADATA, build

NOON = datetime(2026, 2, 13, 12, 0, tzinfo=UTC)


@dataclass
class House:
    store: EventStore
    database: Database
    bus: Any
    clock: ManualClock
    settings: Settings
    service: Service
    directory: Directory
    heard: list[Message] = field(default_factory=list)

    async def call(
        self, method: str, path: str, *, token: str | None = None, **kwargs: Any
    ) -> httpx.Response:
        """As the house itself unless a key is given; "" is no key at all."""
        bearer = self.settings.service_token if token is None else token
        headers = {**({"authorization": f"Bearer {bearer}"} if bearer else {})}
        headers |= kwargs.pop("headers", {})
        transport = httpx.ASGITransport(self.service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://directory") as client:
            return await client.request(method, f"/directory/v1{path}", headers=headers, **kwargs)

    async def good(self, method: str, path: str, **kwargs: Any) -> Any:
        answer = await self.call(method, path, **kwargs)
        assert answer.is_success, answer.text
        return answer.json()

    async def key(self, agency: str, *roles: str) -> str:
        body = {"agency": agency, "roles": roles or ["recipient"]}
        return str((await self.good("POST", "/keys", json=body))["key"])

    async def work(self) -> None:
        """Until nothing is left to do at this moment."""
        while sum([await worker.run_once() for worker in (*self.service.workers, self.bus)]):
            pass

    async def log_size(self) -> int:
        return await self.store.head()


@asynccontextmanager
async def open_house(
    kind: str, folder: Path, servers: tuple[str, str] | None = None
) -> AsyncIterator[House]:
    clock, settings = ManualClock(NOON), ephemeral_settings()
    async with AsyncExitStack() as stack:
        store, database, bus = (
            await _embedded(folder, clock, settings)
            if servers is None
            else await _distributed(*servers, clock, settings, stack)
        )
        stack.push_async_callback(store.close)
        stack.push_async_callback(database.close)
        stack.push_async_callback(bus.close)
        if servers is not None:
            stack.push_async_callback(bus.remove)
        for metadata in METADATA:
            await database.create(metadata)
        parts: dict[str, Any] = {"store": store, "database": database, "clock": clock}
        house = House(
            **parts,
            bus=bus,
            settings=settings,
            service=build(**parts, bus=bus, settings=settings),
            directory=open_directory(**parts, settings=settings),
        )

        async def hear(message: Message) -> None:
            house.heard.append(message)

        bus.subscribe("listener", DIRECTORY, frozenset({"#"}), hear, ordered=True)
        await bus.declare()
        yield house


async def _embedded(
    folder: Path, clock: ManualClock, settings: Settings
) -> tuple[EventStore, Database, Any]:
    key = settings.service_key_bytes("directory")
    store = await open_sqlite_store(
        folder / "log.db", codec=EventCodec(*EVENTS), clock=clock, service_key=key
    )
    database = await open_database(f"sqlite:///{folder / 'read.db'}")
    bus = await open_embedded_bus(folder / "bus.db", clock=clock, key=settings.bus_key_bytes)
    return store, database, bus


async def _distributed(
    dsn: str, broker: str, clock: ManualClock, settings: Settings, stack: AsyncExitStack
) -> tuple[EventStore, Database, Any]:
    schema = f"t{uuid4().hex[:12]}"
    stack.push_async_callback(_drop, dsn, schema)
    key = settings.service_key_bytes("directory")
    store = await open_postgres_store(
        dsn, schema=schema, codec=EventCodec(*EVENTS), clock=clock, service_key=key
    )
    database = await open_database(dsn, schema=schema)
    bus = await open_rabbit_bus(
        broker, namespace=f"{schema}.", clock=clock, key=settings.bus_key_bytes
    )
    return store, database, bus


async def _drop(dsn: str, schema: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    await connection.close()
