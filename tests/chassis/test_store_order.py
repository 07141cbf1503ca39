"""Do positions become visible in order, whoever writes and however slow? (ADR 0002)

A reader that remembers only the highest position it saw loses events otherwise, for ever and
without a trace. Without the append lock these tests fail.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from services.chassis.chain import verify
from services.chassis.store import EventStore, VersionConflict
from tests.chassis.stores import NOON, Place, append, happened

WRITERS = 4
EACH = 25


class SlowClock:
    """Time is asked inside the append: what is slow here holds the transaction open."""

    def now(self) -> datetime:
        time.sleep(random.random() * 0.004)  # noqa: S311 - no secret
        return NOON


@pytest.fixture
async def writers(place: Place) -> AsyncIterator[list[EventStore]]:
    """As many processes have: each its own connection to the same log."""
    stores = [await place.open(clock=SlowClock()) for _ in range(WRITERS)]
    await place.slow_down("STATEMENT")
    yield stores
    for store in stores:
        await store.close()


async def _write(store: EventStore, writer: int) -> None:
    for number in range(EACH):
        await append(store, f"thing-{writer}", happened(number), number)


async def _tail(store: EventStore, until: int) -> list[tuple[str, int]]:
    """What a reader sees that only ever asks for what is after the last position it saw."""
    seen: list[tuple[str, int]] = []
    after = 0
    while len(seen) < until:
        for recorded in await store.read_all(after, 7):
            assert recorded.position > after
            after = recorded.position
            seen.append((recorded.stream, recorded.event.number))
        await asyncio.sleep(0)
    return seen


async def test_a_tailing_reader_misses_nothing_of_racing_slow_writers(
    place: Place, writers: list[EventStore]
) -> None:
    reader = await place.open()
    try:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            tail = group.create_task(_tail(reader, WRITERS * EACH))
            for number, store in enumerate(writers):
                group.create_task(_write(store, number))
        seen = tail.result()
        assert sorted(seen) == [(f"thing-{w}", n) for w in range(WRITERS) for n in range(EACH)]
        for writer in range(WRITERS):  # and each stream in its own order
            assert [n for stream, n in seen if stream == f"thing-{writer}"] == list(range(EACH))
        assert await verify(reader) is None
    finally:
        await reader.close()


async def test_racing_writers_of_one_stream_leave_no_gap_and_no_fork(
    place: Place, writers: list[EventStore]
) -> None:
    async def insist(store: EventStore) -> None:
        written = 0
        while written < 10:
            version = len(await store.read_stream("thing-1"))
            answer = await asyncio.gather(
                append(store, "thing-1", happened(version), version), return_exceptions=True
            )
            assert isinstance(answer[0], (int, VersionConflict))
            written += isinstance(answer[0], int)

    async with asyncio.timeout(60):
        await asyncio.gather(*(insist(store) for store in writers))
    read = await writers[0].read_stream("thing-1")
    assert [r.version for r in read] == list(range(1, 10 * WRITERS + 1))
    assert [r.event.number for r in read] == list(range(10 * WRITERS))
    assert await verify(writers[0]) is None
