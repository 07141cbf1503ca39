"""Which logs and which bus lie under a transport? Those of either deployment, thrown away after."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench.row import Place
from services.chassis.bus import Bus
from services.chassis.bus_embedded import open_embedded_bus
from services.chassis.bus_rabbit import open_rabbit_bus
from services.chassis.clock import SystemClock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.store import EventStore
from services.chassis.store_postgres import open_postgres_store
from services.chassis.store_sqlite import open_sqlite_store

CLOCK = SystemClock()


@dataclass(frozen=True, kw_only=True)
class Opened:
    store: EventStore
    database: Database


@asynccontextmanager
async def in_postgres(place: Place, codec: EventCodec) -> AsyncIterator[Opened]:
    """A schema of its own for one service."""
    schema = place.fresh()
    store = await open_postgres_store(
        place.dsn, schema=schema, codec=codec, clock=CLOCK, service_key=os.urandom(32)
    )
    url = place.dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
    database = await open_database(url, schema=schema)
    try:
        yield Opened(store=store, database=database)
    finally:
        await store.close()
        await database.close()
        connection = await asyncpg.connect(place.dsn)
        await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        await connection.close()


@asynccontextmanager
async def in_files(place: Place, codec: EventCodec) -> AsyncIterator[Opened]:
    name = place.folder / place.fresh()
    store = await open_sqlite_store(
        Path(f"{name}.log.db"), codec=codec, clock=CLOCK, service_key=os.urandom(32)
    )
    database = await open_database(f"sqlite+aiosqlite:///{name}.views.db")
    try:
        yield Opened(store=store, database=database)
    finally:
        await store.close()
        await database.close()


@asynccontextmanager
async def through_broker(place: Place) -> AsyncIterator[Bus]:
    bus = await open_rabbit_bus(
        place.broker, namespace=place.fresh(), clock=CLOCK, key=os.urandom(32)
    )
    try:
        yield bus
    finally:
        await bus.remove()
        await bus.close()


@asynccontextmanager
async def through_file(place: Place) -> AsyncIterator[Bus]:
    bus = await open_embedded_bus(
        place.folder / f"{place.fresh()}.bus.db", clock=CLOCK, key=os.urandom(32)
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bus.close)
        yield bus
