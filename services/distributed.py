"""The distributed deployment's resources: PostgreSQL, a schema for each service, and RabbitMQ."""

import asyncpg

from services.assembly import EVENTS, METADATA, NAMES, Storage
from services.chassis.bus_rabbit import open_rabbit_bus
from services.chassis.clock import Clock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.settings import Settings, schema_name
from services.chassis.store import EventStore
from services.chassis.store_postgres import open_postgres_store
from services.front import tables


async def open_service_storage(
    name: str, *, settings: Settings, clock: Clock, schema: str
) -> tuple[EventStore, Database]:
    """One service's log and read models, in its own schema."""
    store = await open_postgres_store(
        settings.database_url,
        schema=schema,
        codec=EventCodec(*EVENTS[name]),
        clock=clock,
        service_key=settings.service_key_bytes(name),
    )
    database = await open_database(_url(settings), schema=schema)
    for metadata in METADATA[name]:
        await database.create(metadata)
    return store, database


async def open_front_database(settings: Settings) -> Database:
    """The sessions of the pages, in a schema of their own."""
    schema = schema_name(settings.namespace, "front")
    database = await open_database(_url(settings), schema=schema)
    await database.create(tables.METADATA)
    return database


def _url(settings: Settings) -> str:
    return settings.database_url.replace("postgresql://", "postgresql+asyncpg://", 1)


async def open_distributed(
    *, settings: Settings, clock: Clock, namespace: str | None = None
) -> Storage:
    """All three services' resources in one process: scenarios, tests and commands."""
    namespace = namespace or settings.namespace
    stores, databases = {}, {}
    for name in NAMES:
        stores[name], databases[name] = await open_service_storage(
            name, settings=settings, clock=clock, schema=schema_name(namespace, name)
        )
    bus = await open_rabbit_bus(
        settings.broker_url, namespace=namespace, clock=clock, key=settings.bus_key_bytes
    )
    return Storage(stores=stores, databases=databases, bus=bus)


async def drop_schemas(settings: Settings, namespace: str) -> None:
    """Remove what a scenario left behind. For throw-away namespaces only."""
    connection = await asyncpg.connect(settings.database_url)
    try:
        for name in NAMES:
            await connection.execute(
                f'DROP SCHEMA IF EXISTS "{schema_name(namespace, name)}" CASCADE'
            )
    finally:
        await connection.close()
