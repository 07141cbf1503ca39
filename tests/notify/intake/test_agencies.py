"""What becomes of what an agency puts on the broker? Through both buses."""

import json
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from services.chassis.bus_topology import scoped
from services.notify.domain.intake import EventOffered
from services.notify.intake.agencies import GROUP
from services.notify.intake.door import what_became_of
from services.notify.streams.hooks import MappingFailed, MessageRefused
from tests.notify.front_house import Front
from tests.notify.intake.offers import event, offer, other_content

TYPE = "referral.answered.v1"


async def send(front: Front, body: Any, *, user: str | None = "north-police", **how: Any) -> None:
    """As the agency would: the broker vouches for the user."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    key = how.pop("routing_key", TYPE)
    await front.bus.publish_as(user, key, raw, **how)
    await front.bus.run_once()


async def replies(front: Front, queue: str) -> list[Any]:
    return [json.loads(reply) for reply in front.bus.replies(queue)]


async def test_an_event_over_the_broker_is_the_same_as_over_http(front: Front) -> None:
    await send(front, event())
    await front.bus.run_once()
    [message] = front.published
    [offered] = await front.logged(EventOffered)
    assert (offered.door, offered.agency, message.id) == ("amqp", "north-police", offered.receipt)
    assert await what_became_of(front.store, 0) is None
    async with front.client(await front.key("north-police")) as client:
        answer = await offer(client, event())
    assert answer.json()["accepted"][0]["receipt"] == str(offered.receipt)


async def test_what_an_agency_publishes_in_order_goes_on_in_that_order(front: Front) -> None:
    sent = [f"n-{number}" for number in range(20)]
    for id in sent:
        await front.bus.publish_as("north-police", TYPE, json.dumps(event(id)).encode())
    while len(front.published) < len(sent):
        await front.bus.run_once()
    assert [message.body["event"]["id"] for message in front.published] == sent


REFUSED: dict[str, tuple[Any, dict[str, Any], int, list[str]]] = {
    "a source of another": (event(agency="south-police"), {}, 403, ["/source"]),
    "a routing key that is not the type": (
        event(),
        {"routing_key": "referral.made.v1"},
        422,
        ["/type"],
    ),
    "an unknown attribute": (event(colour="blue"), {}, 422, ["/colour"]),
    "no JSON": (b"{", {}, 400, []),
    "a list": ([event()], {}, 400, []),
    "a key twice": (b'{"id": 1, "id": 1}', {}, 400, []),
    "too large": (b" " * 300_000, {}, 413, []),
}


@pytest.mark.parametrize(("body", "how", "status", "at"), REFUSED.values(), ids=list(REFUSED))
async def test_a_refusal_without_a_reply_queue_becomes_a_task_of_the_agency(
    front: Front, body: Any, how: dict[str, Any], status: int, at: list[str]
) -> None:
    await send(front, body, **how)
    [refused] = await front.logged(MessageRefused)
    [failed] = await front.logged(MappingFailed)
    assert (refused.agency, refused.status, refused.replied) == ("north-police", status, False)
    assert (failed.organisation, failed.door, failed.hook) == ("north-police", "amqp", None)
    assert failed.payload.value
    assert [fault.pointer for fault in failed.faults if fault.pointer] == at
    assert await what_became_of(front.store, 0) == at
    assert await front.logged(EventOffered) == []
    assert await front.bus.dead_letters(GROUP) == []
    assert await front.bus.run_once() == 0  # it does not come round again


async def test_what_was_refused_is_sealed_and_its_key_can_be_destroyed(front: Front) -> None:
    await send(front, event(colour="blue"))
    [failed] = await front.logged(MappingFailed)
    rows = await front.store.rows(0, 10)
    assert "blue" not in repr(rows)
    await front.store.destroy_key(failed.payload.subject)
    [failed] = await front.logged(MappingFailed)
    assert failed.payload.value is None


async def test_the_same_refused_bytes_twice_are_one_task(embedded_front: Front) -> None:
    for _ in range(2):
        await send(embedded_front, event(colour="blue"))
    assert len(await embedded_front.logged(MappingFailed)) == 1
    assert len(await embedded_front.logged(MessageRefused)) == 2


async def test_other_content_under_a_known_id_is_refused_here_too(front: Front) -> None:
    await send(front, event())
    await send(front, other_content())
    [refused] = await front.logged(MessageRefused)
    assert refused.status == 409
    assert await what_became_of(front.store, 0) == ["/id"]


async def test_a_message_that_nobody_vouches_for_is_refused_and_is_nobodys_task(
    front: Front,
) -> None:
    await send(front, event(), user=None)
    [refused] = await front.logged(MessageRefused)
    assert (refused.agency, refused.status) == (None, 403)
    assert await front.logged(MappingFailed) == []
    assert await front.logged(EventOffered) == []


async def test_with_the_bus_away_the_message_waits_and_is_taken_later(front: Front) -> None:
    front.bus.fails = "before"
    await send(front, event())
    assert front.published == []
    front.bus.fails = None
    while not front.published:
        await front.bus.run_once()
    assert len(await front.logged(EventOffered)) == 1
    assert await front.logged(MessageRefused) == []


async def test_the_answer_goes_to_the_reply_queue_of_the_agency(embedded_front: Front) -> None:
    queue = "north-police.replies"
    await send(embedded_front, event(), reply_to=queue)
    await send(embedded_front, event("n-2", colour="blue"), reply_to=queue)
    accepted, problem = await replies(embedded_front, queue)
    assert [one["id"] for one in accepted["accepted"]] == ["n-1"]
    assert problem["status"] == 422
    assert [error["pointer"] for error in problem["errors"]] == ["/colour"]
    assert await embedded_front.logged(MappingFailed) == []
    [refused] = await embedded_front.logged(MessageRefused)
    assert refused.replied


async def test_a_reply_never_goes_into_a_queue_of_another(embedded_front: Front) -> None:
    await send(embedded_front, event(colour="blue"), reply_to="south-police.replies")
    assert await replies(embedded_front, "south-police.replies") == []
    assert len(await embedded_front.logged(MappingFailed)) == 1


@pytest.mark.parametrize("front", ["distributed"], indirect=True)
async def test_the_broker_itself_says_who_published_and_carries_the_reply(
    front: Front, agency_broker_url: str
) -> None:
    """An agency's own login, its own reply queue, and the broker's own check of user_id."""
    exchange_name = scoped(front.namespace, "agencies")
    connection = await aio_pika.connect(agency_broker_url)
    async with connection, connection.channel() as channel:
        queue = await channel.declare_queue(f"north-police.{uuid4().hex}", auto_delete=True)
        exchange = await channel.get_exchange(exchange_name, ensure=False)
        for body in (event(), event("n-2", agency="south-police")):
            await exchange.publish(
                aio_pika.Message(
                    json.dumps(body).encode(), user_id="north-police", reply_to=queue.name
                ),
                TYPE,
            )
        await front.bus.run_once()
        await front.bus.run_once()
        accepted, problem = [json.loads((await queue.get(timeout=5)).body) for _ in range(2)]
    if "accepted" not in accepted:
        accepted, problem = problem, accepted
    assert [one["id"] for one in accepted["accepted"]] == ["n-1"]
    assert (problem["status"], problem["errors"][0]["pointer"]) == (403, "/source")
    assert [message.body["event"]["id"] for message in front.published] == ["n-1"]
