"""How do many appends share one commit? A queue, one writer, and an answer for each (ADR 0002).

`plan` is what both adapters do while they hold the lock: the checks are exact there, so one bad
append is refused by itself and its neighbours in the group are written.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, cast
from uuid import UUID

from services.chassis.chain import GENESIS, hashed
from services.chassis.codec import Encoded
from services.chassis.sealing import Keyring, KeyRow, Seals
from services.chassis.store import AlreadyRecorded, Row, StoreUnavailable, VersionConflict

GROUP = 200
WAITING = 10_000

Answer: TypeAlias = int | Exception


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pending:
    """One append that waits for its commit."""

    stream: str
    expected: int
    events: tuple[tuple[UUID, Encoded], ...]
    context: bytes

    def subjects(self) -> set[str]:
        return {slot.subject for _, encoded in self.events for slot in encoded.slots}


@dataclass(slots=True, kw_only=True)
class Facts:
    """What the log says, read under the lock, about all that a group touches."""

    position: int = 0
    hash: bytes = GENESIS
    versions: dict[str, int] = field(default_factory=dict)
    known: dict[UUID, tuple[int, bytes]] = field(default_factory=dict)  # id: position, hash
    keys: list[KeyRow] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Plan:
    answers: list[Answer] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    keys: list[KeyRow] = field(default_factory=list)


Prepare: TypeAlias = Callable[[Sequence[Pending], Facts, Mapping[UUID, bytes]], Plan]
Commit: TypeAlias = Callable[[Sequence[Pending]], Awaitable[list[Answer]]]


def plan(
    group: Sequence[Pending],
    facts: Facts,
    doubtful: Mapping[UUID, bytes],
    *,
    keyring: Keyring,
    now: datetime,
) -> Plan:
    """What to write for `group`. `doubtful` are our own rows whose commit was never answered."""
    made, seals = Plan(), Seals(keyring, facts.keys)
    for pending in group:
        refused = _judge(pending, facts, doubtful)
        if refused is not None:
            made.answers.append(refused)
            continue
        for version, (event_id, encoded) in enumerate(pending.events, pending.expected + 1):
            data = encoded.data(seals)
            facts.position += 1
            place = (facts.position, pending.stream, version, event_id, encoded.type, now)
            facts.hash = hashed(facts.hash, place, pending.context, data)
            made.rows.append(Row(*place[:-1], data, pending.context, now, facts.hash))
            facts.known[event_id] = facts.position, facts.hash
        facts.versions[pending.stream] = pending.expected + len(pending.events)
        made.answers.append(facts.position)
    made.keys = seals.created
    return made


def _judge(pending: Pending, facts: Facts, doubtful: Mapping[UUID, bytes]) -> Answer | None:
    last = facts.known.get(pending.events[-1][0])
    if last is not None and doubtful.get(pending.events[-1][0]) == last[1]:
        return last[0]  # it was written after all: only the answer to the commit was lost
    if any(event_id in facts.known for event_id, _ in pending.events):
        return AlreadyRecorded(pending.stream)
    version = facts.versions.get(pending.stream, 0)
    if version != pending.expected:
        return VersionConflict(f"{pending.stream} is at version {version}, not {pending.expected}")
    return None


class GroupWriter:
    """Takes all that waits, commits it as one group, and answers each; then takes again."""

    def __init__(self, commit: Commit, after: Callable[[], None]) -> None:
        self._commit = commit
        self._after = after
        self._queue: deque[tuple[Pending, asyncio.Future[int]]] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run())

    async def submit(self, pending: Pending) -> int:
        [answer] = self._enqueue([pending])
        return await answer

    async def submit_each(self, group: Sequence[Pending]) -> list[int | Exception]:
        answers = await asyncio.gather(*self._enqueue(group), return_exceptions=True)
        return cast(list[int | Exception], answers)

    def _enqueue(self, group: Sequence[Pending]) -> list[asyncio.Future[int]]:
        if self._closing or self._task.done():
            raise StoreUnavailable("the store is closed")
        if len(self._queue) + len(group) > WAITING:
            raise StoreUnavailable("too many appends are waiting")
        create = asyncio.get_running_loop().create_future
        answers: list[asyncio.Future[int]] = [create() for _ in group]
        self._queue.extend(zip(group, answers, strict=True))
        self._wake.set()
        return answers

    async def close(self) -> None:
        """Commit what waits, then stop."""
        self._closing = True
        self._wake.set()
        await self._task

    async def _run(self) -> None:
        while self._queue or not self._closing:
            if not self._queue:
                self._wake.clear()
                await self._wake.wait()
                continue
            taken = [self._queue.popleft() for _ in range(min(GROUP, len(self._queue)))]
            # Who was cancelled while waiting is not written.
            group = [(pending, answer) for pending, answer in taken if not answer.done()]
            if group:
                await self._write(group)

    async def _write(self, group: list[tuple[Pending, asyncio.Future[int]]]) -> None:
        try:
            answers = await self._commit([pending for pending, _ in group])
        except StoreUnavailable as fault:
            # Nobody waits in line for a database that is away: all hear it at once.
            group = [*group, *self._queue]
            self._queue.clear()
            answers = [StoreUnavailable(*fault.args) for _ in group]
        except Exception as fault:  # noqa: BLE001 - goes to the one append that causes it
            if len(group) > 1:
                for one in group:
                    await self._write([one])
                return
            answers = [fault]
        for (_, waiting), answer in zip(group, answers, strict=True):
            if waiting.done():
                continue
            if isinstance(answer, Exception):
                waiting.set_exception(answer)
            else:
                waiting.set_result(answer)
        self._after()
