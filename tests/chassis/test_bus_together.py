"""What is handed over together: all, in order, and one at a time as soon as anything fails."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from services.chassis.bus import Message
from services.chassis.bus_embedded import open_embedded_bus
from tests.chassis.brokers import rabbit
from tests.chassis.buses import CLOCK, KEY, Away, Poison, Seen, message, numbers

ALL = frozenset({"#"})


@pytest.fixture(params=["embedded", pytest.param("rabbit", marks=pytest.mark.distributed)])
async def bus(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    if request.param == "embedded":
        embedded = await open_embedded_bus(tmp_path / "bus.sqlite", clock=CLOCK, key=KEY)
        yield embedded
        await embedded.close()
        return
    async with rabbit(request.getfixturevalue("broker_url")) as broker:
        yield broker


class Lists:
    """A handler of many that keeps the lists, and fails on one that holds a number."""

    def __init__(self, fails_on: int = 0, fault: Exception | None = None) -> None:
        self.taken: list[list[int]] = []
        self._fails_on = fails_on
        self._fault = fault or Poison()

    async def __call__(self, given: Sequence[Message]) -> None:
        found = numbers(given)
        if self._fails_on in found:
            raise self._fault
        self.taken.append(found)


async def handed_out(bus: Any, one: Seen, many: Lists, count: int) -> int:
    bus.subscribe("readers", "events", ALL, one, ordered=True, together=many)
    await bus.declare()
    await bus.publish([message(number) for number in range(1, count + 1)])
    return int(await bus.run_once())


async def test_what_waits_is_handed_over_together_and_in_order(bus: Any) -> None:
    one, many = Seen(), Lists()
    assert await handed_out(bus, one, many, 150) == 150
    assert [number for each in many.taken for number in each] == list(range(1, 151))
    assert len(many.taken) < 10
    assert one.messages == []


async def test_a_single_message_goes_to_the_handler_of_one(bus: Any) -> None:
    one, many = Seen(), Lists()
    await handed_out(bus, one, many, 1)
    assert (numbers(one.messages), many.taken) == ([1], [])


async def test_when_it_fails_each_is_handed_over_by_itself_and_only_the_poison_is_put_aside(
    bus: Any,
) -> None:
    one = Seen(lambda given, _: Poison() if given.body["number"] == 3 else None)
    assert await handed_out(bus, one, Lists(fails_on=3), 5) == 5
    assert numbers(one.messages) == [1, 2, 4, 5]
    [dead] = await bus.dead_letters("readers")
    assert dead.message.body == {"number": 3}


async def test_what_is_unavailable_keeps_its_place(bus: Any) -> None:
    away = True
    one = Seen(lambda given, _: Away() if away and given.body["number"] == 2 else None)
    assert await handed_out(bus, one, Lists(fails_on=2, fault=Away()), 4) == 1
    away = False
    await bus.run_once()
    assert numbers(one.messages) == [1, 2, 3, 4]


async def test_a_message_of_another_kind_is_not_handed_over_with_the_rest(bus: Any) -> None:
    one, other, many = Seen(), Seen(), Lists()
    bus.subscribe("readers", "directory", ALL, other, ordered=True)
    bus.subscribe("readers", "events", ALL, one, ordered=True, together=many)
    await bus.declare()
    await bus.publish([message(1), message(2, exchange="directory"), message(3)])
    await bus.run_once()
    assert (numbers(one.messages), numbers(other.messages), many.taken) == ([1, 3], [2], [])


async def test_together_is_for_ordered_groups(tmp_path: Path) -> None:
    bus = await open_embedded_bus(tmp_path / "bus.sqlite", clock=CLOCK, key=KEY)
    with pytest.raises(ValueError, match="in order"):
        bus.subscribe("readers", "events", ALL, Seen(), together=Lists())
    await bus.close()


async def test_the_worker_of_the_group_hands_over_together_too(bus: Any) -> None:
    one, many = Seen(), Lists()
    bus.subscribe("readers", "events", ALL, one, ordered=True, together=many)
    await bus.declare()
    await bus.publish([message(number) for number in range(1, 21)])
    [worker] = bus.workers()
    settled = 0
    while settled < 20:
        settled += await worker.run_once()
        await worker.wait(0.1)
    found = [*numbers(one.messages), *(number for each in many.taken for number in each)]
    assert sorted(found) == list(range(1, 21))
    assert many.taken
