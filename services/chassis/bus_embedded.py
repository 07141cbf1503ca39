"""The bus of one process: every group's copies as sealed rows of one SQLite file.

It encodes, queues, redelivers and dead-letters like the broker does, and never calls a handler from
inside publish (ADR 0005). A second process cannot open the file.
"""

import asyncio
import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import orjson

from services.chassis.bus import BusUnavailable, DeadLetter, Message, Unroutable
from services.chassis.bus_groups import DELIVERY_LIMIT, Delivery, GroupBus
from services.chassis.clock import Clock
from services.chassis.message_encoding import REPLIES, Seal, Unreadable, from_outside
from services.chassis.sqlite_rows import insert
from services.chassis.workers import heard

CAPACITY = 100_000  # copies that may wait, over all groups
IN_HAND = 100
_KILLED = "ProcessKilled"

_SCHEMA = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS copies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    grp TEXT NOT NULL,
    body BLOB NOT NULL,
    lives INTEGER NOT NULL DEFAULT 0,
    dead TEXT
);
CREATE INDEX IF NOT EXISTS copies_of_group ON copies (grp, dead, id);
"""

T = TypeVar("T")
Rows = list[tuple[str, bytes]]


async def open_embedded_bus(
    path: Path, *, clock: Clock, key: bytes, capacity: int = CAPACITY
) -> "EmbeddedBus":
    bus = EmbeddedBus(path, clock, Seal(key), capacity)
    await bus.open()
    return bus


class EmbeddedBus(GroupBus["_GroupQueue"]):
    """What touches the file runs on one thread; publishers of one moment share a commit."""

    def __init__(self, path: Path, clock: Clock, seal: Seal, capacity: int) -> None:
        super().__init__(lambda group: _GroupQueue(self, group))
        self._path = path
        self._clock = clock
        self.seal = seal
        self._capacity = capacity
        self.waiting = 0
        self.commits = 0
        self._replies: dict[str, deque[bytes]] = defaultdict(lambda: deque(maxlen=1_000))
        self._pending: Rows = []
        self._next_commit: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bus")
        self._closed = False

    async def open(self) -> None:
        self._file = await self._on_thread(lambda: _connect(self._path))
        count = "SELECT count(*) FROM copies WHERE dead IS NULL"
        self.waiting = await self.transact(lambda file: int(file.execute(count).fetchone()[0]))

    async def publish(self, messages: Sequence[Message]) -> None:
        rows: Rows = []
        for message in messages:
            if message.exchange == REPLIES:
                self._replies[message.type].append(orjson.dumps(message.body))
            else:
                rows += self._copies(message)
        if rows:
            await self._commit(rows)

    async def publish_as(
        self, user_id: str, routing_key: str, body: bytes, reply_to: str | None = None
    ) -> None:
        """What an agency's own broker user would publish on the outside exchange."""
        message = from_outside(
            body, type=routing_key, user_id=user_id, reply_to=reply_to, message_id=None
        )
        await self.publish([message])

    def replies(self, queue: str) -> list[bytes]:
        """What an outside publisher would find in its own queue (kept in memory only)."""
        return list(self._replies[queue])

    async def declare(self) -> None:
        """There is no broker to tell."""

    async def dead_letters(self, group: str) -> list[DeadLetter]:
        query = "SELECT body, dead FROM copies WHERE grp = ? AND dead IS NOT NULL ORDER BY id"
        rows = await self.transact(lambda file: file.execute(query, (group,)).fetchall())
        return [
            DeadLetter(group=group, message=message, reason=reason)
            for body, reason in rows
            if (message := self.unseal(body)) is not None
        ]

    async def redrive(self, group: str) -> int:
        back = "UPDATE copies SET dead = NULL, lives = 0 WHERE grp = ? AND dead IS NOT NULL"
        count = await self.transact(lambda file: file.execute(back, (group,)).rowcount)
        self.waiting += count
        self.queues[group].news.set()
        return count

    async def close(self) -> None:
        if self._closed:
            return
        if self._next_commit:
            await asyncio.wait([self._next_commit])
        held = [(token,) for queue in self.queues.values() for token in queue.in_hand]
        release = "UPDATE copies SET lives = lives - 1 WHERE id = ?"
        await self.transact(lambda file: file.executemany(release, held))
        await self._on_thread(self._file.close)
        self._closed = True
        self._thread.shutdown()

    def unseal(self, body: bytes) -> Message | None:
        try:
            return self.seal.open(body)
        except Unreadable:
            return None

    async def transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def whole() -> T:
            with self._file:  # commits, or rolls back when `work` fails
                self._file.execute("BEGIN IMMEDIATE")
                return work(self._file)

        return await self._on_thread(whole)

    def _copies(self, message: Message) -> Rows:
        groups = self.subscriptions.groups_for(message.exchange, message.type)
        if not groups:
            raise Unroutable(f"no group takes {message.type} on {message.exchange}")
        if message.sent_at is None:
            message = replace(message, sent_at=self._clock.now())
        body = self.seal.close(message)
        return [(group, body) for group in groups]

    async def _commit(self, rows: Rows) -> None:
        """Together with all who publish while the last commit is being written."""
        if self.waiting + len(rows) > self._capacity:
            raise BusUnavailable("the bus is full")
        self.waiting += len(rows)
        self._pending += rows
        if self._next_commit is None:
            self._next_commit = asyncio.create_task(self._write_pending())
        await asyncio.shield(self._next_commit)

    async def _write_pending(self) -> None:
        async with self._turn:
            rows, self._pending, self._next_commit = self._pending, [], None
            try:
                await self.transact(lambda file: insert(file, "copies", ("grp", "body"), rows))
            except BusUnavailable:
                self.waiting -= len(rows)
                raise
        self.commits += 1
        for group, _ in rows:
            self.queues[group].news.set()

    async def _on_thread(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise BusUnavailable("closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as fault:
            raise BusUnavailable(type(fault).__name__) from fault


class _GroupQueue:
    """The copies of one group. What is in hand is counted in the file first, so that a message
    which kills the process is found out: after ten such lives it is a dead letter too."""

    def __init__(self, bus: EmbeddedBus, group: str) -> None:
        self._bus = bus
        self._group = group
        self.in_hand: dict[int, Delivery] = {}
        self.news = asyncio.Event()

    async def take(self, *, everything: bool) -> list[Delivery]:
        self.news.clear()
        if len(self.in_hand) < IN_HAND:
            for token, body in await self._bus.transact(self._more):
                self.in_hand[token] = Delivery(message=self._bus.unseal(body), token=token)
        return list(self.in_hand.values())

    def _more(self, file: sqlite3.Connection) -> list[tuple[int, bytes]]:
        query = (
            "SELECT id, body, lives FROM copies WHERE grp = ? AND dead IS NULL ORDER BY id LIMIT ?"
        )
        taken: list[tuple[int, bytes]] = []
        for token, body, lives in file.execute(query, (self._group, IN_HAND)).fetchall():
            if token in self.in_hand:
                continue
            if lives >= DELIVERY_LIMIT:
                file.execute("UPDATE copies SET dead = ? WHERE id = ?", (_KILLED, token))
                continue
            if lives and taken:
                break  # one that was in hand when a process died is tried alone
            taken.append((token, body))
            if lives:
                break
        count = "UPDATE copies SET lives = lives + 1 WHERE id IN (SELECT value FROM json_each(?))"
        file.execute(count, (orjson.dumps([token for token, _ in taken]).decode(),))
        return taken

    async def settle(self, done: list[Delivery], dead: list[Delivery]) -> None:
        def work(file: sqlite3.Connection) -> None:
            settled = orjson.dumps([delivery.token for delivery in done]).decode()
            sql = "DELETE FROM copies WHERE id IN (SELECT value FROM json_each(?))"
            file.execute(sql, (settled,))
            bury = "UPDATE copies SET dead = ? WHERE id = ?"
            file.executemany(bury, [(d.reason, d.token) for d in dead])

        await self._bus.transact(work)
        for delivery in (*done, *dead):
            self.in_hand.pop(delivery.token, None)
            self._bus.waiting -= 1

    async def wait(self, timeout: float) -> None:
        await heard(self.news, timeout)


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    file = sqlite3.connect(path, timeout=2, isolation_level=None, check_same_thread=False)
    file.executescript(_SCHEMA)
    return file
