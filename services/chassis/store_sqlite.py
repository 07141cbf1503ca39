"""Where is the log of the embedded deployment? In one SQLite file, written by one thread.

Several processes may open the same file: BEGIN IMMEDIATE is the append lock, held to commit, so
positions become visible in order. `synchronous=FULL` costs one sync for each group.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import orjson

from services.chassis.clock import Clock
from services.chassis.codec import EventCodec
from services.chassis.group_commit import Answer, Facts, Pending, Prepare
from services.chassis.log import Log
from services.chassis.sealing import KeyRow
from services.chassis.sqlite_rows import insert
from services.chassis.store import EventStore, Row, StoreUnavailable

_BUSY_MS = 5000
_COLUMNS = "position, stream, version, event_id, type, data, context, recorded_at, hash"
_NAMES = _COLUMNS.split(", ")
_KEY_NAMES = ("subject", "generation", "wrapped")
_KEY_VALUES = attrgetter(*_KEY_NAMES)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
    event_id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, data BLOB NOT NULL, context BLOB NOT NULL,
    recorded_at TEXT NOT NULL, hash BLOB NOT NULL, UNIQUE (stream, version)) STRICT;
CREATE TABLE IF NOT EXISTS sealing_keys (
    subject TEXT NOT NULL, generation INTEGER NOT NULL, wrapped BLOB,
    PRIMARY KEY (subject, generation)) STRICT, WITHOUT ROWID;
"""

T = TypeVar("T")


async def open_sqlite_store(
    path: Path, *, codec: EventCodec, clock: Clock, service_key: bytes
) -> EventStore:
    table = _Table(path)
    try:
        await table.open()
        return Log(table, codec=codec, clock=clock, service_key=service_key)
    except BaseException:  # raised again: nobody else can close it
        await table.close()
        raise


class _Table:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = ThreadPoolExecutor(1, "log-writer")
        self._reading = ThreadPoolExecutor(1, "log-reader")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    async def open(self) -> None:
        self._writer = await self._in(self._writing, lambda: _connect(self._path))
        self._reader = await self._in(self._reading, lambda: _connect(self._path))

    async def commit(self, group: Sequence[Pending], prepare: Prepare) -> list[Answer]:
        return await self._write(lambda db: _commit(db, group, prepare))

    async def streams(self, streams: Sequence[str]) -> list[Row]:
        sql = (
            f"SELECT {_COLUMNS} FROM events"
            " WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY stream, version"
        )
        return await self._read(lambda db: [_row(r) for r in db.execute(sql, (_json(streams),))])

    async def rows(self, after: int, limit: int) -> list[Row]:
        sql = f"SELECT {_COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?"
        return await self._read(lambda db: [_row(r) for r in db.execute(sql, (after, limit))])

    async def head(self) -> int:
        sql = "SELECT coalesce(max(position), 0) FROM events"
        return await self._read(lambda db: int(db.execute(sql).fetchone()[0]))

    async def keys(self, subjects: Sequence[str]) -> list[KeyRow]:
        return await self._read(lambda db: _keys(db, subjects))

    async def destroy(self, subject: str) -> bool:
        destroyed = await self._write(lambda db: _destroy(db, subject))
        # The key is still in the write-ahead log until that is emptied.
        writer = self._writer
        if writer is not None:
            await self._in(self._writing, lambda: _emptied(writer))
        return destroyed

    async def close(self) -> None:
        for pool, connection in ((self._reading, self._reader), (self._writing, self._writer)):
            if connection is not None:
                await asyncio.get_running_loop().run_in_executor(pool, connection.close)
            pool.shutdown()
        self._reader = self._writer = None

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        writer = self._writer
        if writer is None:
            raise StoreUnavailable("the store is closed")
        return await self._in(self._writing, lambda: _transaction(writer, work))

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        reader = self._reader
        if reader is None:
            raise StoreUnavailable("the store is closed")
        return await self._in(self._reading, lambda: work(reader))

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work)
        except sqlite3.OperationalError as fault:  # locked for too long, disk full, disk gone
            if fault.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise  # a mistake, which trying again does not mend
            raise StoreUnavailable(f"the log does not answer: {fault}") from fault


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA secure_delete = ON")  # a destroyed key is overwritten, not only unlinked
    db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
    return db


def _transaction(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    db.execute("BEGIN IMMEDIATE")
    try:
        done = work(db)
        db.execute("COMMIT")
    except BaseException:  # raised again: whatever it was, nothing of it stays
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return done


def _commit(db: sqlite3.Connection, group: Sequence[Pending], prepare: Prepare) -> list[Answer]:
    made = prepare(group, _facts(db, group), {})
    insert(db, "sealing_keys", _KEY_NAMES, [_KEY_VALUES(key) for key in made.keys])
    insert(db, "events", _NAMES, [_stored(row) for row in made.rows])
    return made.answers


def _facts(db: sqlite3.Connection, group: Sequence[Pending]) -> Facts:
    facts = Facts()
    for position, last in db.execute(
        "SELECT position, hash FROM events ORDER BY position DESC LIMIT 1"
    ):
        facts.position, facts.hash = position, last
    facts.versions = dict(
        db.execute(
            "SELECT stream, max(version) FROM events"
            " WHERE stream IN (SELECT value FROM json_each(?)) GROUP BY stream",
            (_json({pending.stream for pending in group}),),
        )
    )
    for event_id, position, its in db.execute(
        "SELECT event_id, position, hash FROM events"
        " WHERE event_id IN (SELECT value FROM json_each(?))",
        (_json({str(event_id) for pending in group for event_id, _ in pending.events}),),
    ):
        facts.known[UUID(event_id)] = position, its
    facts.keys = _keys(db, sorted({who for pending in group for who in pending.subjects()}))
    return facts


def _keys(db: sqlite3.Connection, subjects: Sequence[str]) -> list[KeyRow]:
    return [
        KeyRow(subject=subject, generation=generation, wrapped=wrapped)
        for subject, generation, wrapped in db.execute(
            "SELECT subject, generation, wrapped FROM sealing_keys"
            " WHERE subject IN (SELECT value FROM json_each(?))",
            (_json(subjects),),
        )
    ]


def _destroy(db: sqlite3.Connection, subject: str) -> bool:
    destroyed = db.execute(
        "UPDATE sealing_keys SET wrapped = NULL WHERE subject = ? AND wrapped IS NOT NULL",
        (subject,),
    )
    return destroyed.rowcount > 0


def _emptied(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _json(values: Sequence[str] | set[str]) -> str:
    return orjson.dumps(list(values)).decode()


def _stored(row: Row) -> tuple[Any, ...]:
    return *row[:3], str(row.event_id), *row[4:7], row.recorded_at.isoformat(), row.hash


def _row(stored: Sequence[Any]) -> Row:
    at = datetime.fromisoformat(stored[7])
    return Row._make((*stored[:3], UUID(stored[3]), *stored[4:7], at, stored[8]))
