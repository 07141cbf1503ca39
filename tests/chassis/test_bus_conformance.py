"""What both buses owe to every service: the same tests, over both."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.bus import BusUnavailable, Message
from services.chassis.bus_embedded import open_embedded_bus
from services.chassis.bus_groups import DELIVERY_LIMIT
from services.chassis.workers import Supervisor
from tests.chassis.brokers import rabbit
from tests.chassis.buses import CLOCK, KEY, Away, Poison, Seen, message, numbers, subscribe


@pytest.fixture(params=["embedded", pytest.param("rabbit", marks=pytest.mark.distributed)])
async def bus(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    if request.param == "embedded":
        embedded = await open_embedded_bus(tmp_path / "bus.sqlite", clock=CLOCK, key=KEY)
        yield embedded
        await embedded.close()
        return
    async with rabbit(request.getfixturevalue("broker_url")) as broker:
        yield broker


async def test_a_message_arrives_whole(bus: Any) -> None:
    seen = Seen()
    subscribe(bus, "readers", seen)
    await bus.declare()
    sent = replace(
        message(),
        body={"text": "Ünïcode \u0000 and 12345678901234567890.5", "deep": [{"a": None}]},
        causation_id=uuid4(),
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    await bus.publish([sent])
    await bus.run_once()
    assert seen.messages == [replace(sent, sent_at=CLOCK.now())]


async def test_every_group_gets_its_own_copy_and_a_group_only_what_it_asked_for(
    bus: Any,
) -> None:
    first, second, others = Seen(), Seen(), Seen()
    subscribe(bus, "first", first)
    bus.subscribe("second", "events", frozenset({"thing.happened"}), second)
    bus.subscribe("others", "events", frozenset({"other.happened"}), others)
    bus.subscribe("others", "directory", frozenset({"#"}), others)
    await bus.declare()
    await bus.publish(
        [
            message(1),
            message(2, type="other.happened"),
            message(3, exchange="directory", type="thing.happened"),
        ]
    )
    assert await bus.run_once() == 5
    assert numbers(first.messages) == [1, 2]
    assert numbers(second.messages) == [1]
    assert sorted(numbers(others.messages)) == [2, 3]


async def test_publish_never_runs_a_handler(bus: Any) -> None:
    seen = Seen()
    subscribe(bus, "readers", seen)
    await bus.declare()
    await bus.publish([message()])
    assert seen.tries == {}


async def test_what_a_handler_publishes_is_handed_out_in_the_same_run(bus: Any) -> None:
    end = Seen()

    async def pass_on(given: Message) -> None:
        await bus.publish([replace(given, exchange="disclosures")])

    subscribe(bus, "first", pass_on)
    subscribe(bus, "second", end, exchange="disclosures")
    await bus.declare()
    await bus.publish([message(1)])
    assert await bus.run_once() == 2
    assert numbers(end.messages) == [1]


async def test_an_ordered_group_keeps_the_order_when_a_message_fails(bus: Any) -> None:
    seen = Seen(lambda given, tries: Poison() if given.body["number"] == 3 and tries < 4 else None)
    subscribe(bus, "in-order", seen, ordered=True)
    await bus.declare()
    await bus.publish([message(n) for n in range(1, 251)])
    await bus.run_once()
    assert numbers(seen.messages) == list(range(1, 251))


async def test_an_ordered_group_waits_for_what_is_unavailable(bus: Any) -> None:
    away = True
    seen = Seen(lambda given, _: Away() if away and given.body["number"] == 2 else None)
    subscribe(bus, "in-order", seen, ordered=True)
    await bus.declare()
    await bus.publish([message(n) for n in range(1, 5)])
    assert await bus.run_once() == 1
    assert await bus.run_once() == 0
    away = False
    assert await bus.run_once() == 3
    assert numbers(seen.messages) == [1, 2, 3, 4]


async def test_a_failed_message_is_handed_out_again(bus: Any) -> None:
    seen = Seen(lambda _, tries: Poison() if tries < DELIVERY_LIMIT else None)
    subscribe(bus, "readers", seen)
    await bus.declare()
    await bus.publish([message(1)])
    await bus.run_once()
    assert numbers(seen.messages) == [1]
    assert await bus.dead_letters("readers") == []


async def test_a_poison_message_ends_in_the_dead_letters_and_the_next_ones_flow(
    bus: Any,
) -> None:
    seen = Seen(lambda given, _: Poison("secret") if given.body["number"] == 2 else None)
    subscribe(bus, "readers", seen)
    await bus.declare()
    sent = [message(n) for n in range(1, 5)]
    await bus.publish(sent)
    await bus.run_once()
    assert numbers(seen.messages) == [1, 3, 4]
    assert seen.tries[sent[1].id] == DELIVERY_LIMIT
    [dead] = await bus.dead_letters("readers")
    assert dead.message == replace(sent[1], sent_at=CLOCK.now())
    assert dead.reason == "Poison"  # the text of a fault may hold what nobody may read
    assert len(await bus.dead_letters("readers")) == 1  # looking at them takes nothing


async def test_dead_letters_that_are_put_back_are_handed_out_again(bus: Any) -> None:
    broken = True
    seen = Seen(lambda *_: Poison() if broken else None)
    bystander = Seen()
    subscribe(bus, "readers", seen)
    subscribe(bus, "bystanders", bystander)
    await bus.declare()
    await bus.publish([message(n) for n in (1, 2, 3)])
    await bus.run_once()
    broken = False
    assert await bus.redrive("readers") == 3
    assert await bus.redrive("readers") == 0
    await bus.run_once()
    assert numbers(seen.messages) == [1, 2, 3]
    assert numbers(bystander.messages) == [1, 2, 3]
    assert await bus.dead_letters("readers") == []


async def test_what_is_unavailable_does_not_count_to_the_limit(bus: Any) -> None:
    away = True
    seen = Seen(lambda given, _: Away() if away and given.body["number"] == 1 else None)
    subscribe(bus, "readers", seen)
    await bus.declare()
    sent = [message(1), message(2)]
    await bus.publish(sent)
    assert await bus.run_once() == 1
    for _ in range(DELIVERY_LIMIT * 3):
        assert await bus.run_once() == 0
    assert seen.tries[sent[0].id] == DELIVERY_LIMIT * 3 + 1
    away = False
    assert await bus.run_once() == 1
    assert numbers(seen.messages) == [2, 1]
    assert await bus.dead_letters("readers") == []


async def test_a_message_that_no_group_takes_is_an_error(bus: Any) -> None:
    subscribe(bus, "readers", Seen())
    await bus.declare()
    with pytest.raises(BusUnavailable):
        await bus.publish([message(exchange="directory")])


async def test_a_message_of_a_kind_no_longer_subscribed_to_is_kept_as_a_dead_letter(
    bus: Any,
) -> None:
    subscribe(bus, "readers", Seen())
    await bus.declare()
    await bus.publish([message(1)])
    bus.subscriptions["readers"][0] = replace(
        bus.subscriptions["readers"][0], types=frozenset({"other.happened"})
    )
    await bus.run_once()
    [dead] = await bus.dead_letters("readers")
    assert (dead.message.body, dead.reason) == ({"number": 1}, "NoHandler")


async def test_supervised_workers_hand_out_what_is_published_later(bus: Any) -> None:
    seen = Seen(lambda _, tries: Poison() if tries == 1 else None)
    in_order = Seen(
        lambda given, tries: Away() if given.body["number"] == 7 and tries < 3 else None
    )
    subscribe(bus, "readers", seen)
    subscribe(bus, "in-order", in_order, ordered=True)
    await bus.declare()
    supervisor = Supervisor(bus.workers(), poll=0.05)
    await supervisor.start()
    try:
        for start in range(0, 60, 20):
            await bus.publish([message(n) for n in range(start, start + 20)])
        await seen.until(lambda all: len(all.messages) >= 60)
        await in_order.until(lambda all: len(all.messages) >= 60)
    finally:
        await supervisor.stop()
    assert sorted(numbers(seen.messages)) == list(range(60))
    assert numbers(in_order.messages) == list(range(60))
    assert all(status.healthy for status in supervisor.status().values())
