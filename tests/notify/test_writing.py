"""Do the facts of a page leave the rows that they would leave one page each?"""

import random
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select

from services.chassis.database import Database, open_database
from services.notify.readmodels.writing import Writing

Fact: TypeAlias = Callable[[Writing], None]

METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("state", String),
    Column("version", Integer),
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(f"sqlite:///{tmp_path / 'rows.db'}")
    await database.create(METADATA)
    yield database
    await database.close()


async def left_by(database: Database, pages: list[list[Fact]]) -> list[object]:
    async with database.transaction() as tx:
        await tx.execute(THINGS.delete())
        for page in pages:
            writing = Writing()
            for fact in page:
                fact(writing)
            await writing.write(tx)
        return [tuple(row) for row in await tx.execute(select(THINGS).order_by(THINGS.c.id))]


def facts(seed: int) -> list[Fact]:
    """Of a few things, in the order of a log: added, now and then again, and changed after that."""
    chance = random.Random(seed)  # noqa: S311 - picks cases, no secret
    log: list[Fact] = []
    for number in range(24):
        one, name = chance.randrange(6), f"{number}"
        if number >= 10:
            what = chance.choice([{"state": name}, {"name": name}, {"name": "", "state": name}])
            log.append(partial(Writing.change, table=THINGS, one=one, values=what))
        elif one == 5:
            row = {"id": one, "name": name, "version": chance.randrange(4)}
            log.append(partial(Writing.add, table=THINGS, row=row, newer="version"))
        else:
            log.append(partial(Writing.add, table=THINGS, row={"id": one, "name": name}))
    return log


@pytest.mark.parametrize("seed", range(20))
async def test_a_page_leaves_what_its_facts_leave_alone(database: Database, seed: int) -> None:
    log = facts(seed)
    alone = await left_by(database, [[fact] for fact in log])
    assert await left_by(database, [log]) == alone
    assert await left_by(database, [log[:7], log[7:12], log[12:]]) == alone
