"""What is promised when the bus, the store or the sender fails half-way? On both kinds of parts."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.chassis.bus import Message
from services.chassis.bus_rabbit import open_rabbit_bus
from services.chassis.store import Append, EventStore, StoreUnavailable
from services.notify.domain.intake import EventOffered, receipt_of, stream_of
from services.notify.intake.gate import Gate
from tests.chassis.proxy import proxied
from tests.notify.front_house import KEY, NOON, Front
from tests.notify.intake.offers import event, offer, offer_batch, other_content


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_an_unconfirmed_event_is_503_and_can_be_offered_again(
    front: Front, lost: str
) -> None:
    async with front.client(await front.key("north-police")) as client:
        front.bus.fails = lost
        refused = await offer(client, event())
        front.bus.fails = None
        accepted = await offer(client, event())
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert accepted.status_code == 202
    await front.bus.run_once()
    # A lost confirmation leaves a second copy of the same message, never a second message.
    assert {str(message.id) for message in front.published} == {
        accepted.json()["accepted"][0]["receipt"]
    }


async def test_an_id_that_was_offered_in_vain_is_still_taken(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        front.bus.fails = "after"  # it may have been stored: another content would be a second one
        await offer(client, event())
        front.bus.fails = None
        assert (await offer(client, other_content())).status_code == 409


async def test_an_unconfirmed_batch_is_503_as_a_whole(front: Front) -> None:
    batch = [event("a"), event("b"), event("c", type="unknown")]
    async with front.client(await front.key("north-police")) as client:
        front.bus.fails = "before"
        assert (await offer_batch(client, batch)).status_code == 503
        front.bus.fails = None
        answer = (await offer_batch(client, batch)).json()
    assert [one["id"] for one in answer["accepted"]] == ["a", "b"]
    assert [one["index"] for one in answer["rejected"]] == [2]


@pytest.mark.distributed
async def test_a_broker_that_cannot_be_reached_is_503_and_after_it_returns_202(
    embedded_front: Front, broker_url: str
) -> None:
    namespace = f"t{uuid4().hex[:12]}"
    consumer = await open_rabbit_bus(
        broker_url, namespace=namespace, clock=embedded_front.clock, key=KEY
    )
    got: list[Message] = []

    async def consent(message: Message) -> None:
        got.append(message)

    consumer.subscribe("consent", "events", frozenset({"#"}), consent)
    await consumer.declare()
    async with proxied(broker_url) as (wire, through):
        publisher = await open_rabbit_bus(
            through, namespace=namespace, clock=embedded_front.clock, key=KEY
        )
        embedded_front.bus.now = publisher
        async with embedded_front.client(await embedded_front.key("north-police")) as client:
            assert (await offer(client, event("a"))).status_code == 202
            wire.silent = True
            assert (await offer(client, event("b"))).status_code == 503
            wire.silent = False
            await wire.cut()
            assert (await _until_accepted(client)).status_code == 202
        await publisher.close()
    await consumer.run_once()
    await consumer.remove()
    await consumer.close()
    assert {message.body["event"]["id"] for message in got} == {"a", "b"}


async def _until_accepted(client: httpx.AsyncClient) -> httpx.Response:
    for _ in range(20):
        answer = await offer(client, event("b"))
        if answer.status_code != 503:
            return answer
    raise AssertionError("the broker is back and nothing is accepted")


async def test_a_sender_that_hangs_up_leaves_nothing_half_done(front: Front) -> None:
    gate = Gate(front.store, front.bus, front.clock)
    asked = asyncio.create_task(gate.take_one(event(), agency="north-police", door="http"))
    await asyncio.sleep(0)  # it has begun
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await gate.drain()
    assert len(await front.logged(EventOffered)) == 1
    await front.bus.run_once()
    assert len(front.published) == 1


class _Stopping:
    """A store whose process ends at the moment of the append: before, or after the commit."""

    def __init__(self, store: EventStore, *, committed: bool) -> None:
        self._store = store
        self._committed = committed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append_each(self, appends: Sequence[Append]) -> list[int | Exception]:
        if self._committed:
            await self._store.append_each(appends)
        raise StoreUnavailable("gone")


@pytest.mark.parametrize("committed", [False, True])
async def test_a_process_killed_at_the_append_has_told_nobody_and_published_nothing(
    front: Front, committed: bool
) -> None:
    stopping: Any = _Stopping(front.store, committed=committed)
    gate = Gate(stopping, front.bus, front.clock)
    with pytest.raises(StoreUnavailable):
        await gate.take_one(event(), agency="north-police", door="http")
    await front.bus.run_once()
    assert front.published == []
    async with front.client(await front.key("north-police")) as client:
        assert (await offer(client, event())).status_code == 202
    await front.bus.run_once()
    assert len(front.published) == 1


async def test_the_log_remembers_before_the_bus_is_told(front: Front) -> None:
    """The other order would let another content out under the same id after a crash."""
    remembered: list[int] = []
    publish = front.bus.publish

    async def watched(messages: Any) -> None:
        remembered.append(len(await front.store.read_stream(stream_of(messages[0].id))))
        await publish(messages)

    front.bus.publish = watched
    async with front.client(await front.key("north-police")) as client:
        await offer(client, event())
    assert remembered == [1]
    assert receipt_of("/agencies/north-police", "n-1") == (await front.log())[0].event.receipt
    assert (await front.log())[0].recorded_at == NOON
