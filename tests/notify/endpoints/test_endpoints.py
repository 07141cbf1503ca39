"""What can a recipient do with its endpoints, and what does it see of them?"""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.chassis.standard_webhooks import SignatureRefused, verify
from services.notify.domain.webhooks import WebhookAttempted
from services.notify.streams.endpoints import EndpointSaved
from tests.notify import notifications
from tests.notify.front_house import NOON, Front
from tests.notify.webhooks.receiver import Call, Receiver

PATH = "/notify/v1/endpoints/main"
HTTPS = "https://school.example/hook"


async def client(front: Front, organisation: str = "alder") -> httpx.AsyncClient:
    return front.client(await front.key(organisation, "recipient"))


def signed_by(call: Call, key: str, front: Front) -> bool:
    try:
        verify(call.body, call.headers, [key], now=front.clock.now(), tolerance=timedelta(days=9))
    except SignatureRefused:
        return False
    return True


async def test_a_secret_is_shown_when_it_is_made_and_never_again(front: Front) -> None:
    async with await client(front) as http:
        made = (await http.put(PATH, json={"url": HTTPS})).json()
        same = (await http.put(PATH, json={"url": HTTPS})).json()
        shown = (await http.get(PATH)).json()
        listed = (await http.get("/notify/v1/endpoints")).json()["endpoints"]
    assert made["secret"].startswith("whsec_")
    assert "secret" not in {**same, **shown}
    assert shown == {
        "id": "main",
        "url": HTTPS,
        "signing": "v1",
        "state": "enabled",
        "failing_since": None,
    }
    assert listed == [shown]
    assert len(await front.logged(EndpointSaved)) == 1
    raw = repr(await front.store.rows(0, 10))
    assert made["secret"] not in raw
    assert HTTPS not in raw  # an address may carry a token


async def test_a_public_key_is_shown_whenever_it_is_asked_for(front: Front) -> None:
    async with await client(front) as http:
        made = (await http.put(PATH, json={"url": HTTPS, "signing": "v1a"})).json()
        shown = (await http.get(PATH)).json()
    assert made["public_key"] == shown["public_key"]
    assert shown["public_key"].startswith("whpk_")
    assert "secret" not in {**made, **shown}


REFUSED: list[Any] = [
    {},
    {"url": "school.example"},
    {"url": "ftp://school.example/"},
    {"url": "http://school.example/"},
    {"url": "https://user:word@school.example/"},
    {"url": "https://127.0.0.1/"},
    {"url": "https://10.0.0.1/"},
    {"url": "https://169.254.169.254/latest"},
    {"url": "https://[::1]/"},
    {"url": HTTPS, "signing": "v2"},
    {"url": HTTPS, "more": 1},
]


@pytest.mark.parametrize("body", REFUSED, ids=str)
async def test_an_address_that_is_not_called_is_refused_when_it_is_saved(
    embedded_front: Front, body: Any
) -> None:
    async with await client(embedded_front) as http:
        assert (await http.put(PATH, json=body)).status_code == 422
        assert (await http.get(PATH)).status_code == 404
    assert await embedded_front.log() == []


async def test_nobody_sees_or_touches_the_endpoint_of_another(front: Front) -> None:
    async with await client(front) as http:
        await http.put(PATH, json={"url": HTTPS})
    async with await client(front, "birch") as http:
        assert (await http.get("/notify/v1/endpoints")).json() == {"endpoints": []}
        for answer in (
            await http.get(PATH),
            await http.post(f"{PATH}/test"),
            await http.post(f"{PATH}/rotate"),
            await http.post(f"{PATH}/enable"),
            await http.post(f"{PATH}/resend", json={"since": "2026-01-01T00:00:00Z"}),
        ):
            assert answer.status_code == 404
        assert (await http.get(f"{PATH}/attempts")).json() == {"attempts": []}
        theirs = await http.get(PATH, params={"organisation": "alder"})
        assert theirs.status_code == 403
        assert (await http.delete(PATH)).status_code == 204  # its own, which it has not
    async with await client(front) as http:
        assert (await http.get(PATH)).status_code == 200


async def test_a_test_goes_once_and_is_among_the_attempts(
    calling: Front, receiver: Receiver
) -> None:
    receiver.answers = [(500, {})]
    async with await client(calling) as http:
        await http.put(PATH, json={"url": receiver.url})
        asked = await http.post(f"{PATH}/test")
        await calling.work()
        calling.clock.set(NOON + timedelta(days=1))
        await calling.work()
        attempts = (await http.get(f"{PATH}/attempts")).json()["attempts"]
    assert asked.status_code == 202
    [call] = receiver.calls
    assert call.told == {
        "type": "endpoint.test",
        "recipient": "alder",
        "at": "2026-02-13T12:00:00+00:00",
    }
    assert [(one["kind"], one["outcome"], one["status"]) for one in attempts] == [
        ("endpoint.test", "exhausted", 500)
    ]
    assert attempts[0]["delivery"] == asked.json()["delivery"] == call.delivery


async def test_after_a_rotation_the_old_key_verifies_for_its_grace_and_then_no_longer(
    calling: Front, receiver: Receiver
) -> None:
    async with await client(calling) as http:
        old = (await http.put(PATH, json={"url": receiver.url})).json()["secret"]
        new = (await http.post(f"{PATH}/rotate", json={"grace_hours": 2})).json()["secret"]
        for hours in (0, 1, 2):
            calling.clock.set(NOON + timedelta(hours=hours))
            await http.post(f"{PATH}/test")
            await calling.work()
    assert old != new
    assert [signed_by(call, new, calling) for call in receiver.calls] == [True] * 3
    assert [signed_by(call, old, calling) for call in receiver.calls] == [True, True, False]


async def test_the_number_of_old_keys_is_bounded(
    embedded_calling: Front, receiver: Receiver
) -> None:
    async with await client(embedded_calling) as http:
        keys = [(await http.put(PATH, json={"url": receiver.url})).json()["secret"]]
        keys += [(await http.post(f"{PATH}/rotate")).json()["secret"] for _ in range(4)]
        await http.post(f"{PATH}/test")
    await embedded_calling.work()
    [call] = receiver.calls
    assert [signed_by(call, key, embedded_calling) for key in keys] == [
        False,
        False,
        True,
        True,
        True,
    ]


async def test_a_receiver_can_move_from_a_shared_secret_to_a_public_key(
    embedded_calling: Front, receiver: Receiver
) -> None:
    async with await client(embedded_calling) as http:
        secret = (await http.put(PATH, json={"url": receiver.url})).json()["secret"]
        public = (await http.post(f"{PATH}/rotate", json={"signing": "v1a"})).json()["public_key"]
        await http.post(f"{PATH}/test")
    await embedded_calling.work()
    [call] = receiver.calls
    assert signed_by(call, secret, embedded_calling)
    assert signed_by(call, public, embedded_calling)


async def test_what_is_switched_off_by_its_owner_waits_and_goes_when_it_is_on_again(
    calling: Front, receiver: Receiver
) -> None:
    receiver.answers = [(500, {})]
    async with await client(calling) as http:
        await http.put(PATH, json={"url": receiver.url})
        await notifications.begun(calling, await notifications.available(calling))
        await calling.work()
        await http.put(PATH, json={"url": receiver.url, "enabled": False})
        assert (await http.get(PATH)).json()["state"] == "disabled"
        calling.clock.set(NOON + timedelta(days=1))
        await calling.work()
        assert len(receiver.calls) == 1
        enabled = (await http.post(f"{PATH}/enable")).json()
        assert (enabled["state"], enabled["failing_since"]) == ("enabled", None)
        await calling.work()
    assert len(receiver.calls) == 2


async def test_resending_sends_again_what_was_announced_since_then_under_new_ids(
    calling: Front, receiver: Receiver
) -> None:
    sent = []
    async with await client(calling) as http:
        await http.put(PATH, json={"url": receiver.url})
        for hour in range(3):
            calling.clock.set(NOON + timedelta(hours=hour))
            sent.append(await notifications.available(calling))
            await notifications.begun(calling, sent[-1])
            await calling.work()
        first = [call.delivery for call in receiver.calls]
        receiver.calls.clear()
        body = {"since": (NOON + timedelta(hours=1)).isoformat()}
        for _ in range(2):  # a second time is carried out as well
            assert (await http.post(f"{PATH}/resend", json=body)).status_code == 202
            await calling.work()
    told = [UUID(call.told["notification"]) for call in receiver.calls]
    assert sorted(told, key=str) == sorted(sent[1:] * 2, key=str)
    assert not {call.delivery for call in receiver.calls} & set(first)
    assert len({call.delivery for call in receiver.calls}) == 4


async def test_a_new_endpoint_can_ask_for_what_was_announced_before_it_was_there(
    embedded_calling: Front, receiver: Receiver
) -> None:
    front = embedded_calling
    one = await notifications.available(front)
    await notifications.begun(front, one)
    await front.work()
    async with await client(front) as http:
        await http.put(PATH, json={"url": receiver.url})
        await http.post(f"{PATH}/resend", json={"since": NOON.isoformat()})
        await front.work()
        future = (NOON + timedelta(days=1)).isoformat()
        assert (await http.post(f"{PATH}/resend", json={"since": future})).status_code == 422
    assert [UUID(call.told["notification"]) for call in receiver.calls] == [one]


async def test_a_resend_is_not_retried_by_itself(
    embedded_calling: Front, receiver: Receiver
) -> None:
    front = embedded_calling
    await notifications.begun(front, await notifications.available(front))
    async with await client(front) as http:
        await http.put(PATH, json={"url": receiver.url})
        receiver.answers = [(500, {})]
        await http.post(f"{PATH}/resend", json={"since": NOON.isoformat()})
    await front.work()
    front.clock.set(NOON + timedelta(days=2))
    await front.work()
    [attempt] = await front.logged(WebhookAttempted)
    assert (attempt.outcome, len(receiver.calls)) == ("exhausted", 1)


async def test_a_removed_endpoint_is_not_called_and_may_come_back_with_a_new_key(
    calling: Front, receiver: Receiver
) -> None:
    receiver.answers = [(500, {})]
    async with await client(calling) as http:
        first = (await http.put(PATH, json={"url": receiver.url})).json()["secret"]
        await notifications.begun(calling, await notifications.available(calling))
        await calling.work()
        for _ in range(2):
            assert (await http.delete(PATH)).status_code == 204
        assert (await http.get(PATH)).status_code == 404
        second = (await http.put(PATH, json={"url": receiver.url})).json()["secret"]
        calling.clock.set(NOON + timedelta(days=1))
        await calling.work()
    assert len(receiver.calls) == 1
    assert first != second


async def test_an_administrator_sets_up_an_endpoint_for_a_school(embedded_front: Front) -> None:
    token = await embedded_front.key("council", "administrator")
    async with embedded_front.client(token) as http:
        made = await http.put(PATH, json={"url": HTTPS, "organisation": "alder"})
        assert made.status_code == 200
    async with await client(embedded_front) as http:
        assert (await http.get(PATH)).json()["url"] == HTTPS


async def test_many_changes_at_once_are_taken_or_refused_and_never_a_fault(front: Front) -> None:
    async with await client(front) as http:
        answers = await asyncio.gather(
            *(http.put(PATH, json={"url": f"{HTTPS}/{number}"}) for number in range(12))
        )
        kept = (await http.get(PATH)).json()["url"]
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 409}
    assert 200 in statuses
    assert kept.startswith(HTTPS)
