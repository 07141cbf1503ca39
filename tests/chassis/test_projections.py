"""Do the rows agree with the log, however often and by however many they are made?"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import cast

import orjson
import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import CHECKPOINTS, Database, upsert
from services.chassis.projections import Projector
from services.chassis.store import EventStore, Recorded, Row
from tests.chassis.stores import Place, append, happened


class Sums:
    """Not idempotent by itself: applied twice, a sum is wrong."""

    name = "sums"

    def __init__(self) -> None:
        self.metadata = MetaData()
        self.table = Table(
            "sums",
            self.metadata,
            Column("stream", String, primary_key=True),
            Column("sum", Integer, nullable=False),
        )
        self.poison: int | None = None

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        await self.add(tx, recorded.stream, recorded.event.number)

    async def add(self, tx: AsyncConnection, stream: str, number: int) -> None:
        if number == self.poison:
            raise ValueError("poison")
        one = select(self.table.c.sum).where(self.table.c.stream == stream)
        total = (await tx.scalar(one) or 0) + number
        await upsert(tx, self.table, {"stream": stream, "sum": total}, key=["stream"])


class PageSums:
    """The same sums, made of a page at a time."""

    name = "sums"

    def __init__(self) -> None:
        self._sums = Sums()
        self.metadata, self.table = self._sums.metadata, self._sums.table
        self.pages: list[int] = []

    @property
    def poison(self) -> int | None:
        return self._sums.poison

    @poison.setter
    def poison(self, number: int) -> None:
        self._sums.poison = number

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        self.pages.append(len(page))
        for row in page:
            await self._sums.add(tx, row.stream, orjson.loads(row.data)["number"])


@pytest.fixture(params=[Sums, PageSums])
def sums(request: pytest.FixtureRequest) -> Sums | PageSums:
    return cast("Sums | PageSums", request.param())


@pytest.fixture
async def database(place: Place, sums: Sums | PageSums) -> AsyncIterator[Database]:
    database = await place.open_database()
    await database.create(sums.metadata)
    yield database
    await database.close()


async def rows(database: Database, sums: Sums | PageSums) -> dict[str, int]:
    async with database.reading() as connection:
        return {row.stream: row.sum for row in await connection.execute(select(sums.table))}


async def write(store: EventStore, count: int) -> dict[str, int]:
    for number in range(count):
        await append(store, f"thing-{number % 3}", happened(number), number // 3)
    return {f"thing-{k}": sum(range(k, count, 3)) for k in range(3)}


async def test_rows_follow_the_log(
    store: EventStore, database: Database, sums: Sums | PageSums
) -> None:
    projector = Projector(store, database, sums)
    assert await projector.run_once() == 0
    wanted = await write(store, 12)
    assert await projector.run_once() == 12
    assert await projector.run_once() == 0
    assert not isinstance(sums, PageSums) or sums.pages == [12]
    assert await rows(database, sums) == wanted


async def test_catching_up_reaches_what_was_just_written(
    store: EventStore, database: Database, sums: Sums | PageSums, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.projections.PAGE", 5)
    projector = Projector(store, database, sums)
    wanted = await write(store, 23)
    await asyncio.gather(*(projector.catch_up() for _ in range(5)))
    assert await rows(database, sums) == wanted


async def test_the_same_event_is_applied_once_after_a_restart(
    store: EventStore, database: Database, sums: Sums | PageSums
) -> None:
    wanted = await write(store, 9)
    for _ in range(3):
        await Projector(store, database, sums).run_once()
    assert await rows(database, sums) == wanted


async def test_two_processes_that_run_the_same_projector_apply_each_event_once(
    place: Place,
    store: EventStore,
    database: Database,
    sums: Sums | PageSums,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.chassis.projections.PAGE", 3)
    wanted = await write(store, 60)
    others = [await place.open_database() for _ in range(3)]
    try:
        projectors = [Projector(store, each, sums) for each in (database, *others)]
        async with asyncio.timeout(60):
            await asyncio.gather(*(projector.catch_up() for projector in projectors))
        assert await rows(database, sums) == wanted
    finally:
        for other in others:
            await other.close()


async def test_a_rebuild_gives_the_same_rows(
    store: EventStore, database: Database, sums: Sums | PageSums
) -> None:
    projector = Projector(store, database, sums)
    wanted = await write(store, 12)
    await projector.catch_up()
    async with database.transaction() as tx:
        await upsert(tx, sums.table, {"stream": "thing-1", "sum": -1}, key=["stream"])
        await upsert(tx, sums.table, {"stream": "stray", "sum": 5}, key=["stream"])
    await projector.rebuild()
    assert await rows(database, sums) == wanted
    assert await projector.run_once() == 0


async def test_a_failing_event_leaves_neither_rows_nor_checkpoint(
    store: EventStore, database: Database, sums: Sums | PageSums
) -> None:
    wanted = await write(store, 6)
    sums.poison = 4
    projector = Projector(store, database, sums)
    with pytest.raises(ValueError, match="poison"):
        await projector.run_once()
    assert await rows(database, sums) == {}
    async with database.reading() as connection:
        assert not await connection.scalar(select(CHECKPOINTS.c.position))
    sums.poison = None
    await projector.run_once()
    assert await rows(database, sums) == wanted


async def test_a_failed_rebuild_leaves_the_rows_as_they_were(
    store: EventStore, database: Database, sums: Sums | PageSums
) -> None:
    wanted = await write(store, 6)
    projector = Projector(store, database, sums)
    await projector.catch_up()
    sums.poison = 4
    with pytest.raises(ValueError, match="poison"):
        await projector.rebuild()
    assert await rows(database, sums) == wanted


async def test_waiting_ends_when_there_is_something_to_do(
    store: EventStore, database: Database, sums: Sums | PageSums
) -> None:
    projector = Projector(store, database, sums)
    await projector.run_once()
    waiting = asyncio.create_task(projector.wait(30))
    async with asyncio.timeout(10):
        await write(store, 1)
        await waiting
