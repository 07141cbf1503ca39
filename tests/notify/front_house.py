"""The front of notify on real parts: a log, a database, a bus and the application, in a test."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import MetaData

from contracts.messages import EVENTS as EVENTS_EXCHANGE
from services.chassis.apikeys import ApiKeys, api_keys_table, authenticator, new_key
from services.chassis.bus import BusUnavailable, Message
from services.chassis.bus_embedded import open_embedded_bus
from services.chassis.bus_rabbit import open_rabbit_bus
from services.chassis.clock import ManualClock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.outbound import WebhookSender
from services.chassis.settings import ephemeral_settings
from services.chassis.store import Context, EventStore, NewEvent, Recorded
from services.chassis.store_postgres import open_postgres_store
from services.chassis.store_sqlite import open_sqlite_store
from services.chassis.web import application
from services.notify.domain.notification import NotificationEvent
from services.notify.domain.task import TaskEvent
from services.notify.front import BODY_LIMITS, EVENTS, METADATA, build_front
from services.notify.part import Part
from services.notify.readmodels import state
from services.notify.streams.case import CaseEvent
from services.notify.streams.decision import DecisionEvent

NOON = datetime(2026, 2, 13, 12, 0, tzinfo=UTC)
KEY = bytes(range(32))
ALL_EVENTS = (*EVENTS, NotificationEvent, CaseEvent, DecisionEvent, TaskEvent)
EMBEDDED_AND_DISTRIBUTED = ["embedded", pytest.param("distributed", marks=pytest.mark.distributed)]


@dataclass
class Front:
    kind: str
    store: EventStore
    database: Database
    bus: Any
    clock: ManualClock
    app: FastAPI
    part: Part
    keys: ApiKeys
    namespace: str = ""  # of its exchanges, on the distributed parts
    published: list[Message] = field(default_factory=list)

    async def key(self, agency: str, *roles: str, revoked: bool = False) -> str:
        key_id, token, secret_hash = new_key()
        await self.keys.record(
            key_id=key_id,
            owner=agency,
            roles=roles or ("publisher",),
            secret_hash=secret_hash,
            revoked=revoked,
            version=1,
        )
        return token

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://notify", headers=headers)

    async def log(self) -> list[Recorded]:
        return await self.store.read_all(0, 10_000)

    async def logged(self, kind: type) -> list[Any]:
        return [r.event for r in await self.log() if isinstance(r.event, kind)]

    async def record(self, stream: str, *events: Any) -> None:
        """What another slice would have written."""
        expected = len(await self.store.read_stream(stream))
        new = [NewEvent(event_id=uuid4(), event=event) for event in events]
        context = Context(correlation_id=uuid4())
        await self.store.append(stream, new, expected=expected, context=context)

    async def work(self) -> None:
        """Until nothing is left to do at this moment."""
        while sum([await worker.run_once() for worker in self.part.workers]):
            pass


class Wire:
    """The bus, with a wire before it that can fail: `before` it is stored, or `after`, when only
    the confirmation is lost."""

    def __init__(self, bus: Any) -> None:
        self._bus = bus
        self.now = bus  # where it publishes
        self.fails: str | None = None
        self.publishes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    async def publish(self, messages: Sequence[Message]) -> None:
        self.publishes += 1
        if self.fails == "before":
            raise BusUnavailable("the wire is cut")
        await self.now.publish(messages)
        if self.fails == "after":
            raise BusUnavailable("the confirmation is lost")


class NoSender:
    """For the tests that send nothing: whoever does send finds out."""

    async def send(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("nothing was to be sent")

    async def close(self) -> None: ...


@asynccontextmanager
async def open_front(
    kind: str,
    folder: Path,
    servers: tuple[str, str] | None,
    webhooks: WebhookSender | None = None,
    **settings: Any,
) -> AsyncIterator[Front]:
    clock = ManualClock(NOON)
    async with AsyncExitStack() as stack:
        if kind == "embedded":
            namespace = ""
            store, database, bus = await _embedded(folder, clock)
        else:
            assert servers is not None
            namespace = f"t{uuid4().hex[:12]}"
            stack.push_async_callback(_drop, servers[0], namespace)
            store, database, bus = await _distributed(*servers, namespace, clock)
        stack.push_async_callback(store.close)
        stack.push_async_callback(database.close)
        stack.push_async_callback(bus.close)
        await database.create(METADATA)
        await database.create(state.METADATA)  # of the other half; the receipts read it
        api_keys_table(keys := MetaData())
        await database.create(keys)
        front = _front(kind, store, database, Wire(bus), clock, webhooks or NoSender(), settings)
        front.namespace = namespace

        async def consent(message: Message) -> None:
            front.published.append(message)

        bus.subscribe("consent", EVENTS_EXCHANGE, frozenset({"#"}), consent, ordered=True)
        await bus.declare()
        if kind == "distributed":
            stack.push_async_callback(bus.remove)
        yield front


def _front(
    kind: str,
    store: EventStore,
    database: Database,
    bus: Wire,
    clock: ManualClock,
    webhooks: Any,
    overrides: dict[str, Any],
) -> Front:
    settings = ephemeral_settings(**overrides)
    keys = ApiKeys(database)
    part = build_front(
        store=store,
        database=database,
        bus=bus,
        clock=clock,
        settings=settings,
        webhooks=webhooks,
        keys=keys,
    )
    app = application(
        "notify",
        part.routers,
        authenticate=authenticator(keys, service_token=settings.service_token),
        checks={},
        clock=clock,
        body_limits=BODY_LIMITS,
    )
    return Front(
        kind=kind,
        store=store,
        database=database,
        bus=bus,
        clock=clock,
        app=app,
        part=part,
        keys=keys,
    )


async def _embedded(folder: Path, clock: ManualClock) -> tuple[EventStore, Database, Any]:
    codec = EventCodec(*ALL_EVENTS)
    store = await open_sqlite_store(folder / "log.db", codec=codec, clock=clock, service_key=KEY)
    database = await open_database(f"sqlite:///{folder / 'read.db'}")
    return store, database, await open_embedded_bus(folder / "bus.db", clock=clock, key=KEY)


async def _distributed(
    dsn: str, broker: str, schema: str, clock: ManualClock
) -> tuple[EventStore, Database, Any]:
    codec = EventCodec(*ALL_EVENTS)
    store = await open_postgres_store(dsn, schema=schema, codec=codec, clock=clock, service_key=KEY)
    database = await open_database(dsn, schema=schema)
    return store, database, await open_rabbit_bus(broker, namespace=schema, clock=clock, key=KEY)


async def _drop(dsn: str, schema: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    finally:
        await connection.close()
