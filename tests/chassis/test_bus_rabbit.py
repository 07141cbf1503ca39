"""What only a broker on a network can do: be cut off, half open, short of memory, lied to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import uuid4

import aio_pika
import aiormq
import pytest

from services.chassis import bus_consumer, bus_link, bus_rabbit
from services.chassis.bus import BusUnavailable, DeadLetter, Message, Unroutable
from services.chassis.bus_link import answered
from services.chassis.bus_rabbit import RabbitBus, open_rabbit_bus
from services.chassis.bus_topology import BROKER_LIMIT
from services.chassis.message_encoding import raw_body
from services.chassis.workers import Supervisor
from tests.chassis.broker_proxy import Wire, wire_to
from tests.chassis.brokers import bodies_in, private_broker, rabbit, take_and_die
from tests.chassis.buses import CLOCK, KEY, Away, Seen, message, numbers, subscribe
from tests.servers.rabbitmq import control

pytestmark = pytest.mark.distributed


@pytest.fixture
async def bus(broker_url: str) -> AsyncIterator[RabbitBus]:
    async with rabbit(broker_url) as opened:
        yield opened


@pytest.fixture
async def seen(bus: RabbitBus) -> Seen:
    """One group that takes everything on `events`, and its queue."""
    collected = Seen()
    subscribe(bus, "readers", collected)
    await bus.declare()
    return collected


class Far:
    """The same namespace through a wire."""

    def __init__(self, wire: Wire, bus: RabbitBus) -> None:
        self.wire = wire
        self.bus = bus


@pytest.fixture
async def far(bus: RabbitBus, broker_url: str) -> AsyncIterator[Far]:
    async with wire_to(broker_url) as (wire, url):
        through = await open_rabbit_bus(url, namespace=bus.namespace, clock=CLOCK, key=KEY)
        yield Far(wire, through)
        wire.resume()
        await through.close()


def at_least(different: int) -> Callable[[Seen], bool]:
    return lambda seen: len(seen.tries) >= different


async def publish_until_confirmed(bus: RabbitBus, sent: Message) -> None:
    while True:
        try:
            return await bus.publish([sent])
        except BusUnavailable:
            await asyncio.sleep(0.01)


async def declare_until_made(bus: RabbitBus) -> None:
    """A consumer that asks for a queue while it is being made costs them their connection."""
    while True:
        try:
            return await bus.declare()
        except BusUnavailable:
            await asyncio.sleep(0.01)


async def dead_letters_of(bus: RabbitBus, group: str) -> list[DeadLetter]:
    """The broker buries by itself, a little later."""
    for _ in range(500):
        if found := await bus.dead_letters(group):
            return found
        await asyncio.sleep(0.02)
    return []


async def publish_until_refused(bus: RabbitBus) -> None:
    """An alarm takes a moment to be raised."""
    while True:
        await bus.publish([message(2)])


async def test_a_cut_in_a_burst_of_publishes_loses_nothing_that_was_confirmed(
    bus: RabbitBus, seen: Seen, far: Far
) -> None:
    confirmed: list[int] = []
    refused = 0

    async def publish(numbers: range) -> None:
        nonlocal refused
        try:
            await far.bus.publish([message(n) for n in numbers])
            confirmed.extend(numbers)
        except BusUnavailable:
            refused += 1

    await publish(range(10))
    far.wire.cut_after = far.wire.passed + 300_000
    await asyncio.gather(*(publish(range(n, n + 10)) for n in range(10, 2010, 10)))
    assert refused
    assert len(confirmed) > 10
    await bus.run_once()
    assert set(confirmed) <= set(numbers(seen.messages))
    # and the same bus goes on by itself
    await publish_until_confirmed(far.bus, message(-1))
    await bus.run_once()
    assert numbers(seen.messages)[-1] == -1


async def test_what_is_published_again_after_a_lost_confirm_is_a_second_copy_with_the_same_id(
    bus: RabbitBus, seen: Seen, far: Far
) -> None:
    await far.bus.publish([message(0)])
    sent = message(1)
    for _ in range(3):
        far.wire.cut_after = far.wire.passed + 100  # the publish passes, the confirm does not
        with pytest.raises(BusUnavailable):
            await far.bus.publish([sent])
    await publish_until_confirmed(far.bus, sent)
    await bus.run_once()
    assert {each.id for each in seen.messages[1:]} == {sent.id}


async def test_a_half_open_link_ends_in_an_error_and_the_task_of_the_caller_lives(
    seen: Seen, bus: RabbitBus, far: Far
) -> None:
    await far.bus.publish([message(1)])
    far.wire.stall()
    started = asyncio.get_running_loop().time()
    outcomes: list[str] = []

    async def relay() -> None:
        while len(outcomes) < 3:
            try:
                await far.bus.publish([message(2)])
                outcomes.append("confirmed")
            except BusUnavailable:
                outcomes.append("unavailable")

    task = asyncio.create_task(relay())
    await asyncio.wait([task], timeout=30)
    assert task.done()
    assert not task.cancelled()
    assert outcomes[0] == "unavailable"
    assert outcomes[-1] == "confirmed"
    assert asyncio.get_running_loop().time() - started < 3 * bus_link.ANSWER


async def test_a_cancelled_future_of_a_dead_connection_is_told_from_being_asked_to_stop() -> None:
    dead: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    dead.cancel()
    with pytest.raises(BusUnavailable):
        await answered(dead)

    async def wait() -> None:
        await answered(asyncio.get_running_loop().create_future())

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_publishers_that_are_cancelled_do_not_stop_the_next_ones(
    bus: RabbitBus, seen: Seen
) -> None:
    for _ in range(5):
        tasks = [asyncio.create_task(bus.publish([message()])) for _ in range(8)]
        await asyncio.sleep(0.001)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await bus.publish([message(-1)])
    await bus.run_once()
    assert numbers(seen.messages)[-1] == -1


async def test_consumers_come_back_after_every_cut_and_an_ordered_group_stays_in_order(
    bus: RabbitBus, far: Far
) -> None:
    in_order = Seen()
    subscribe(bus, "in-order", Seen(), ordered=True)
    await bus.declare()
    subscribe(far.bus, "in-order", in_order, ordered=True)
    supervisor = Supervisor(far.bus.workers(), poll=0.02, backoff=(0.01, 0.1))
    await supervisor.start()
    try:
        for cut in range(4):
            await bus.publish([message(n) for n in range(cut * 100, cut * 100 + 100)])
            await in_order.until(at_least(cut * 100 + 30))
            far.wire.cut()
        await in_order.until(at_least(400))
    finally:
        await supervisor.stop()
    first_times = list(dict.fromkeys(numbers(in_order.messages)))
    assert first_times == list(range(400))


async def test_a_consumer_on_a_half_open_link_comes_back_on_another(
    bus: RabbitBus, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_consumer, "WATCH", 0.5)
    monkeypatch.setattr(bus_link, "HEARTBEAT", 2)  # by it the broker finds out what nobody hears
    seen = Seen()
    subscribe(bus, "readers", Seen())
    await bus.declare()
    async with wire_to(broker_url) as (wire, url):
        far = await open_rabbit_bus(url, namespace=bus.namespace, clock=CLOCK, key=KEY)
        subscribe(far, "readers", seen)
        supervisor = Supervisor(far.workers(), poll=0.02, backoff=(0.01, 0.1))
        await supervisor.start()
        try:
            await bus.publish([message(1)])
            await seen.until(at_least(1))
            wire.stall()
            await bus.publish([message(2)])
            await seen.until(at_least(2), 60)
        finally:
            await supervisor.stop()
            wire.resume()
            await far.close()


async def test_a_handler_is_not_cancelled_by_a_cut_and_its_message_comes_again(
    bus: RabbitBus, far: Far
) -> None:
    go_on, started = asyncio.Event(), asyncio.Event()
    ended: list[str] = []

    async def slow(_: Message) -> None:
        started.set()
        try:
            await go_on.wait()
            ended.append("finished")
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    subscribe(bus, "slow", slow)
    await bus.declare()
    subscribe(far.bus, "slow", slow)
    await bus.publish([message(1)])
    supervisor = Supervisor(far.bus.workers(), poll=0.02, backoff=(0.01, 0.1))
    await supervisor.start()
    try:
        await started.wait()
        far.wire.cut()
        started.clear()
        go_on.set()
        await asyncio.wait_for(started.wait(), 20)  # acknowledging it had come too late
    finally:
        await supervisor.stop()
    assert ended[0] == "finished"
    assert "cancelled" not in ended


async def test_a_consumer_whose_queue_was_deleted_listens_again_when_the_queue_is_back(
    bus: RabbitBus, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_consumer, "WATCH", 3600)  # the broker says so: nobody need look
    supervisor = Supervisor(bus.workers(), poll=0.02, backoff=(0.01, 0.05))
    await supervisor.start()
    try:
        await bus.publish([message(1)])
        await seen.until(lambda all: numbers(all.messages) == [1])
        await bus.remove()
        async with asyncio.timeout(10):
            while supervisor.status()["bus.readers"].healthy:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.01)
        await declare_until_made(bus)
        await bus.publish([message(2)])
        await seen.until(lambda all: numbers(all.messages) == [1, 2])
    finally:
        await supervisor.stop()


@pytest.mark.parametrize("patience", ["WATCH", "RENEW"])
async def test_a_consumer_that_ended_without_a_word_is_found_out(
    bus: RabbitBus, seen: Seen, monkeypatch: pytest.MonkeyPatch, patience: str
) -> None:
    monkeypatch.setattr(bus_consumer, patience, 0.2)
    supervisor = Supervisor(bus.workers(), poll=0.02, backoff=(0.01, 0.05))
    await supervisor.start()
    try:
        await bus.publish([message(1)])
        await seen.until(lambda all: numbers(all.messages) == [1])
        channel = bus.queues["readers"].raw
        assert isinstance(channel, aiormq.Channel)
        for tag in list(channel.consumers):
            await channel.basic_cancel(tag)
        await bus.publish([message(2)])
        await seen.until(lambda all: numbers(all.messages) == [1, 2], 8)
    finally:
        await supervisor.stop()


async def test_what_is_held_for_too_long_goes_back_to_the_queue_before_the_broker_objects(
    bus: RabbitBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_consumer, "HOLD", 0.2)
    away = True
    seen = Seen(lambda *_: Away() if away else None)
    subscribe(bus, "readers", seen)
    await bus.declare()
    await bus.publish([message(1)])
    await bus.run_once()
    before = bus.queues["readers"].raw
    await asyncio.sleep(0.3)
    away = False
    await bus.run_once()
    assert bus.queues["readers"].raw is not before
    assert numbers(seen.messages) == [1]


async def test_a_message_that_no_queue_takes_is_an_error(bus: RabbitBus) -> None:
    bus.subscribe("readers", "events", frozenset({"thing.happened"}), Seen())
    await bus.declare()
    with pytest.raises(Unroutable):
        await bus.publish([message(), message(type="other.happened")])
    await bus.publish([message()])  # and the channel is not spoilt by it


async def test_nobody_reads_a_message_on_the_disk_of_the_broker(
    bus: RabbitBus, seen: Seen, broker_url: str
) -> None:
    await bus.publish([replace(message(), body={"name": "Cat Test"})])
    raw = await bodies_in(broker_url, f"{bus.namespace}.readers")
    assert raw
    assert all(b"Cat Test" not in body for body in raw)
    await bus.run_once()
    assert seen.messages[0].body == {"name": "Cat Test"}


async def test_what_cannot_be_read_is_kept_by_the_broker_and_the_next_ones_flow(
    bus: RabbitBus, seen: Seen, broker_url: str
) -> None:
    other = await open_rabbit_bus(broker_url, namespace=bus.namespace, clock=CLOCK, key=bytes(32))
    await other.publish([message(1)])
    await other.close()
    await bus.publish([message(2)])
    await bus.run_once()
    assert numbers(seen.messages) == [2]
    assert await bus.redrive("readers") == 0
    assert len(await bodies_in(broker_url, f"{bus.namespace}.readers.dead")) == 1


async def test_what_an_agency_publishes_arrives_byte_for_byte_with_its_broker_user(
    bus: RabbitBus, broker_url: str, agency_broker_url: str
) -> None:
    seen = Seen()
    subscribe(bus, "gate", seen, exchange="agencies")
    await bus.declare()
    agency = await open_rabbit_bus(
        agency_broker_url, namespace=bus.namespace, clock=CLOCK, key=bytes(32)
    )
    body = b'{"specversion":"1.0",  "id":"n-1", "not json'
    await agency.publish_as("north-police", "thing.recorded.v1", body, "north-police.answers")
    await agency.publish_as("north-police", "thing.recorded.v1", body, "readers")
    await agency.close()
    await bus.run_once()
    first, second = seen.messages
    assert raw_body(first) == body
    assert (first.type, first.user_id) == ("thing.recorded.v1", "north-police")
    assert first.reply_to == "north-police.answers"
    assert second.reply_to is None  # nobody makes us answer into a queue of our own


async def test_the_broker_refuses_a_forged_user(bus: RabbitBus, agency_broker_url: str) -> None:
    seen = Seen()
    subscribe(bus, "gate", seen, exchange="agencies")
    await bus.declare()
    agency = await open_rabbit_bus(
        agency_broker_url, namespace=bus.namespace, clock=CLOCK, key=bytes(32)
    )
    with pytest.raises(PermissionError):
        await agency.publish_as("south-police", "thing.recorded.v1", b"{}")
    with pytest.raises(PermissionError):  # nor may it publish where only services do
        await agency.publish([message(exchange="events")])
    await agency.close()
    await bus.run_once()
    assert seen.messages == []


async def test_an_agency_is_answered_in_plain_json_in_its_own_queue(
    bus: RabbitBus, agency_broker_url: str
) -> None:
    connection = await aio_pika.connect(agency_broker_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(f"north-police.{uuid4().hex}", exclusive=True)
        await bus.publish([message(7, exchange="", type=queue.name)])
        answer = await queue.get(timeout=5)
        assert answer.body == b'{"number":7}'
        await answer.ack()
    await bus.publish([message(8, exchange="", type=queue.name)])  # it has gone: no matter


async def test_what_an_agency_misroutes_is_caught(bus: RabbitBus, broker_url: str) -> None:
    bus.subscribe("gate", "agencies", frozenset({"thing.recorded.v1"}), Seen())
    await bus.declare()
    await bus.publish_as("north-police", "no.such.thing", b"{}")
    assert await bodies_in(broker_url, f"{bus.namespace}.unrouted") == [b"{}"]


async def test_a_message_that_kills_every_process_that_takes_it_ends_in_the_dead_letters(
    bus: RabbitBus, seen: Seen, broker_url: str
) -> None:
    """Here the broker counts: nobody is left to say what was wrong with it."""
    await bus.publish([message(1)])
    for _ in range(BROKER_LIMIT + 1):
        if not await take_and_die(broker_url, f"{bus.namespace}.readers"):
            break
    await bus.publish([message(2)])
    await bus.run_once()
    assert numbers(seen.messages) == [2]
    dead = await dead_letters_of(bus, "readers")
    assert [(each.message.body, each.reason) for each in dead] == [
        ({"number": 1}, "broker: delivery_limit")
    ]
    await bus.redrive("readers")
    await bus.run_once()
    assert numbers(seen.messages) == [2, 1]


# The private broker's programs outlive the objects that started them, as they should.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_broker_short_of_memory_is_unavailable_in_bounded_time_and_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bus_rabbit, "ANSWER", 0.5)
    with private_broker() as broker:
        async with rabbit(broker["url"]) as bus:
            seen = Seen()
            subscribe(bus, "readers", seen)
            await bus.declare()
            await bus.publish([message(1)])
            control(broker, "set_vm_memory_high_watermark", "0.00001")
            started = asyncio.get_running_loop().time()
            with pytest.raises(BusUnavailable):
                await publish_until_refused(bus)
            assert asyncio.get_running_loop().time() - started < 10
            control(broker, "set_vm_memory_high_watermark", "0.4")
            await publish_until_confirmed(bus, message(3))
            await bus.run_once()
            assert numbers(seen.messages)[-1] == 3


async def test_definitions_say_what_declare_makes(bus: RabbitBus, broker_url: str) -> None:
    """Declaring again from what was read back: other arguments would be refused."""
    subscribe(bus, "readers", Seen())
    subscribe(bus, "in-order", Seen(), exchange="agencies", ordered=True)
    await bus.declare()
    await bus.declare()
    subscribe(bus, "readers", Seen(), ordered=True)
    with pytest.raises(PermissionError):
        await bus.declare()
    del bus.subscriptions["readers"][1]
