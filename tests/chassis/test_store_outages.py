"""What is left when a process is killed, a wire cut, a server restarted, an answer lost?"""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, select

from services.chassis.chain import verify
from services.chassis.database import CHECKPOINTS, Database
from services.chassis.store import AlreadyRecorded, EventStore, Recorded, StoreUnavailable
from tests.chassis.proxy import Proxy, proxied
from tests.chassis.stores import DistributedPlace, Place, all_at_once, append, happened
from tests.servers import machine, postgres

ROOT = Path(__file__).parents[2]


async def test_a_killed_writer_leaves_whole_appends_and_all_that_it_confirmed(place: Place) -> None:
    command = [sys.executable, "-m", "tests.chassis.endless_writer", *place.arguments]
    store = await place.open()
    await place.slow_down("ROW")  # or the kill would seldom hit the middle of an append
    try:
        confirmed: set[str] = set()
        for moment in (0.01, 0.02, 0.05):
            process = await asyncio.create_subprocess_exec(
                *command, stdout=subprocess.PIPE, cwd=ROOT
            )
            assert process.stdout is not None
            async with asyncio.timeout(60):
                for _ in range(60):
                    confirmed.add((await process.stdout.readline()).decode().strip())
            await asyncio.sleep(moment)  # into the next append, not between two of them
            process.kill()
            rest, _ = await process.communicate()
            confirmed |= {line for line in rest.decode().splitlines(True) if line.endswith("\n")}
        confirmed = {line.strip() for line in confirmed}
        await append(store, "afterwards-1", happened(1), 0)
        written: dict[str, int] = {}
        after = 0
        while page := await store.read_all(after):
            after = page[-1].position
            for recorded in page:
                written[recorded.stream] = written.get(recorded.stream, 0) + 1
        assert written.pop("afterwards-1") == 1
        assert confirmed <= set(written)
        assert set(written.values()) == {3}
        assert await verify(store) is None
    finally:
        await store.close()


@pytest.fixture
async def wired(postgres_dsn: str) -> AsyncIterator[tuple[Proxy, EventStore, DistributedPlace]]:
    async with proxied(postgres_dsn) as (proxy, dsn):
        direct = DistributedPlace(postgres_dsn)
        store = await DistributedPlace(dsn, direct.schema).open()
        yield proxy, store, direct
        await store.close()
        await direct.remove()


Wired = tuple[Proxy, EventStore, DistributedPlace]


@pytest.mark.distributed
async def test_a_commit_whose_answer_is_lost_is_answered_with_its_position(wired: Wired) -> None:
    proxy, store, _ = wired
    await append(store, "thing-1", happened(1), 0)
    proxy.lose_answer_to = b"COMMIT"
    answers = await all_at_once(
        append(store, "thing-1", happened(2), 1), append(store, "thing-2", happened(3, 4), 0)
    )
    assert proxy.lose_answer_to == b""  # so the answer was lost indeed
    assert answers == [2, 4]
    assert [r.event.number for r in await store.read_all(0)] == [1, 2, 3, 4]
    assert await verify(store) is None


@pytest.mark.distributed
async def test_a_copy_of_an_earlier_event_is_still_refused_when_an_answer_is_lost(
    wired: Wired,
) -> None:
    proxy, store, _ = wired
    await append(store, "thing-1", known := happened(1), 0)
    proxy.lose_answer_to = b"COMMIT"
    answers = await all_at_once(
        append(store, "thing-2", happened(2), 0), append(store, "thing-3", known, 0)
    )
    assert answers[0] == 2
    assert isinstance(answers[1], AlreadyRecorded)


@pytest.mark.distributed
async def test_a_cut_connection_is_made_again(wired: Wired) -> None:
    proxy, store, _ = wired
    for number in range(5):
        await append(store, "thing-1", happened(number), number)
        await proxy.cut()
    assert len(await _insist_on_reading(store)) == 5


@pytest.mark.distributed
async def test_a_connection_cut_in_the_middle_of_many_appends_loses_none(wired: Wired) -> None:
    proxy, store, _ = wired

    async def insist(number: int) -> None:
        new = happened(number)
        while True:
            try:
                await append(store, f"thing-{number}", new, 0)
            except StoreUnavailable:
                continue
            except AlreadyRecorded:
                return
            return

    async with asyncio.timeout(60):
        writing = [asyncio.create_task(insist(number)) for number in range(300)]
        for _ in range(5):
            await asyncio.sleep(0.02)
            await proxy.cut()
        await asyncio.gather(*writing)
    read = await _insist_on_reading(store)
    assert sorted(r.event.number for r in read) == list(range(300))
    assert await verify(store) is None


@pytest.mark.distributed
async def test_a_silent_server_is_given_up_in_bounded_time(wired: Wired) -> None:
    proxy, store, _ = wired
    await append(store, "thing-1", happened(1), 0)
    await all_at_once(*(store.head() for _ in range(8)))  # so that every connection is in use
    proxy.silent = True
    started = monotonic()
    answers = await all_at_once(
        append(store, "thing-2", happened(2), 0), store.read_all(0), store.head()
    )
    assert monotonic() - started < 30
    assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
    proxy.silent = False
    await proxy.cut()
    await append(store, "thing-3", happened(3), 0)
    assert [r.stream for r in await _insist_on_reading(store)] == ["thing-1", "thing-3"]


@pytest.fixture
def own_server(postgres_dsn: str) -> Iterator[dict[str, str]]:
    """A server of this test alone, since it stops and starts. Asking for the shared one first
    makes sure that the programs are installed."""
    base = machine.private_folder()
    state = postgres.start(base)
    try:
        yield state
    finally:
        postgres.stop(state)
        shutil.rmtree(base)


def _control(state: dict[str, str], *what: str) -> None:
    subprocess.run(
        [f"{state['binaries']}/pg_ctl", "-D", f"{state['home']}/data", "-w", *what],
        cwd=state["home"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
        **machine.identity(postgres.USER),
    )


@pytest.mark.distributed
async def test_a_server_that_crashes_and_comes_back_is_survived(
    own_server: dict[str, str],
) -> None:
    store = await DistributedPlace(own_server["dsn"]).open()
    try:
        await append(store, "thing-1", happened(1), 0)
        await asyncio.to_thread(_control, own_server, "-m", "immediate", "stop")
        started = monotonic()
        for attempt in (append(store, "thing-1", happened(2), 1), store.read_all(0), store.head()):
            with pytest.raises(StoreUnavailable):
                await attempt
        await store.wait(0, 0.1)  # a hint does not fail
        assert monotonic() - started < 20
        await asyncio.to_thread(_control, own_server, "restart")
        await append(store, "thing-1", happened(2), 1)
        assert [r.event.number for r in await _insist_on_reading(store)] == [1, 2]
        assert await verify(store) is None
    finally:
        await store.close()


@pytest.mark.distributed
async def test_read_models_come_back_with_their_server(own_server: dict[str, str]) -> None:
    database = await DistributedPlace(own_server["dsn"]).open_database()
    try:
        await asyncio.to_thread(_control, own_server, "-m", "immediate", "stop")
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                await _count(database)
        await asyncio.to_thread(_control, own_server, "restart")
        assert await _count(database) == 0
    finally:
        await database.close()


@pytest.mark.distributed
async def test_a_connection_that_dies_inside_a_transaction_is_said_to_be_unavailable(
    postgres_dsn: str,
) -> None:
    async with proxied(postgres_dsn) as (proxy, dsn):
        place = DistributedPlace(dsn)
        database = await place.open_database()
        try:
            with pytest.raises(StoreUnavailable):
                await _count(database, meanwhile=proxy.cut)
            assert await _count(database) == 0
        finally:
            await database.close()
            await place.remove()


async def _count(database: Database, meanwhile: Callable[[], Awaitable[None]] | None = None) -> int:
    async with database.transaction() as tx:
        if meanwhile:
            await meanwhile()
        return int(await tx.scalar(select(func.count()).select_from(CHECKPOINTS)) or 0)


async def test_cancelled_transactions_leave_no_connection_behind(place: Place) -> None:
    database = await place.open_database()
    store = await place.open()
    try:

        async def hold() -> None:
            async with database.transaction():
                await store.read_all(0)
                await asyncio.sleep(30)

        for _ in range(5):
            holding = [asyncio.create_task(hold()) for _ in range(8)]
            await asyncio.sleep(0.05)
            for task in holding:
                task.cancel()
            await asyncio.gather(*holding, return_exceptions=True)
        async with asyncio.timeout(10):
            for _ in range(20):  # more than the pool has
                async with database.transaction():
                    pass
        if isinstance(place, DistributedPlace):
            [(idle,)] = await place.sql(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                " AND application_name LIKE $1",
                f"%{place.schema}%",
            )
            assert idle == 0
    finally:
        await store.close()
        await database.close()


async def _insist_on_reading(store: EventStore) -> list[Recorded]:
    """A connection of the pool may have died unseen: the reader asks again."""
    for _ in range(10):
        try:
            return list(await store.read_all(0, 1000))
        except StoreUnavailable:
            continue
    return list(await store.read_all(0, 1000))
