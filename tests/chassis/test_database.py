"""Are read models written whole, read back as they were, and kept apart?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Uuid, func, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from services.chassis.database import Database, Instant, open_database, upsert
from services.chassis.store import StoreUnavailable
from tests.chassis.stores import DistributedPlace, Place

METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("version", Integer),
    Column("at", Instant),
)
TAGS = Table(
    "tags",
    METADATA,
    Column("thing", Integer, primary_key=True),
    Column("tag", String, primary_key=True),
)
KINDS = Table(
    "kinds",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("at", Instant),
)
KEY = ["id"]


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = await place.open_database()
    await database.create(METADATA)
    yield database
    await database.close()


async def names(database: Database) -> dict[int, str]:
    async with database.reading() as connection:
        return {row.id: row.name for row in await connection.execute(select(THINGS))}


async def fail_after_writing(database: Database) -> None:
    async with database.transaction() as tx:
        await upsert(tx, THINGS, {"id": 1, "name": "a"}, key=KEY)
        raise ZeroDivisionError


async def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail_after_writing(database)
    assert await names(database) == {}
    async with database.transaction() as tx:
        await upsert(tx, THINGS, {"id": 1, "name": "a"}, key=KEY)
    assert await names(database) == {1: "a"}


async def test_tables_made_twice_at_once_are_made_once(place: Place) -> None:
    databases = [await place.open_database() for _ in range(4)]
    try:
        await asyncio.gather(*(each.create(METADATA) for each in databases))
        assert await names(databases[0]) == {}
    finally:
        for each in databases:
            await each.close()


async def test_an_upsert_inserts_and_replaces(database: Database) -> None:
    async with database.transaction() as tx:
        for name in ("a", "b"):
            assert await upsert(tx, THINGS, {"id": 1, "name": name}, key=KEY) == 1
        many = [{"id": 1, "name": "c"}, {"id": 2, "name": "d"}]
        assert await upsert(tx, THINGS, many, key=KEY) == 2
        assert await upsert(tx, THINGS, [], key=KEY) == 0
    assert await names(database) == {1: "c", 2: "d"}


async def test_a_row_of_keys_alone_is_inserted_once(database: Database) -> None:
    async with database.transaction() as tx:
        for _ in range(2):
            await upsert(tx, TAGS, {"thing": 1, "tag": "x"}, key=["thing", "tag"])
        assert await tx.scalar(select(func.count()).select_from(TAGS)) == 1


async def test_only_a_newer_version_replaces_when_asked(database: Database) -> None:
    async with database.transaction() as tx:
        for version, name in ((2, "second"), (1, "late first"), (2, "copy")):
            row = {"id": 1, "name": name, "version": version}
            await upsert(tx, THINGS, row, key=KEY, newer="version")
        assert await tx.scalar(select(THINGS.c.name)) == "second"
        row = {"id": 1, "name": "third", "version": 3}
        assert await upsert(tx, THINGS, row, key=KEY, newer="version") == 1
    assert await names(database) == {1: "third"}


async def test_many_rows_leave_what_they_leave_one_by_one(database: Database) -> None:
    rows = [{"id": n % 3, "name": f"{n}", "version": v} for n, v in enumerate((2, 9, 4, 5, 1, 4))]
    for newer in (None, "version"):
        left = []
        for parts in ([rows], [[row] for row in rows]):
            async with database.transaction() as tx:
                await tx.execute(THINGS.delete())
                await upsert(tx, THINGS, {"id": 1, "name": "before", "version": 3}, key=KEY)
                for part in parts:
                    await upsert(tx, THINGS, part, key=KEY, newer=newer)
                left.append(list(await tx.execute(select(THINGS).order_by(THINGS.c.id))))
        assert left[0] == left[1]
        assert len(left[0]) == 3


async def test_many_rows_come_back_as_each_would(database: Database) -> None:
    at = datetime(2026, 2, 14, 7, 1, tzinfo=UTC)
    contents = [[], [["a"], "'{,}\\"], {"a": [None, 1.5]}, None, "null", True]
    rows = [{"id": uuid4(), "content": one, "at": at if one else None} for one in contents]
    async with database.transaction() as tx:
        await upsert(tx, KINDS, rows, key=KEY)
        found = {row.id: dict(row._mapping) for row in await tx.execute(select(KINDS))}
    assert found == {row["id"]: row for row in rows}


async def test_an_instant_comes_back_with_its_offset(database: Database) -> None:
    summer = datetime(2026, 7, 1, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    async with database.transaction() as tx:
        await upsert(tx, THINGS, [{"id": 1, "at": summer}, {"id": 2, "at": None}], key=KEY)
        assert await tx.scalar(select(THINGS.c.at).where(THINGS.c.at <= summer)) == summer
    async with database.reading() as connection:
        first, second = (await connection.scalars(select(THINGS.c.at).order_by("id"))).all()
    assert first == summer
    assert first.tzinfo is UTC
    assert second is None


async def test_an_instant_without_an_offset_is_refused(database: Database) -> None:
    naive = datetime(2026, 7, 1)  # noqa: DTZ001 - that is what must be refused
    with pytest.raises(StatementError, match="offset"):
        async with database.transaction() as tx:
            await upsert(tx, THINGS, {"id": 1, "at": naive}, key=KEY)


async def test_transactions_that_read_and_then_write_do_not_lose_updates(
    place: Place, database: Database
) -> None:
    async with database.transaction() as tx:
        await upsert(tx, THINGS, {"id": 1, "version": 0}, key=KEY)

    async def increase(each: Database) -> None:
        async with each.transaction() as tx:
            one = select(THINGS.c.version).where(THINGS.c.id == 1).with_for_update()
            version = int(await tx.scalar(one) or 0) + 1
            await upsert(tx, THINGS, {"id": 1, "version": version}, key=KEY)

    other = await place.open_database()
    try:
        await asyncio.gather(*(increase(each) for each in (database, other) * 5))
    finally:
        await other.close()
    async with database.reading() as connection:
        assert await connection.scalar(select(THINGS.c.version)) == 10


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    async with database.transaction() as tx:
        await upsert(tx, THINGS, {"id": 1, "name": "not yet"}, key=KEY)
        async with asyncio.timeout(2):
            assert await names(database) == {}


async def test_one_holder_at_a_time_among_all_processes(place: Place, database: Database) -> None:
    other = await place.open_database()
    try:
        async with database.exclusive("job") as first, other.exclusive("job") as second:
            assert (first, second) == (True, False)
            async with other.exclusive("another job") as third:
                assert third
        async with other.exclusive("job") as now:
            assert now
        async with database.exclusive("job") as again:
            assert again
    finally:
        await other.close()


async def test_a_hold_ends_with_what_it_was_for(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.exclusive("job"):
            raise ZeroDivisionError
    async with database.exclusive("job") as held:
        assert held


@pytest.mark.distributed
async def test_schemas_do_not_see_each_others_tables_or_holds(postgres_dsn: str) -> None:
    one, two = DistributedPlace(postgres_dsn), DistributedPlace(postgres_dsn)
    first, second = await one.open_database(), await two.open_database()
    try:
        await first.create(METADATA)
        await second.create(METADATA)
        async with first.transaction() as tx:
            await upsert(tx, THINGS, {"id": 1, "name": "mine"}, key=KEY)
        assert await names(second) == {}
        async with first.exclusive("job") as mine, second.exclusive("job") as theirs:
            assert mine
            assert theirs
    finally:
        for each, its in ((first, one), (second, two)):
            await each.close()
            await its.remove()


async def test_a_mistake_in_a_statement_is_not_taken_for_an_outage(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.reading() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))


@pytest.mark.distributed
async def test_a_deadlock_is_a_passing_fault(postgres_dsn: str) -> None:
    place = DistributedPlace(postgres_dsn)
    database = await place.open_database()
    try:
        await database.create(METADATA)
        async with database.transaction() as tx:
            await upsert(tx, THINGS, [{"id": 1, "name": ""}, {"id": 2, "name": ""}], key=KEY)
        both = asyncio.Barrier(2)

        async def cross(first: int, second: int) -> None:
            async with database.transaction() as tx:
                await upsert(tx, THINGS, {"id": first, "name": "x"}, key=KEY)
                await both.wait()
                await upsert(tx, THINGS, {"id": second, "name": "x"}, key=KEY)

        answers = await asyncio.gather(cross(1, 2), cross(2, 1), return_exceptions=True)
        assert sorted(type(answer).__name__ for answer in answers) == [
            "NoneType",
            "StoreUnavailable",
        ]
    finally:
        await database.close()
        await place.remove()


@pytest.mark.distributed
async def test_a_role_that_may_create_no_schema_uses_the_one_that_is_there(
    postgres_dsn: str,
) -> None:
    place = DistributedPlace(postgres_dsn)
    role = place.schema
    await place.sql(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'test'")
    await place.sql(f'CREATE SCHEMA "{place.schema}" AUTHORIZATION "{role}"')
    rest = postgres_dsn.split("@", 1)[1]
    theirs = DistributedPlace(f"postgresql://{role}:test@{rest}", place.schema)
    try:
        database, store = await theirs.open_database(), await theirs.open()
        assert await store.head() == 0
        await store.close()
        await database.close()
        await (await theirs.open()).close()  # and a second time, when everything is there
    finally:
        await place.remove()
        await place.sql(f'DROP ROLE "{role}"')


@pytest.mark.distributed
async def test_a_server_that_is_away_is_said_to_be_unavailable() -> None:
    with pytest.raises(StoreUnavailable):
        await open_database("postgresql://nobody@127.0.0.1:1/none", schema="none")
