"""Is everything in the log published, in order, by one relay at a time, at least once?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from sqlalchemy import select

from services.chassis.bus import BusUnavailable, Message
from services.chassis.database import CHECKPOINTS, Database
from services.chassis.relay import Relay
from services.chassis.store import EventStore, Recorded
from tests.chassis.stores import CONTEXT, Place, append, happened


class Outlet:
    """The publishing half of a bus, which a test can make slow or take away."""

    def __init__(self) -> None:
        self.published: list[int] = []
        self.news = asyncio.Event()
        self.before: Callable[[], Awaitable[None]] | None = None
        self.after: Callable[[], Awaitable[None]] | None = None
        self.at_work = 0
        self.at_once = 0

    async def publish(self, messages: Sequence[Message]) -> None:
        self.at_work += 1
        self.at_once = max(self.at_once, self.at_work)
        try:
            if self.before:
                await self.before()
            self.published += [message.body["number"] for message in messages]
            self.news.set()
            if self.after:
                await self.after()
        finally:
            self.at_work -= 1


def translate(recorded: Recorded) -> list[Message]:
    """Every even number is told to the world."""
    if recorded.event.number % 2:
        return []
    return [
        Message(
            id=recorded.event_id,
            exchange="events",
            type="thing.happened",
            body={"number": recorded.event.number},
            correlation_id=CONTEXT.correlation_id,
        )
    ]


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = await place.open_database()
    yield database
    await database.close()


@pytest.fixture
def outlet() -> Outlet:
    return Outlet()


def relay(store: EventStore, outlet: Outlet, database: Database) -> Relay:
    return Relay(store, outlet, database, translate, "things")  # type: ignore[arg-type]


async def test_what_is_in_the_log_is_published_once_and_in_order(
    store: EventStore, outlet: Outlet, database: Database
) -> None:
    one = relay(store, outlet, database)
    await append(store, "thing-1", happened(*range(10)), 0)
    assert await one.run_once() == 10
    assert await one.run_once() == 0
    await append(store, "thing-1", happened(10, 11), 10)
    assert await one.run_once() == 2
    assert outlet.published == [0, 2, 4, 6, 8, 10]


async def test_a_new_relay_goes_on_where_the_old_one_was(
    store: EventStore, outlet: Outlet, database: Database
) -> None:
    await append(store, "thing-1", happened(0, 1, 2), 0)
    await relay(store, outlet, database).run_once()
    await append(store, "thing-1", happened(3, 4), 3)
    await relay(store, outlet, database).run_once()
    assert outlet.published == [0, 2, 4]


async def test_a_translation_may_take_its_time(
    store: EventStore, outlet: Outlet, database: Database
) -> None:
    async def later(recorded: Recorded) -> list[Message]:
        assert len(await store.read_stream(recorded.stream)) == 2
        return translate(recorded)

    await append(store, "thing-1", happened(2, 4), 0)
    await Relay(store, outlet, database, later, "things").run_once()  # type: ignore[arg-type]
    assert outlet.published == [2, 4]


async def test_what_the_bus_did_not_confirm_is_published_again(
    store: EventStore, outlet: Outlet, database: Database
) -> None:
    async def refuse() -> None:
        raise BusUnavailable

    await append(store, "thing-1", happened(0, 1, 2), 0)
    outlet.after = refuse  # stored perhaps, confirmed not
    with pytest.raises(BusUnavailable):
        await relay(store, outlet, database).run_once()
    outlet.after = None
    await relay(store, outlet, database).run_once()
    assert outlet.published == [0, 2, 0, 2]


async def test_a_relay_that_dies_before_its_checkpoint_publishes_again(
    store: EventStore, outlet: Outlet, database: Database
) -> None:
    await append(store, "thing-1", happened(0, 1, 2), 0)
    outlet.after = lambda: asyncio.sleep(60)
    dying = asyncio.create_task(relay(store, outlet, database).run_once())
    await asyncio.wait_for(outlet.news.wait(), 10)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    outlet.after = None
    await relay(store, outlet, database).run_once()
    assert outlet.published == [0, 2, 0, 2]


async def test_the_database_is_let_go_while_the_relay_publishes(
    store: EventStore, outlet: Outlet, database: Database
) -> None:
    async def a_consumer_writes() -> None:
        async with asyncio.timeout(3), database.transaction() as tx:
            await tx.execute(CHECKPOINTS.insert().values(name="consumer", position=1))
            await append(store, "other-1", happened(1), 0)

    await append(store, "thing-1", happened(0), 0)
    outlet.before = a_consumer_writes
    assert await relay(store, outlet, database).run_once() == 1
    assert outlet.published == [0]


async def test_one_relay_publishes_at_a_time(
    place: Place, store: EventStore, outlet: Outlet, database: Database
) -> None:
    others = [await place.open_database() for _ in range(2)]
    try:
        outlet.before = lambda: asyncio.sleep(0.02)
        relays = [relay(store, outlet, each) for each in (database, *others)]
        for number in range(5):
            await append(store, "thing-1", happened(number * 2), number)
            await asyncio.gather(*(each.run_once() for each in relays))
        for each in relays:
            await each.run_once()
        assert outlet.at_once == 1
        assert outlet.published == [0, 2, 4, 6, 8]
    finally:
        for other in others:
            await other.close()


async def test_a_relay_overtaken_by_its_heir_does_not_turn_the_checkpoint_back(
    store: EventStore, outlet: Outlet, database: Database
) -> None:
    async def the_heir_went_on() -> None:
        async with database.transaction() as tx:
            await tx.execute(CHECKPOINTS.insert().values(name="things", position=9))

    await append(store, "thing-1", happened(0), 0)
    outlet.after = the_heir_went_on
    await relay(store, outlet, database).run_once()
    async with database.reading() as connection:
        assert await connection.scalar(select(CHECKPOINTS.c.position)) == 9
