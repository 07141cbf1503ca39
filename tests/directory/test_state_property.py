"""Do consent and notify end with the same books, in any order, however often, from any page?

The true receivers on true tables, fed with what a directory really said. Small on purpose: the
same is measured at full size by `python -m bench.transfer`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, Table, select

from services.chassis.apikeys import ApiKeys, api_keys_table
from services.chassis.database import Database, open_database
from services.consent.directory import AreaBook
from services.consent.readmodels import tables as of_consent
from services.notify.addressbook.directory import AddressBook
from services.notify.readmodels import asks
from services.notify.readmodels import book as of_notify
from tests.directory.house import open_house
from tests.directory.test_state_transfer import first_half, second_half

Json: TypeAlias = dict[str, Any]
Dump: TypeAlias = dict[str, list[Json]]
_KEYS = MetaData()
_KEY_TABLE = api_keys_table(_KEYS)
PERSONAL = ("Cat", "Test", "2018-05-01", "ZZ99 0ZZ", "ZZ990ZZ")  # of the pupils in the story


@dataclass
class Receiver:
    """One service's book, with the tables that it fills."""

    database: Database
    book: AddressBook | AreaBook
    tables: tuple[Table, ...]

    async def take(self, message: Json) -> None:
        await self.book.take(message["type"], message["body"])

    async def rebuild(self, messages: Sequence[Json]) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"messages": messages, "next": None})

        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://directory") as client:
            await self.book.rebuild(client, "token")

    async def empty(self) -> None:
        async with self.database.transaction() as tx:
            for table in self.tables:
                await tx.execute(table.delete())

    async def dump(self) -> Dump:
        async with self.database.reading() as tx:
            return {
                table.name: [
                    dict(each._mapping)
                    for each in await tx.execute(select(table).order_by(*table.primary_key))
                ]
                for table in self.tables
            }


@dataclass
class World:
    """What was said, what stood half-way and at the end, and who hears it."""

    runner: asyncio.Runner
    said: list[Json] = field(default_factory=list)
    half_way: list[Json] = field(default_factory=list)
    until_half: int = 0
    at_the_end: list[Json] = field(default_factory=list)
    receivers: list[Receiver] = field(default_factory=list)
    truth: list[Dump] = field(default_factory=list)

    def play(self, steps: Sequence[Json | Sequence[Json]]) -> list[Dump]:
        """A message is taken, a list of them is a rebuild from such pages."""
        return self.runner.run(self._play(steps))

    async def _play(self, steps: Sequence[Json | Sequence[Json]]) -> list[Dump]:
        found = []
        for receiver in self.receivers:
            await receiver.empty()
            for step in steps:
                await (receiver.take(step) if isinstance(step, dict) else receiver.rebuild(step))
            found.append(await receiver.dump())
        return found


async def _tell(world: World, folder: Path) -> None:
    async with open_house("embedded", folder) as house:
        elm = {"kind": "trust", "name": "Elm Trust"}
        await house.good("PUT", "/organisations/elm", json=elm)
        await first_half(house)
        await house.work()
        world.half_way = (await house.good("GET", "/state"))["messages"]
        world.until_half = len(house.heard)
        await second_half(house)
        await house.good("PUT", "/organisations/alder", json={"trust": "elm"})
        await house.work()
        world.said = [{"type": one.type, "body": one.body} for one in house.heard]
        world.at_the_end = (await house.good("GET", "/state"))["messages"]


async def _receivers(folder: Path) -> list[Receiver]:
    found = []
    for name, book, own, made_of in (
        (
            "notify",
            AddressBook,
            (of_notify.ORGANISATIONS, of_notify.ENROLMENTS, asks.ASKS),
            (_KEYS, of_notify.METADATA, asks.METADATA),
        ),
        ("consent", AreaBook, (of_consent.ORGANISATIONS,), (_KEYS, of_consent.TOLD)),
    ):
        database = await open_database(f"sqlite:///{folder / f'{name}.db'}")
        for metadata in made_of:
            await database.create(metadata)
        made = book(database, ApiKeys(database))
        found.append(Receiver(database, made, (*own, _KEY_TABLE)))
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("state")
    with asyncio.Runner() as runner:
        told = World(runner)
        runner.run(_tell(told, folder))
        told.receivers = runner.run(_receivers(folder))
        told.truth = told.play(told.said)
        yield told
        for receiver in told.receivers:
            runner.run(receiver.database.close())


def test_the_books_hold_what_the_story_says(world: World) -> None:
    notify, consent = world.truth
    names = {"alder", "birch", "cedar", "elm"}
    assert {one["id"] for one in notify["organisations"]} == names
    assert {one["id"] for one in consent["organisations"]} == names
    assert sorted(one["removed"] for one in notify["enrolments"]) == [False, False, True]
    (alder,) = [one for one in notify["organisations"] if one["id"] == "alder"]
    assert (alder["body"]["trust"], alder["body"]["contacts"]) == ("elm", [])


@settings(max_examples=12)
@for_all(data=st.data())
def test_any_order_any_number_of_times_and_old_pages_between(
    world: World, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(range(len(world.said))), max_size=10))
    order = data.draw(st.permutations([*range(len(world.said)), *again]))
    steps: list[Json | Sequence[Json]] = [world.said[at] for at in order]
    for pages in (world.half_way, world.at_the_end):
        if data.draw(st.booleans()):
            steps.insert(data.draw(st.integers(0, len(steps))), pages)
    assert world.play(steps) == world.truth


@settings(max_examples=8)
@for_all(data=st.data())
def test_what_was_never_heard_is_made_good_by_the_present_pages(
    world: World, data: st.DataObject
) -> None:
    heard = data.draw(st.lists(st.sampled_from(range(len(world.said))), max_size=12))
    pages = data.draw(st.permutations(world.at_the_end))
    steps: list[Json | Sequence[Json]] = [world.said[at] for at in heard]
    assert world.play([*steps, pages]) == world.truth


@settings(max_examples=8)
@for_all(data=st.data())
def test_old_pages_and_all_that_was_said_since_are_the_same(
    world: World, data: st.DataObject
) -> None:
    since = data.draw(st.permutations(world.said[world.until_half :]))
    place = data.draw(st.integers(0, len(since)))
    steps: list[Json | Sequence[Json]] = [*since[:place], world.half_way, *since[place:]]
    assert world.play(steps) == world.truth


def test_neither_book_holds_a_pupils_name_birth_or_home(world: World) -> None:
    notify, consent = world.truth
    for text in PERSONAL:
        assert text not in str(notify["enrolments"])
        assert text not in str(consent)
    assert "enrolments" not in consent
