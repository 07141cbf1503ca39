"""Do the other services end with the truth, in any order, however often, even from nothing?"""

import random
from typing import Any, TypeAlias

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.chassis.bus import Message
from tests.directory.house import House, open_house

State: TypeAlias = dict[tuple[str, str], dict[str, Any]]
Heard: TypeAlias = tuple[str, dict[str, Any]]  # the type and the body of one message

_KEYS = {"pupil.state": "enrolment", "agency-key.state": "key_id"}


def receive(heard: list[Heard]) -> State:
    """All that a receiver has to do: of each thing keep the highest version."""
    kept: State = {}
    for kind, body in heard:
        name = body["organisation"]["id"] if kind == "organisation.state" else body[_KEYS[kind]]
        before = kept.get((kind, name))
        if before is None or before["version"] < body["version"]:
            kept[kind, name] = body
    return kept


def as_heard(messages: list[Message]) -> list[Heard]:
    return [(message.type, message.body) for message in messages]


async def pages(house: House, *, after: int = 0, limit: int = 500) -> tuple[list[Heard], int]:
    """The present state, and where to go on later."""
    told: list[Heard] = []
    while True:
        page = await house.good("GET", f"/state?after={after}&limit={limit}")
        told += [(each["type"], each["body"]) for each in page["messages"]]
        after = page["last"]
        if page["next"] is None:
            return told, after


async def first_half(house: House) -> None:
    contact = {"id": "ada", "role": "head", "given_name": "Ada", "family_name": "Test"}
    for name in ("alder", "birch"):
        body = {"kind": "school", "contacts": [contact], "calendar": {"terms": []}}
        await house.good("PUT", f"/organisations/{name}", json=body)
    cat = {"given_name": "Cat", "family_name": "Test", "date_of_birth": "2018-05-01"}
    pupils = [{**cat, "postcode": f"ZZ99 {at}ZZ"} for at in range(3)]
    await house.good("POST", "/organisations/alder/pupils", json=pupils)
    await house.key("alder", "recipient")


async def second_half(house: House) -> None:
    await house.good("PUT", "/organisations/alder", json={"name": "Alder Primary"})
    await house.good("DELETE", "/organisations/alder/contacts/ada")
    await house.good("POST", "/organisations/birch/close", json={"on": "2026-03-01"})
    await house.good("PUT", "/organisations/birch", json={"closed_on": None})
    roll = (await house.good("GET", "/organisations/alder/pupils"))["pupils"]
    first, second = roll[0]["enrolment"], roll[1]["enrolment"]
    path = "/organisations/alder/pupils"
    await house.good("POST", f"{path}/{first}/left", json={"until": "2026-02-20"})
    await house.good("DELETE", f"{path}/{second}")
    (key,) = (await house.good("GET", "/keys"))["keys"]
    await house.good("POST", f"/keys/{key['key_id']}/revoke")
    await house.good("PUT", "/organisations/cedar", json={"kind": "college"})


async def test_state_heard_in_any_order_and_twice_is_the_state_that_is_read(house: House) -> None:
    await first_half(house)
    await second_half(house)
    await house.work()
    heard = as_heard(house.heard)
    truth = receive(heard)
    assert len(truth) == 3 + 3 + 1
    assert receive((await pages(house))[0]) == truth
    assert receive((await pages(house, limit=1))[0]) == truth
    shuffled = heard * 2
    random.Random(7).shuffle(shuffled)  # noqa: S311 - the same disorder every time
    assert receive(shuffled) == truth


async def test_pages_read_while_things_change_miss_nothing(house: House) -> None:
    await first_half(house)
    early, place = await pages(house, limit=2)
    await second_half(house)
    late, _ = await pages(house, after=place, limit=2)
    assert receive(early + late) == receive((await pages(house))[0])


async def test_each_message_has_the_id_of_its_event_and_one_content(house: House) -> None:
    await first_half(house)
    early = await house.good("GET", "/state")
    await second_half(house)
    await house.work()
    by_id = {str(message.id): message.body for message in house.heard}
    log = await house.store.read_all(0)
    # How a school sends its register is nobody else's affair.
    events = {str(one.event_id) for one in log if not one.stream.startswith("uploads-")}
    assert set(by_id) == events
    for told in early["messages"]:
        assert by_id[told["id"]] == told["body"]


async def test_only_the_house_itself_reads_the_state(house: House) -> None:
    token = await house.key("county", "administrator")
    assert (await house.call("GET", "/state", token=token)).status_code == 403
    assert (await house.call("GET", "/state", token="")).status_code == 401
    assert (await house.call("GET", "/state?after=-1")).status_code == 422


async def test_rows_that_are_made_again_are_the_same_rows(house: House) -> None:
    await first_half(house)
    await second_half(house)
    before, _ = await pages(house)
    await house.directory.book.rebuild()
    assert (await pages(house))[0] == before


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Heard], list[Heard], int]:
    """Everything that was said, what was so half-way, and how much had been said by then."""
    import asyncio

    async def tell() -> tuple[list[Heard], list[Heard], int]:
        async with open_house("embedded", tmp_path_factory.mktemp("story")) as house:
            await first_half(house)
            await house.work()
            half_way, _ = await pages(house)
            said = len(house.heard)
            await second_half(house)
            await house.work()
            return as_heard(house.heard), half_way, said

    return asyncio.run(tell())


@for_all(data=st.data())
def test_whatever_order_and_however_often_the_end_is_the_same(
    story: tuple[list[Heard], list[Heard], int], data: st.DataObject
) -> None:
    heard, _, _ = story
    again = data.draw(st.lists(st.sampled_from(range(len(heard))), max_size=20))
    order = data.draw(st.permutations([*range(len(heard)), *again]))
    assert receive([heard[at] for at in order]) == receive(heard)


@for_all(data=st.data())
def test_a_rebuild_from_old_pages_with_what_was_said_since_is_the_same_too(
    story: tuple[list[Heard], list[Heard], int], data: st.DataObject
) -> None:
    heard, half_way, said = story
    order = data.draw(st.permutations([*half_way, *heard[said:]]))
    assert receive(order) == receive(heard)
