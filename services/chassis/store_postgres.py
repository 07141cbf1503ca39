"""Where is the log of the distributed deployment? In one PostgreSQL schema for each service.

Raw asyncpg under the append (ADR 0004). An advisory lock for the schema is held from just before
the checks to the commit, so positions become visible in order whoever writes (ADR 0002).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec

from services.chassis.clock import Clock
from services.chassis.codec import EventCodec
from services.chassis.group_commit import Answer, Facts, Pending, Plan, Prepare
from services.chassis.log import Log
from services.chassis.postgres_listener import Listener
from services.chassis.sealing import KeyRow
from services.chassis.store import EventStore, Row, StoreUnavailable

if TYPE_CHECKING:
    _Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    _Pooled: TypeAlias = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    _Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]

_PATIENCE = 5.0
_SETTINGS = {
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    # Every question to the log has its index. A plan that was kept from when the table was small,
    # or before it was analysed, would read all of it at each append.
    "enable_seqscan": "off",
    "application_name": "daybreak log",
}
_COLUMNS = "position, stream, version, event_id, type, data, context, recorded_at, hash"
_NAMES = _COLUMNS.split(", ")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    position bigint PRIMARY KEY, stream text NOT NULL, version integer NOT NULL,
    event_id uuid NOT NULL UNIQUE, type text NOT NULL, data bytea NOT NULL, context bytea NOT NULL,
    recorded_at timestamptz NOT NULL, hash bytea NOT NULL, UNIQUE (stream, version))
    WITH (toast_tuple_target = 8160);  -- what is sealed cannot be compressed: do not try
CREATE TABLE IF NOT EXISTS sealing_keys (
    subject text NOT NULL, generation integer NOT NULL, wrapped bytea,
    PRIMARY KEY (subject, generation));
"""
_FACTS = """
SELECT 'head' AS fact, NULL AS name, NULL::uuid AS id, position AS number, hash AS bytes
    FROM (SELECT position, hash FROM events ORDER BY position DESC LIMIT 1) AS last
UNION ALL SELECT 'version', wanted.stream, NULL, last.version, NULL
    FROM unnest($1::text[]) AS wanted (stream) CROSS JOIN LATERAL (
        SELECT version FROM events WHERE events.stream = wanted.stream
        ORDER BY version DESC LIMIT 1) AS last
UNION ALL SELECT 'known', NULL, event_id, position, hash
    FROM events WHERE event_id = ANY ($2::uuid[])
UNION ALL SELECT 'key', subject, NULL, generation, wrapped
    FROM sealing_keys WHERE subject = ANY ($3::text[])
"""
_STREAMS = f"SELECT {_COLUMNS} FROM events WHERE stream = ANY ($1) ORDER BY stream, version"
_WRITE_KEYS = """
INSERT INTO sealing_keys (subject, generation, wrapped)
    SELECT * FROM unnest($1::text[], $2::integer[], $3::bytea[])
"""
_DESTROY = "UPDATE sealing_keys SET wrapped = NULL WHERE subject = $1 AND wrapped IS NOT NULL"
_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, starting up, statement timed out
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # failed over: this server no longer takes writes
    asyncpg.InternalClientError,
)


async def open_postgres_store(
    dsn: str, *, schema: str, codec: EventCodec, clock: Clock, service_key: bytes
) -> EventStore:
    table = _Table(dsn.replace("postgresql+asyncpg://", "postgresql://"), schema)
    await table.open()
    log = Log(table, codec=codec, clock=clock, service_key=service_key)
    table.listen(log.wake)
    return log


class _Table:
    def __init__(self, dsn: str, schema: str) -> None:
        self._dsn = dsn
        self._schema = schema
        self._lock = int.from_bytes(sha256(f"log {schema}".encode()).digest()[:8], signed=True)
        self._pool: _Pool | None = None
        self._writer: _Connection | None = None
        self._listener: Listener | None = None

    async def open(self) -> None:
        async with _answering():
            async with self._writing() as db:
                await db.execute(f"BEGIN; SELECT pg_advisory_xact_lock({self._lock})")
                # A role that may not create anything still opens what is there.
                if await db.fetchval("SELECT to_regnamespace($1)", f'"{self._schema}"') is None:
                    await db.execute(f'CREATE SCHEMA "{self._schema}"')
                if await db.fetchval("SELECT to_regclass('sealing_keys')") is None:
                    await db.execute(_SCHEMA)
                await db.execute("COMMIT")
            self._pool = await asyncpg.create_pool(
                connect=self._connect, min_size=0, max_size=4, reset=lambda _: asyncio.sleep(0)
            )  # nobody sets anything on a connection that reads

    def listen(self, wake: Callable[[], None]) -> None:
        self._listener = Listener(self._connect, f"log {self._schema}", wake)

    async def commit(self, group: Sequence[Pending], prepare: Prepare) -> list[Answer]:
        doubtful: dict[UUID, bytes] = {}
        async with _answering():
            try:
                return await self._commit_once(group, prepare, doubtful)
            except _AWAY:
                # The connection is lost, perhaps while it committed: look again on a new one.
                return await self._commit_once(group, prepare, doubtful)

    async def _commit_once(
        self, group: Sequence[Pending], prepare: Prepare, doubtful: dict[UUID, bytes]
    ) -> list[Answer]:
        async with self._writing() as db, asyncio.timeout(2 * _PATIENCE):
            await db.execute(f"BEGIN; SELECT pg_advisory_xact_lock({self._lock})")
            made = prepare(group, await _facts(db, group), doubtful)
            if made.rows:
                await _write(db, made)
                doubtful.clear()
                doubtful.update((row.event_id, row.hash) for row in made.rows)
            await db.execute(f'NOTIFY "log {self._schema}"; COMMIT' if made.rows else "ROLLBACK")
            return made.answers

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator["_Connection"]:
        """The one connection that writes; after any fault it is not trusted again."""
        db, self._writer = self._writer, None
        if db is None or db.is_closed():
            db = await self._connect()
        try:
            yield db
        except BaseException:  # raised again: a cancelled write, too, leaves it half-way
            db.terminate()
            raise
        self._writer = db

    async def streams(self, streams: Sequence[str]) -> list[Row]:
        return await self._rows(_STREAMS, streams)

    async def rows(self, after: int, limit: int) -> list[Row]:
        return await self._rows(
            f"SELECT {_COLUMNS} FROM events WHERE position > $1 ORDER BY position LIMIT $2",
            after,
            limit,
        )

    async def _rows(self, sql: str, *values: Any) -> list[Row]:
        async with self._reading() as db:
            found = await db.fetch(sql, *values)
        # The driver's own kind of UUID is not what other libraries take for one.
        ids = msgspec.convert([row[3].bytes for row in found], list[UUID])
        return [
            Row(p, s, v, its, *rest) for (p, s, v, _, *rest), its in zip(found, ids, strict=True)
        ]

    async def head(self) -> int:
        async with self._reading() as db:
            return int(await db.fetchval("SELECT coalesce(max(position), 0) FROM events"))

    async def keys(self, subjects: Sequence[str]) -> list[KeyRow]:
        async with self._reading() as db:
            sql = "SELECT subject, generation, wrapped FROM sealing_keys WHERE subject = ANY ($1)"
            return [KeyRow(**row) for row in await db.fetch(sql, subjects)]

    async def destroy(self, subject: str) -> bool:
        async with self._reading() as db, db.transaction():
            await db.execute(f"SELECT pg_advisory_xact_lock({self._lock})")
            return bool(await db.execute(_DESTROY, subject) != "UPDATE 0")

    async def close(self) -> None:
        if self._listener:
            await self._listener.close()
        if self._writer:
            with suppress(*_AWAY):
                await self._writer.close(timeout=1)
        if self._pool:
            try:
                await asyncio.wait_for(self._pool.close(), _PATIENCE)
            except TimeoutError:
                self._pool.terminate()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator["_Pooled"]:
        if self._pool is None:
            raise StoreUnavailable("the store is closed")
        async with _answering(), self._pool.acquire(timeout=_PATIENCE) as db:
            try:
                yield db
            except _AWAY:
                db.terminate()  # giving it back would wait for its answer
                raise

    async def _connect(self, *_: Any, **__: Any) -> "_Connection":
        settings = _SETTINGS | {"search_path": f'"{self._schema}"'}
        return await asyncpg.connect(
            self._dsn, timeout=3, command_timeout=_PATIENCE + 1, server_settings=settings
        )


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    try:
        yield
    except _AWAY as fault:
        raise StoreUnavailable(f"the log does not answer: {type(fault).__name__}") from fault


async def _facts(db: "_Connection", group: Sequence[Pending]) -> Facts:
    facts = Facts()
    streams = list({pending.stream for pending in group})
    ids = [event_id for pending in group for event_id, _ in pending.events]
    subjects = list({who for pending in group for who in pending.subjects()})
    for fact, name, event_id, number, its in await db.fetch(_FACTS, streams, ids, subjects):
        match fact:
            case "head":
                facts.position, facts.hash = number, its
            case "version":
                facts.versions[name] = number
            case "known":
                facts.known[event_id] = number, its
            case "key":
                facts.keys.append(KeyRow(subject=name, generation=number, wrapped=its))
    return facts


async def _write(db: "_Connection", made: Plan) -> None:
    if made.keys:
        keys = [(key.subject, key.generation, key.wrapped) for key in made.keys]
        await db.execute(_WRITE_KEYS, *map(list, zip(*keys, strict=True)))
    await db.copy_records_to_table("events", records=made.rows, columns=_NAMES)
