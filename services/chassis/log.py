"""What is the same in every event store? All but the SQL: encoding, sealing, waiting, answering."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

import orjson

from services.chassis.clock import Clock
from services.chassis.codec import SEALED, EventCodec, read_plain
from services.chassis.gathering import Gathering
from services.chassis.group_commit import Answer, Facts, GroupWriter, Pending, Plan, Prepare, plan
from services.chassis.sealing import Keyring, KeyRow, Seals
from services.chassis.store import Append, Context, NewEvent, Recorded, Row, StoreUnavailable

POLL = 0.25
# Whose key is needed, as the codec writes it: found without reading the event, which follows.
_SUBJECT = re.compile(rb'"\$sealed":"[^"]*","subject":("(?:[^"\\]|\\.)*")')


class Table(Protocol):
    """The SQL of one database. Every method raises StoreUnavailable when it does not answer."""

    async def commit(self, group: Sequence[Pending], prepare: Prepare) -> list[Answer]: ...

    async def streams(self, streams: Sequence[str]) -> list[Row]: ...

    async def rows(self, after: int, limit: int) -> list[Row]: ...

    async def head(self) -> int: ...

    async def keys(self, subjects: Sequence[str]) -> list[KeyRow]: ...

    async def destroy(self, subject: str) -> bool: ...

    async def close(self) -> None: ...


class Log:
    """The EventStore over a table."""

    def __init__(
        self, table: Table, *, codec: EventCodec, clock: Clock, service_key: bytes
    ) -> None:
        self._table = table
        self._codec = codec
        self._clock = clock
        self._keyring = Keyring(service_key)
        self._grown = asyncio.Event()
        self._writer = GroupWriter(self._commit, self.wake)
        self._streams = Gathering(self._read_streams)

    async def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int, context: Context
    ) -> int:
        one = Append(stream=stream, events=events, expected=expected, context=context)
        return await self._writer.submit(self._pending(one))

    async def append_each(self, appends: Sequence[Append]) -> list[int | Exception]:
        return await self._writer.submit_each([self._pending(one) for one in appends])

    async def read_stream(self, stream: str) -> list[Recorded]:
        return await self._streams(stream) or []

    async def _read_streams(self, streams: Sequence[str]) -> dict[str, list[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for recorded in await self._opened(await self._table.streams(streams)):
            found.setdefault(recorded.stream, []).append(recorded)
        return found

    async def read_all(self, after: int, limit: int = 500) -> list[Recorded]:
        return await self._opened(await self._table.rows(after, limit))

    async def rows(self, after: int, limit: int = 500) -> list[Row]:
        return await self._table.rows(after, limit)

    async def head(self) -> int:
        return await self._table.head()

    async def wait(self, after: int, timeout: float) -> None:
        until = asyncio.get_running_loop().time() + timeout
        while (left := until - asyncio.get_running_loop().time()) > 0:
            grown = self._grown
            if await self._beyond(after):
                return
            try:
                # Another process may append too: the poll is the promise, waking is the speed.
                # Not wait_for, which forgets a cancellation that comes together with the news.
                async with asyncio.timeout(min(left, POLL)):
                    await grown.wait()
            except TimeoutError:
                continue

    def wake(self) -> None:
        """Somebody may have appended."""
        self._grown.set()
        self._grown = asyncio.Event()

    async def destroy_key(self, subject: str) -> bool:
        destroyed = await self._table.destroy(subject)
        self._keyring.forget()
        return destroyed

    async def close(self) -> None:
        await self._writer.close()
        await self._table.close()

    def _pending(self, one: Append) -> Pending:
        if not one.events:
            raise ValueError("an append without events")
        if len({new.event_id for new in one.events}) != len(one.events):
            raise ValueError("two events of one append have the same id")
        events = tuple((new.event_id, self._codec.encode(new.event)) for new in one.events)
        context = orjson.dumps(one.context)
        return Pending(stream=one.stream, expected=one.expected, events=events, context=context)

    async def _commit(self, group: Sequence[Pending]) -> list[Answer]:
        return await self._table.commit(group, self._prepare)

    def _prepare(
        self, group: Sequence[Pending], facts: Facts, doubtful: Mapping[UUID, bytes]
    ) -> Plan:
        return plan(group, facts, doubtful, keyring=self._keyring, now=self._clock.now())

    async def _beyond(self, after: int) -> bool:
        try:
            return await self._table.head() > after
        except StoreUnavailable:
            return False  # a hint only: the read that follows says that the database is away

    async def _opened(self, rows: list[Row]) -> list[Recorded]:
        sealed = [row.data for row in rows if SEALED in row.data]
        subjects = {orjson.loads(who) for data in sealed for who in _SUBJECT.findall(data)}
        seals = Seals(self._keyring, await self._table.keys(sorted(subjects)) if subjects else ())
        contexts = {its: read_plain(Context, its) for its in {row.context for row in rows}}
        decode = self._codec.decode
        return [
            Recorded(
                *row[:4], decode(row[4], row[5], seals.unseal), contexts[row.context], *row[7:]
            )
            for row in rows
        ]
