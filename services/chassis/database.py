"""Where are the read models? In a database beside the log, of which they can be made again."""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import BigInteger, Column, DateTime, Dialect, MetaData, String, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.types import TypeDecorator

from services.chassis import arrays
from services.chassis.engines import PATIENCE, distributed_engine, embedded_engine
from services.chassis.store import StoreUnavailable

_AWAY = (
    PoolTimeout,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
_PASSING = ("08", "40", "53", "55", "57")  # SQLSTATE: lost, deadlock, full, locked, stopped

METADATA = MetaData()
CHECKPOINTS = Table(  # how far each projector and relay got in the log
    "checkpoints",
    METADATA,
    Column("name", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
)


class Instant(TypeDecorator[datetime]):
    """A column of instants: in UTC and with an offset on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


async def open_database(url: str, *, schema: str | None = None) -> "Database":
    """`sqlite:///file` or `postgresql://...`; a missing schema is made."""
    parsed = make_url(url)
    embedded = parsed.get_backend_name() == "sqlite"
    engine = embedded_engine(parsed) if embedded else distributed_engine(parsed, schema)
    database = Database(engine, Path(parsed.database or "") if embedded else None)
    if schema and not embedded:
        async with database.transaction() as tx:
            await _locked(tx, f"schema {schema}")
            # A role that may not create schemas still uses the one that is there.
            if await tx.scalar(text("SELECT to_regnamespace(:s)"), {"s": f'"{schema}"'}) is None:
                await tx.execute(text(f'CREATE SCHEMA "{schema}"'))
    await database.create(METADATA)
    return database


class Database:
    def __init__(self, engine: AsyncEngine, file: Path | None) -> None:
        self._engine = engine
        self._file = file
        self._turn = asyncio.Lock() if file else None  # fair, where the file's own lock is not
        self._numbers: dict[str, int] = {}
        # A server has no need to be told where reading begins and ends; a file reads a snapshot.
        alone: dict[str, Any] = {} if file else {"isolation_level": "AUTOCOMMIT"}
        self._options = {False: {"writes": False, **alone}, True: {"writes": True}}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection that writes: committed at the end, rolled back on any exception."""
        async with self._its_turn(), self._connected(writes=True) as connection:
            yield connection
            await connection.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._connected(writes=False) as connection:
            yield connection

    async def create(self, metadata: MetaData) -> None:
        """Make the tables that are missing; replicas that start together take turns."""
        async with self.transaction() as tx:
            await _locked(tx, "create")
            await tx.run_sync(metadata.create_all)

    @asynccontextmanager
    async def exclusive(self, name: str) -> AsyncIterator[bool]:
        """Whether nobody else holds `name`, of all processes. The hold dies with its process.

        No transaction is open meanwhile, so other things may be waited for.
        """
        if self._file:
            with (self._file.parent / f"{self._file.name}.{name}.lock").open("w") as held:
                yield _flocked(held)
            return
        async with self._connected(writes=False) as connection:
            if name not in self._numbers:
                self._numbers[name] = await _number(connection, name)
            number = {"n": self._numbers[name]}
            got = await connection.scalar(text("SELECT pg_try_advisory_lock(:n)"), number)
            try:
                yield bool(got)
            finally:
                if got:
                    await _released(connection, number)

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def _connected(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield await connection.execution_options(**self._options[writes])
        except _AWAY as fault:
            raise StoreUnavailable("the database does not answer") from fault
        except DBAPIError as fault:
            if _passes(fault):
                raise StoreUnavailable("the database went away") from fault
            raise

    @asynccontextmanager
    async def _its_turn(self) -> AsyncIterator[None]:
        if self._turn is None:
            yield
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreUnavailable("another transaction does not end") from None
        try:
            yield
        finally:
            self._turn.release()


async def upsert(
    connection: AsyncConnection,
    table: Table,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    newer: str | None = None,
) -> int:
    """Insert, or replace the row of the same `key`; answer how many rows were written.

    With `newer`, a row is replaced only by one with a higher value in that column. Of several rows
    each is taken after the other, and the answer is how many were given.
    """
    rows = [values] if isinstance(values, Mapping) else list(values)
    if not rows:
        return 0
    dialect = connection.dialect.name
    arrayed = len(rows) > 1 and dialect == "postgresql"
    form = "arrays" if arrayed else dialect
    statement = _upserting(form, table, tuple(rows[0]), tuple(key), newer)
    if len(rows) == 1:
        return (await connection.execute(statement, dict(rows[0]))).rowcount
    given = arrays.lists_of(rows, key, newer) if arrayed else [dict(row) for row in rows]
    await connection.execute(statement, given)
    return len(rows)


@lru_cache(maxsize=256)
def _upserting(
    form: str, table: Table, columns: tuple[str, ...], key: tuple[str, ...], newer: str | None
) -> postgresql.Insert:
    """Made and compiled once, whatever the number of rows."""
    own = sqlite if form == "sqlite" else postgresql
    insert: postgresql.Insert = own.insert(table)
    if form == "arrays":
        insert = arrays.inserting(table, columns)
    changed = {name: insert.excluded[name] for name in columns if name not in key}
    if not changed:
        return insert.on_conflict_do_nothing(index_elements=list(key))
    where = None if newer is None else table.c[newer] < insert.excluded[newer]
    return insert.on_conflict_do_update(index_elements=list(key), set_=changed, where=where)


def _passes(fault: DBAPIError) -> bool:
    """Is it worth trying again? A mistake in a statement is not: it stays what it is."""
    if fault.connection_invalidated or isinstance(fault, InterfaceError):
        return True
    if (code := getattr(fault.orig, "sqlite_errorcode", None)) is not None:
        return isinstance(fault, OperationalError) and code != sqlite3.SQLITE_ERROR
    return str(getattr(fault.orig, "sqlstate", None) or "").startswith(_PASSING)


async def _locked(tx: AsyncConnection, name: str) -> None:
    if tx.dialect.name == "postgresql":
        number = await _number(tx, name)
        await tx.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})


async def _number(connection: AsyncConnection, name: str) -> int:
    """Advisory locks are one space for the whole server: the schema is part of the name."""
    schema = await connection.scalar(text("SELECT current_setting('search_path')"))
    return int.from_bytes(sha256(f"{schema} {name}".encode()).digest()[:8], signed=True)


async def _released(alone: AsyncConnection, number: dict[str, int]) -> None:
    try:
        await alone.execute(text("SELECT pg_advisory_unlock(:n)"), number)
    except BaseException:  # raised again: or the pool would hand the lock on with the connection
        await alone.invalidate()
        raise


def _flocked(held: Any) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
