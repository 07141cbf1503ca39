"""Is a recipient told by machine, once, and with patience? Over a real socket, on both parts."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
import standardwebhooks

from services.chassis.standard_webhooks import verify
from services.chassis.tracing import trace_id
from services.notify.domain import notification as facts
from services.notify.domain.webhooks import AttemptOutcome, WebhookAttempted
from services.notify.streams.endpoints import EndpointFailing, EndpointRecovered
from services.notify.webhooks.worker import WebhookWorker
from tests.notify import notifications
from tests.notify.front_house import NOON, Front
from tests.notify.webhooks.receiver import Receiver

PATH = "/notify/v1/endpoints/main"


async def endpoint(front: Front, url: str, organisation: str = "alder", **more: Any) -> Any:
    async with front.client(await front.key(organisation, "recipient")) as client:
        answer = await client.put(PATH, json={"url": url, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def worker(front: Front) -> WebhookWorker:
    [found] = [one for one in front.part.workers if isinstance(one, WebhookWorker)]
    return found


async def later(front: Front, wait: timedelta) -> None:
    front.clock.set(front.clock.now() + wait)
    await front.work()


async def test_an_announcement_reaches_the_endpoint_with_ids_only_and_signed(
    calling: Front, receiver: Receiver
) -> None:
    made = await endpoint(calling, receiver.url)
    notification = await notifications.available(calling)
    await notifications.begun(calling, notification)
    await calling.work()
    [call] = receiver.calls
    assert call.told == {
        "type": "notification.announced",
        "notification": str(notification),
        "recipient": "alder",
        "at": "2026-02-13T12:00:00+00:00",
    }
    verify(call.body, call.headers, [made["secret"]], now=NOON)
    [attempt] = await calling.logged(WebhookAttempted)
    assert (attempt.notification, attempt.recipient) == (notification, "alder")
    assert (attempt.outcome, attempt.status) == (AttemptOutcome.DELIVERED, 204)
    assert str(attempt.delivery) == call.delivery


async def test_what_is_signed_is_verified_by_another_implementation(
    embedded_calling: Front, receiver: Receiver
) -> None:
    made = await endpoint(embedded_calling, receiver.url)
    await notifications.begun(embedded_calling, await notifications.available(embedded_calling))
    embedded_calling.clock.set(datetime.now(NOON.tzinfo))  # theirs reads the machine's clock
    await embedded_calling.work()
    [call] = receiver.calls
    told = standardwebhooks.Webhook(made["secret"]).verify(call.body, call.headers)
    assert told == call.told


async def test_it_is_sent_once_however_often_it_is_announced_or_the_worker_runs(
    calling: Front, receiver: Receiver
) -> None:
    await endpoint(calling, receiver.url)
    notification = await notifications.available(calling)
    for again in (False, True):
        await notifications.begun(calling, notification, again=again)
        await calling.work()
        await calling.work()
    assert len(receiver.calls) == 1


async def test_a_failing_receiver_is_tried_again_with_the_same_id_and_body_and_a_new_time(
    calling: Front, receiver: Receiver
) -> None:
    await endpoint(calling, receiver.url)
    receiver.answers = [(500, {}), (502, {})]
    await notifications.begun(calling, await notifications.available(calling))
    await calling.work()
    assert await worker(calling).next_due() == NOON + timedelta(seconds=5)
    await later(calling, timedelta(seconds=4))
    assert len(receiver.calls) == 1
    await later(calling, timedelta(seconds=1))
    assert len(receiver.calls) == 2
    await later(calling, timedelta(minutes=5))
    assert len(receiver.calls) == 3
    assert len({call.delivery for call in receiver.calls}) == 1
    assert len({call.body for call in receiver.calls}) == 1
    assert len({call.headers["webhook-timestamp"] for call in receiver.calls}) == 3
    attempts = await calling.logged(WebhookAttempted)
    assert [one.attempt for one in attempts] == [1, 2, 3]
    assert [one.outcome for one in attempts] == ["deferred", "deferred", "delivered"]
    assert await worker(calling).next_due() is None


async def test_a_receiver_that_names_its_pace_is_asked_again_then_and_loses_nothing(
    calling: Front, receiver: Receiver
) -> None:
    await endpoint(calling, receiver.url)
    receiver.answers = [(429, {"Retry-After": "600"}), (503, {"Retry-After": "600"})] * 8
    await notifications.begun(calling, await notifications.available(calling))
    await calling.work()
    assert await worker(calling).next_due() == NOON + timedelta(minutes=10)
    for _ in range(16):
        await later(calling, timedelta(minutes=10))
    attempts = await calling.logged(WebhookAttempted)
    assert [one.counted for one in attempts] == [False] * 16 + [True]
    assert attempts[-1].outcome == "delivered"


@pytest.mark.parametrize("status", [400, 401, 404, 410, 301])
async def test_what_the_receiver_will_never_take_is_not_tried_again(
    embedded_calling: Front, receiver: Receiver, status: int
) -> None:
    await endpoint(embedded_calling, receiver.url)
    receiver.answers = [(status, {"Location": receiver.url})]
    await notifications.begun(embedded_calling, await notifications.available(embedded_calling))
    await embedded_calling.work()
    await later(embedded_calling, timedelta(days=30))
    assert len(receiver.calls) == 1
    [attempt] = await embedded_calling.logged(WebhookAttempted)
    assert (attempt.outcome, attempt.status) == ("refused", status)


async def test_a_receiver_that_never_answers_well_is_given_up_and_never_switched_off(
    embedded_calling: Front, receiver: Receiver
) -> None:
    front = embedded_calling
    await endpoint(front, receiver.url)
    receiver.answers = [(500, {})] * 10
    await notifications.begun(front, await notifications.available(front))
    await front.work()
    while (due := await worker(front).next_due()) is not None:
        front.clock.set(due)
        await front.work()
    attempts = await front.logged(WebhookAttempted)
    assert [one.outcome for one in attempts] == ["deferred"] * 9 + ["exhausted"]
    [failing] = await front.logged(EndpointFailing)
    assert failing.since == NOON  # the first failure, not the last
    await notifications.begun(front, await notifications.available(front))
    await front.work()
    assert len(receiver.calls) == 11
    assert len(await front.logged(EndpointRecovered)) == 1


async def test_a_receiver_that_is_not_there_is_tried_again(calling: Front) -> None:
    await endpoint(calling, "http://127.0.0.1:1/hook")
    await notifications.begun(calling, await notifications.available(calling))
    await calling.work()
    [attempt] = await calling.logged(WebhookAttempted)
    assert (attempt.outcome, attempt.status, attempt.reason) == ("deferred", None, "connection")
    async with calling.client(await calling.key("alder", "recipient")) as client:
        assert (await client.get(PATH)).json()["state"] == "failing"
        [listed] = (await client.get(f"{PATH}/attempts")).json()["attempts"]
    assert (listed["outcome"], listed["reason"]) == ("deferred", "connection")


async def test_two_replicas_send_it_once(calling: Front, receiver: Receiver) -> None:
    await endpoint(calling, receiver.url)
    await notifications.begun(calling, await notifications.available(calling))
    ours = worker(calling)
    async with calling.database.exclusive(ours.name):
        assert await ours.run_once() == 0
    await calling.work()
    assert len(receiver.calls) == 1


async def test_each_endpoint_of_each_recipient_gets_its_own(
    embedded_calling: Front, receiver: Receiver
) -> None:
    front = embedded_calling
    await endpoint(front, receiver.url, "alder")
    await endpoint(front, receiver.url, "birch")
    async with front.client(await front.key("alder", "recipient")) as client:
        await client.put("/notify/v1/endpoints/second", json={"url": receiver.url})
    one = await notifications.available(front, "alder")
    await notifications.begun(front, one, "alder")
    await front.work()
    assert [call.told["recipient"] for call in receiver.calls] == ["alder", "alder"]
    assert len({call.delivery for call in receiver.calls}) == 2


async def test_where_only_the_authority_may_read_only_its_machine_is_told(
    embedded_calling: Front, receiver: Receiver
) -> None:
    front = embedded_calling
    await endpoint(front, "http://127.0.0.1:1/never", "alder")
    await endpoint(front, receiver.url, "council")
    one = await notifications.available(front, "alder")
    await notifications.begun(front, one, "alder", diverted_to="council")
    await front.work()
    assert [call.told["recipient"] for call in receiver.calls] == ["council"]
    assert len(await front.logged(WebhookAttempted)) == 1


async def test_what_is_closed_before_it_went_is_not_sent(
    embedded_calling: Front, receiver: Receiver
) -> None:
    front = embedded_calling
    await endpoint(front, receiver.url)
    receiver.answers = [(500, {})]
    one = await notifications.available(front)
    await notifications.begun(front, one)
    await front.work()
    await notifications.told(
        front, facts.NotificationSuperseded(notification=one, by_decision=one, at=NOON)
    )
    await later(front, timedelta(days=1))
    assert len(receiver.calls) == 1


async def test_the_trace_goes_on_to_the_receiver(
    embedded_calling: Front, receiver: Receiver
) -> None:
    await endpoint(embedded_calling, receiver.url)
    await notifications.begun(embedded_calling, await notifications.available(embedded_calling))
    await embedded_calling.work()
    [call] = receiver.calls
    [recorded] = [
        one for one in await embedded_calling.log() if isinstance(one.event, WebhookAttempted)
    ]
    assert trace_id(call.headers["traceparent"]) == trace_id(recorded.context.traceparent)


async def test_one_whose_record_has_a_fault_keeps_no_other_from_being_called(
    embedded_calling: Front, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    front, append = embedded_calling, embedded_calling.store.append
    await endpoint(front, receiver.url)
    for _ in range(3):
        await notifications.begun(front, await notifications.available(front))
    broken: list[str] = []

    async def breaks_one(stream: str, *given: Any, **named: Any) -> int:
        if stream.startswith("webhook-") and broken in ([], [stream]):
            broken[:] = [stream]
            raise RuntimeError("our own fault")
        return await append(stream, *given, **named)

    monkeypatch.setattr(front.store, "append", breaks_one)
    with pytest.raises(RuntimeError):
        await worker(front).run_once()
    assert len(await front.logged(WebhookAttempted)) == 2
    monkeypatch.undo()
    await front.work()
    assert len(await front.logged(WebhookAttempted)) == 3
    assert len({call.delivery for call in receiver.calls}) == 3


async def test_more_are_called_while_a_slow_receiver_is_waited_for(
    embedded_calling: Front, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    front, answered = embedded_calling, asyncio.Event()
    monkeypatch.setattr("services.notify.webhooks.worker.IN_HAND", 2)
    await endpoint(front, receiver.url)
    for _ in range(6):
        await notifications.begun(front, await notifications.available(front))
    sender, slow = worker(front)._sender, list[str]()
    send = sender.send

    async def sends(url: str, **given: Any) -> Any:
        if not slow:
            slow.append(url)
            await answered.wait()
        answer = await send(url, **given)
        if len(receiver.calls) == 5:
            answered.set()
        return answer

    monkeypatch.setattr(sender, "send", sends)
    async with asyncio.timeout(10):
        assert await worker(front).run_once() == 6
    assert len({call.delivery for call in receiver.calls}) == 6
