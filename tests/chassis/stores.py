"""The two logs, opened for a test: what the conformance tests need besides the port."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg

from services.chassis.clock import Clock, ManualClock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore, NewEvent
from services.chassis.store_postgres import open_postgres_store
from services.chassis.store_sqlite import open_sqlite_store

SERVICE_KEY = bytes(range(32))
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
CONTEXT = Context(correlation_id=UUID(int=1), actor="agency-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    about: Sealed
    note: str = ""


CODEC = EventCodec(Happened | Told)


class Place(Protocol):
    """Where a log lies; it may be opened several times, as several processes do."""

    @property
    def arguments(self) -> list[str]:
        """How another process finds it."""
        ...

    async def open(self, *, clock: Clock = ..., service_key: bytes = ...) -> EventStore: ...

    async def open_database(self) -> Database: ...

    async def sql(self, statement: str, *values: Any) -> list[Sequence[Any]]: ...

    async def slow_down(self, each: str) -> None:
        """Let every inserted ROW or STATEMENT take a while, inside its transaction."""
        ...

    async def every_byte(self) -> bytes: ...

    async def remove(self) -> None: ...


class EmbeddedPlace:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "log.sqlite"
        self.arguments = [str(self.file)]

    async def open(
        self, *, clock: Clock | None = None, service_key: bytes = SERVICE_KEY
    ) -> EventStore:
        return await open_sqlite_store(
            self.file, codec=CODEC, clock=clock or ManualClock(NOON), service_key=service_key
        )

    async def open_database(self) -> Database:
        return await open_database(f"sqlite:///{self._folder / 'rows.sqlite'}")

    async def sql(self, statement: str, *values: Any) -> list[Sequence[Any]]:
        with closing(sqlite3.connect(self.file)) as db, db:
            return db.execute(statement, values).fetchall()

    async def slow_down(self, each: str) -> None:
        """Whoever holds the file's lock keeps the others out for as long as it likes anyway."""

    async def every_byte(self) -> bytes:
        return b"".join(file.read_bytes() for file in self._folder.glob("log.sqlite*"))

    async def remove(self) -> None:
        """The folder is the test's own."""


class DistributedPlace:
    def __init__(self, dsn: str, schema: str = "") -> None:
        self.dsn = dsn
        self.schema = schema or f"store_{uuid4().hex[:12]}"
        self.arguments = [dsn, self.schema]

    async def open(
        self, *, clock: Clock | None = None, service_key: bytes = SERVICE_KEY
    ) -> EventStore:
        return await open_postgres_store(
            self.dsn,
            schema=self.schema,
            codec=CODEC,
            clock=clock or ManualClock(NOON),
            service_key=service_key,
        )

    async def open_database(self) -> Database:
        return await open_database(self.dsn, schema=self.schema)

    async def sql(self, statement: str, *values: Any) -> list[Sequence[Any]]:
        settings = {"search_path": self.schema}
        db = await asyncpg.connect(self.dsn, server_settings=settings)
        try:
            return [tuple(row) for row in await db.fetch(statement, *values)]
        finally:
            await db.close()

    async def slow_down(self, each: str) -> None:
        await self.sql(
            f'CREATE FUNCTION "{self.schema}".linger() RETURNS trigger LANGUAGE plpgsql AS '
            "'BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NULL; END'"
        )
        await self.sql(
            f"CREATE TRIGGER slow AFTER INSERT ON events FOR EACH {each}"
            f' EXECUTE FUNCTION "{self.schema}".linger()'
        )

    async def every_byte(self) -> bytes:
        rows = await self.sql("SELECT to_jsonb(events)::text, data, context FROM events")
        keys = await self.sql("SELECT subject, wrapped FROM sealing_keys")
        return repr((rows, keys)).encode()

    async def remove(self) -> None:
        await self.sql(f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE')


def happened(*numbers: int) -> list[NewEvent]:
    return [NewEvent(event_id=uuid4(), event=Happened(number=number)) for number in numbers]


def told(subject: str, value: Any) -> list[NewEvent]:
    return [NewEvent(event_id=uuid4(), event=Told(about=Sealed(subject, value)))]


async def append(store: EventStore, stream: str, events: Sequence[NewEvent], expected: int) -> int:
    return await store.append(stream, events, expected=expected, context=CONTEXT)


async def all_at_once(*appends: Any) -> list[int | BaseException]:
    """The answers of appends that wait for the same commit."""
    return list(await asyncio.gather(*appends, return_exceptions=True))
