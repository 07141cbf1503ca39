"""Consent on real parts: a log, a database, a bus and the application, in a test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import asyncpg
import httpx

from contracts import messages
from contracts.messages import AgencyKeyState, DecisionMade, EventAccepted, OrganisationState
from services.chassis.apikeys import new_key
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
from services.consent.service import EVENTS, METADATA, build
from tests.consent.story import AGREEMENTS, NOW, ORGANISATIONS, RECORDED, Json, event


@dataclass
class House:
    store: EventStore
    database: Database
    bus: Any
    clock: ManualClock
    settings: Settings
    service: Service
    folder: Path
    again: Callable[[], Awaitable[tuple[EventStore, Database]]]  # as another process opens them
    heard: list[Message] = field(default_factory=list)

    async def call(
        self, method: str, path: str, *, token: str | None = None, **kwargs: Any
    ) -> httpx.Response:
        """As the house itself unless a key is given; "" is no key at all."""
        bearer = self.settings.service_token if token is None else token
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        headers |= kwargs.pop("headers", {})
        transport = httpx.ASGITransport(self.service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://consent") as client:
            return await client.request(method, f"/consent/v1{path}", headers=headers, **kwargs)

    async def good(self, method: str, path: str, **kwargs: Any) -> Any:
        answer = await self.call(method, path, **kwargs)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def publish(self, exchange: str, kind: str, body: Json, id_: UUID | None = None) -> None:
        message = Message(
            id=id_ or uuid4(), exchange=exchange, type=kind, body=body, correlation_id=uuid4()
        )
        await self.bus.publish([message])

    async def accept(
        self,
        data: Json,
        type_: str = RECORDED,
        source: str = "north-police",
        id_: str = "1",
        *,
        copy: int = 0,
        sent: str | None = None,
    ) -> None:
        """As intake publishes it, and everything that follows. `copy` makes it another message;
        `sent` is the sender's own time of it."""
        now = self.clock.now()
        message = uuid5(NAMESPACE_URL, f"{source}|{id_}")
        told = event(data, type_, source, id_) | ({"time": sent} if sent else {})
        body = EventAccepted(receipt=message, agency=source, accepted_at=now, event=told)
        await self.publish(
            messages.EVENTS,
            messages.EVENT_ACCEPTED,
            body.model_dump(mode="json"),
            uuid5(message, str(copy)) if copy else message,
        )
        await self.work()

    async def work(self) -> None:
        """Until nothing is left to do at this moment."""
        while sum([await worker.run_once() for worker in (*self.service.workers, self.bus)]):
            pass

    async def know(self, *states: OrganisationState) -> None:
        for state in states:
            await self.publish(
                messages.DIRECTORY, messages.ORGANISATION_STATE, state.model_dump(mode="json")
            )
        await self.work()

    async def key(self, agency: str, *roles: str) -> str:
        key_id, token, secret_hash = new_key()
        state = AgencyKeyState(
            version=1, key_id=key_id, agency=agency, roles=roles, secret_hash=secret_hash
        )
        await self.publish(
            messages.DIRECTORY, messages.AGENCY_KEY_STATE, state.model_dump(mode="json")
        )
        await self.work()
        return token

    def said(self, kind: str) -> list[Json]:
        return [message.body for message in self.heard if message.type == kind]

    def made(self, audience: str | None = None) -> list[DecisionMade]:
        found = [DecisionMade.model_validate(body) for body in self.said(messages.DECISION_MADE)]
        return [one for one in found if audience in (None, one.audience)]

    def tasks(self, kind: str) -> list[Json]:
        return [body for body in self.said(messages.OBLIGATION_ARISEN) if body["kind"] == kind]

    def later(self, moment: str) -> None:
        self.clock.set(datetime.fromisoformat(moment))


@asynccontextmanager
async def open_house(
    folder: Path, servers: tuple[str, str] | None, settings: Settings | None = None
) -> AsyncIterator[House]:
    clock, settings = ManualClock(NOW), settings or ephemeral_settings()
    schema = f"consent_{uuid4().hex[:12]}"

    async def logs() -> tuple[EventStore, Database]:
        if servers is None:
            return await _embedded(folder, clock, settings)
        return await _distributed(servers[0], schema, clock, settings)

    async with AsyncExitStack() as stack:
        if servers is not None:
            stack.push_async_callback(_drop, servers[0], schema)
        store, database = await logs()
        bus: Any = await _bus(folder, servers, schema, clock, settings)
        for opened in (store, database, bus):
            stack.push_async_callback(opened.close)
        if servers is not None:
            stack.push_async_callback(bus.remove)
        await database.create(METADATA)
        parts: dict[str, Any] = {"store": store, "database": database, "clock": clock}
        parts |= {"bus": bus, "settings": settings}
        house = House(
            **parts, service=build(**parts, agreements=AGREEMENTS), folder=folder, again=logs
        )

        async def hear(message: Message) -> None:
            house.heard.append(message)

        bus.subscribe("listener", messages.DISCLOSURES, frozenset({"#"}), hear, ordered=True)
        await bus.declare()
        states = [OrganisationState(version=1, organisation=o) for o in ORGANISATIONS.values()]
        await house.know(*states)
        yield house


async def _embedded(
    folder: Path, clock: ManualClock, settings: Settings
) -> tuple[EventStore, Database]:
    store = await open_sqlite_store(
        folder / "log.db",
        codec=EventCodec(*EVENTS),
        clock=clock,
        service_key=settings.service_key_bytes("consent"),
    )
    return store, await open_database(f"sqlite:///{folder / 'read.db'}")


async def _distributed(
    dsn: str, schema: str, clock: ManualClock, settings: Settings
) -> tuple[EventStore, Database]:
    store = await open_postgres_store(
        dsn,
        schema=schema,
        codec=EventCodec(*EVENTS),
        clock=clock,
        service_key=settings.service_key_bytes("consent"),
    )
    return store, await open_database(dsn, schema=schema)


async def _bus(
    folder: Path,
    servers: tuple[str, str] | None,
    schema: str,
    clock: ManualClock,
    settings: Settings,
) -> Any:
    key = settings.bus_key_bytes
    if servers is None:
        return await open_embedded_bus(folder / "bus.db", clock=clock, key=key)
    return await open_rabbit_bus(servers[1], namespace=schema, clock=clock, key=key)


async def _drop(dsn: str, schema: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    await connection.close()
