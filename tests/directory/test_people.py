"""Whose address is this, and who may ask?"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.directory.people.addresses import ADDRESSES, Addresses
from tests.directory.house import House

DSL = {
    "id": "alder-dsl",
    "role": "designated-safeguarding-lead",
    "given_name": "Kit",
    "family_name": "Test",
    "email": "dsl@alder.example",
}
FOUND = {
    "organisation": "alder",
    "organisation_name": "Alder Primary School",
    "kind": "school",
    "contact": "alder-dsl",
    "role": "designated-safeguarding-lead",
    "email": "dsl@alder.example",
}


async def listed(house: House, **changes: Any) -> None:
    body = {"kind": "school", "name": "Alder Primary School", "contacts": [{**DSL, **changes}]}
    await house.good("PUT", "/organisations/alder", json=body)


async def found(house: House, email: str = "dsl@alder.example") -> Any:
    return (await house.good("POST", "/people/find", json={"email": email}))["people"]


async def test_a_contact_is_found_by_the_address_however_it_is_typed(house: House) -> None:
    await listed(house)
    assert await found(house) == [FOUND]
    assert await found(house, " DSL@Alder.Example ") == [FOUND]
    assert await found(house, "dsl@birch.example") == []
    assert await house.good("GET", "/people/alder/alder-dsl") == FOUND


async def test_one_address_may_be_listed_by_several(house: House) -> None:
    await listed(house)
    both = [{**DSL, "id": "birch-dsl"}, {**DSL, "id": "birch-head", "role": "head"}]
    body = {"kind": "school", "name": "Birch Academy", "contacts": both}
    await house.good("PUT", "/organisations/birch", json=body)
    assert [(one["organisation"], one["contact"]) for one in await found(house)] == [
        ("alder", "alder-dsl"),
        ("birch", "birch-dsl"),
        ("birch", "birch-head"),
    ]


async def test_who_has_left_is_found_no_more(house: House) -> None:
    async def gone() -> bool:
        there = await house.call("GET", "/people/alder/alder-dsl")
        return await found(house) == [] and there.status_code == 404

    today = house.clock.now().date()
    await listed(house, until=today.isoformat())
    assert not await gone()
    await listed(house, until=(today - timedelta(days=1)).isoformat())
    assert await gone()
    await listed(house, until=None)
    assert not await gone()
    await house.good("POST", "/organisations/alder/close", json={"on": today.isoformat()})
    assert await gone()


async def test_who_is_removed_or_listed_under_another_address_is_found_no_more(
    house: House,
) -> None:
    await listed(house)
    await listed(house, email="other@alder.example")
    assert await found(house) == []
    assert [one["email"] for one in await found(house, "other@alder.example")] == [
        "other@alder.example"
    ]
    await listed(house, email=None)
    assert await found(house, "other@alder.example") == []
    await house.good("DELETE", "/organisations/alder/contacts/alder-dsl")
    answer = await house.call("GET", "/people/alder/alder-dsl")
    nobody = await house.call("GET", "/people/nowhere/nobody")
    assert (answer.status_code, answer.json()) == (nobody.status_code, nobody.json())
    assert answer.status_code == 404


async def test_the_last_day_ends_at_midnight_in_london(house: House) -> None:
    await listed(house, until="2026-06-30")
    summer = house.clock.now().replace(month=6, day=30, hour=22, minute=59)
    house.clock.set(summer)
    assert await found(house) != []
    house.clock.set(summer + timedelta(minutes=1))
    assert await found(house) == []


async def test_nobody_but_the_house_itself_may_ask(house: House) -> None:
    await listed(house)
    roles = ("publisher", "recipient", "operations", "information-governance", "administrator")
    key = await house.key("alder", *roles)
    await house.work()
    for token in (key, ""):
        wanted = 403 if token else 401
        asked = await house.call("POST", "/people/find", json={"email": "x@y.example"}, token=token)
        assert asked.status_code == wanted
        answer = await house.call("GET", "/people/alder/alder-dsl", token=token)
        assert answer.status_code == wanted


async def test_no_address_stands_in_the_table_and_reading_again_gives_the_same(
    house: House,
) -> None:
    await listed(house)
    await found(house)

    async def rows() -> list[Any]:
        async with house.directory.database.reading() as tx:
            return [tuple(row) for row in await tx.execute(select(ADDRESSES))]

    before = await rows()
    assert len(before) == 1
    assert "dsl@" not in repr(before)
    async with house.directory.database.transaction() as tx:
        for recorded in await house.store.read_all(0, 1_000):
            await Addresses(house.directory.pepper).apply(tx, recorded)
    assert await rows() == before
