"""An evening on which everything was scheduled, and as many mornings after it as a row asks for.

The product itself schedules: incidents with ten children each, whose schools are all told at seven.
What it wrote is then copied for every morning, so that each begins alike.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

import asyncpg

from bench.area import Town, incidents, stand
from bench.doors import EVENTS_PATH
from bench.payload import AGENCY
from bench.receiver import Desk
from bench.row import CannotMeasure
from bench.row import Place as Where
from services.all_in_one import open_embedded
from services.assembly import House, Storage, assemble, load_agreements
from services.chassis.bus_rabbit import RabbitBus
from services.chassis.clock import ManualClock
from services.chassis.mail import SmtpSender
from services.chassis.outbound import AiohttpWebhookSender
from services.chassis.settings import Settings, ephemeral_settings
from services.chassis.store import EventStore
from services.chassis.workers import Supervisor
from services.distributed import open_distributed
from services.doors import Doors

EVENING = datetime(2027, 3, 1, 22, tzinfo=UTC)  # a Monday in term
MORNING = datetime(2027, 3, 2, 7, tzinfo=UTC)
CHILDREN = 10  # of one incident


@dataclass(frozen=True, kw_only=True)
class Opened:
    house: House
    storage: Storage
    doors: Doors


class Keeper(Protocol):
    """Where the evening lies, and how it is opened: itself, or a copy of it."""

    def evening(self, clock: ManualClock) -> AbstractAsyncContextManager[Storage]: ...

    def morning(self, clock: ManualClock) -> AbstractAsyncContextManager[Storage]: ...

    async def remove(self) -> None: ...


class InFiles:
    """A folder, and copies of it."""

    def __init__(self, where: Where, settings: Settings) -> None:
        self._where = where
        self._folder = where.folder / where.fresh()
        self._settings = settings

    @asynccontextmanager
    async def evening(self, clock: ManualClock) -> AsyncIterator[Storage]:
        async with self._opened(self._folder, clock) as storage:
            yield storage

    @asynccontextmanager
    async def morning(self, clock: ManualClock) -> AsyncIterator[Storage]:
        copy = self._where.folder / self._where.fresh()
        shutil.copytree(self._folder, copy)
        try:
            async with self._opened(copy, clock) as storage:
                yield storage
        finally:
            shutil.rmtree(copy)

    async def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    @asynccontextmanager
    async def _opened(self, folder: Path, clock: ManualClock) -> AsyncIterator[Storage]:
        storage = await open_embedded(folder, settings=self._settings, clock=clock)
        try:
            yield storage
        finally:
            await storage.close()


class InServers:
    """A database of its own in PostgreSQL, and copies of it; queues of its own, empty at night."""

    def __init__(self, where: Where, settings: Settings) -> None:
        self._where = where
        self._database = where.fresh()
        self._settings = settings.model_copy(
            update={"broker_url": where.broker, "namespace": where.fresh()}
        )

    @asynccontextmanager
    async def evening(self, clock: ManualClock) -> AsyncIterator[Storage]:
        await self._server(f'CREATE DATABASE "{self._database}"')
        async with self._opened(self._database, clock) as storage:
            yield storage

    @asynccontextmanager
    async def morning(self, clock: ManualClock) -> AsyncIterator[Storage]:
        copy = self._where.fresh()
        await self._server(f'CREATE DATABASE "{copy}" TEMPLATE "{self._database}"')
        try:
            async with self._opened(copy, clock) as storage:
                yield storage
        finally:
            await self._server(f'DROP DATABASE "{copy}" WITH (FORCE)')

    async def remove(self) -> None:
        async with self._opened(self._database, ManualClock(MORNING)) as storage:
            self._assemble(storage)
            assert isinstance(storage.bus, RabbitBus)
            await storage.bus.remove()
        await self._server(f'DROP DATABASE "{self._database}" WITH (FORCE)')

    def _assemble(self, storage: Storage) -> None:
        """The groups subscribe: only then does the bus know what to take away."""
        assemble(
            storage,
            settings=self._settings,
            clock=ManualClock(MORNING),
            agreements=(),
            mail=SmtpSender("127.0.0.1", 25, "no-reply@daybreak.example"),
            webhooks=AiohttpWebhookSender(),
        )

    @asynccontextmanager
    async def _opened(self, database: str, clock: ManualClock) -> AsyncIterator[Storage]:
        dsn = f"{self._where.dsn.rpartition('/')[0]}/{database}"
        settings = self._settings.model_copy(update={"database_url": dsn})
        storage = await open_distributed(settings=settings, clock=clock)
        try:
            yield storage
        finally:
            await storage.close()

    async def _server(self, statement: str) -> None:
        connection = await asyncpg.connect(self._where.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


class Mornings:
    """`smtp_port`: of the sink that takes nudges."""

    def __init__(self, keeper: Keeper, settings: Settings, *, smtp_port: int = 25) -> None:
        self._keeper = keeper
        self._settings = settings
        self._smtp_port = smtp_port

    async def schedule(self, town: Town, desk: Desk) -> tuple[Desk, float]:
        """Everything up to the night; the desk with the keys, and how many seconds it took."""
        clock = ManualClock(EVENING)
        began = time.perf_counter()
        async with self._keeper.evening(clock) as storage, self._house(storage, clock) as opened:
            secrets = await stand(opened.house, opened.doors, town, desk)
            await opened.doors.key(AGENCY)
            events = incidents(town, clock.now(), children=CHILDREN)
            for event in islice(events, town.schools // CHILDREN):
                answer = await opened.doors.request(
                    "POST",
                    EVENTS_PATH,
                    agency=AGENCY,
                    json=event,
                    headers={"content-type": "application/cloudevents+json"},
                )
                if answer.status_code != 202:
                    raise CannotMeasure(f"not accepted: {answer.status_code} {answer.text}")
            async with at_work(opened):
                tail = Tail(storage.stores["notify"])
                raised = await tail.reached("NotificationRaised", town.schools)
            await opened.house.settle()
        if raised != town.schools:
            raise CannotMeasure(f"{town.schools} schools, {raised} notifications scheduled")
        return replace(desk, secrets={**desk.secrets, **secrets}), time.perf_counter() - began

    @asynccontextmanager
    async def morning(self) -> AsyncIterator[Opened]:
        """At seven, and nothing has moved yet."""
        clock = ManualClock(MORNING)
        async with self._keeper.morning(clock) as storage, self._house(storage, clock) as opened:
            yield opened

    @asynccontextmanager
    async def _house(self, storage: Storage, clock: ManualClock) -> AsyncIterator[Opened]:
        """Only schools are told: the agreement with social care is not signed here."""
        webhooks = AiohttpWebhookSender(allow_private=True)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(webhooks.close)
            house = assemble(
                storage,
                settings=self._settings,
                clock=clock,
                agreements=load_agreements(["operation-encompass"]),
                mail=SmtpSender("127.0.0.1", self._smtp_port, "no-reply@daybreak.example"),
                webhooks=webhooks,
            )
            stack.push_async_callback(house.close)
            await storage.bus.declare()
            doors = Doors(house, self._settings)
            stack.push_async_callback(doors.close)
            yield Opened(house=house, storage=storage, doors=doors)


@asynccontextmanager
async def at_work(opened: Opened) -> AsyncIterator[None]:
    """All workers, under the product's own supervisor."""
    supervisor = Supervisor((*opened.house.workers, *opened.storage.bus.workers()))
    await supervisor.start()
    try:
        yield
    finally:
        await supervisor.stop()


class Tail:
    """How many events of a kind has the log by now? Read on from where the last look ended."""

    def __init__(self, store: EventStore, after: int = 0) -> None:
        self._store = store
        self._at = after
        self._seen: dict[str, int] = {}

    async def count(self, kind: str) -> int:
        while rows := await self._store.rows(self._at):
            self._at = rows[-1].position
            for row in rows:
                self._seen[row.type] = self._seen.get(row.type, 0) + 1
        return self._seen.get(kind, 0)

    async def reached(self, kind: str, wanted: int, *, within: float = 300.0) -> int:
        """How many there are, once there are `wanted` or the time (seconds) is over."""
        until = time.perf_counter() + within
        while (found := await self.count(kind)) < wanted:
            if time.perf_counter() > until:
                break
            await asyncio.sleep(0.02)
        return found


def settings() -> Settings:
    return ephemeral_settings(allow_private_webhooks=True)
