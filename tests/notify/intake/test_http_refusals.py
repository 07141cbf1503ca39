"""What is refused at the door, with which status and pointer, and that it leaves nothing behind?"""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from contracts.envelope import MAX_BODY
from tests.notify.front_house import Front
from tests.notify.intake.offers import BATCH, PATH, STRUCTURED, event, offer, pointers

NOT_JSON = {
    "nothing": b"",
    "half an object": b'{"specversion": "1.0"',
    "trailing garbage": json.dumps(event()).encode() + b"}",
    "two values": json.dumps(event()).encode() * 2,
    "a key twice": b'{"id": "a", "id": "b"}',
    "a key twice deep inside": b'{"data": {"x": {"y": 1, "y": 2}}}',
    "not a number": b'{"data": NaN}',
    "beyond any number": b'{"data": 1e999}',
    "half a surrogate": b'{"id": "\\ud800"}',
    "not UTF-8": b'{"id": "\xff"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "nested without end": b"[" * 100_000,
    "a list": b"[1]",
    "a word": b'"event"',
}

WRONG = {
    "an unknown attribute": (event(colour="blue"), 422, "/colour"),
    "no id": (event(id=None), 422, "/id"),  # type: ignore[arg-type]
    "an empty id": (event(id=""), 422, "/id"),
    "a control character in the id": (event(id="a\x00b"), 422, "/id"),
    "an id of another kind": (event(id=7), 422, "/id"),  # type: ignore[arg-type]
    "another version": (event(specversion="0.3"), 422, "/specversion"),
    "no time": (event(time=None), 422, "/time"),
    "a time without an offset": (event(time="2026-02-13T11:59:00"), 422, "/time"),
    "an impossible day": (event(time="2026-02-30T11:59:00Z"), 422, "/time"),
    "a source that is no agency": (event(source="elsewhere"), 422, "/source"),
    "another media type inside": (event(datacontenttype="text/xml"), 422, "/datacontenttype"),
    "an unknown type": (event(type="weather.changed.v1"), 422, "/type"),
    "no data": (event(data=None), 422, "/data"),
    "data that is no object": (event(data=[1]), 422, "/data"),
    "an unknown field": (
        event(data={**event()["data"], "colour": "blue"}),
        422,
        "/data/colour",
    ),
    "a missing field": (
        event(data={"reference": "R-1", "decision": "accepted"}),
        422,
        "/data/decided_at",
    ),
}


@pytest.fixture
async def left_behind(embedded_front: Front) -> AsyncIterator[Front]:
    """After a refusal there is nothing: no entry in the log, no message."""
    yield embedded_front
    await embedded_front.bus.run_once()
    assert await embedded_front.log() == []
    assert embedded_front.published == []


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=list(NOT_JSON))
async def test_what_is_not_json_is_400(left_behind: Front, body: bytes) -> None:
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answer = await offer(client, body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("sent", "status", "pointer"), WRONG.values(), ids=list(WRONG))
async def test_what_is_wrong_is_named_by_its_pointer(
    left_behind: Front, sent: dict[str, Any], status: int, pointer: str
) -> None:
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answer = await offer(client, sent)
    assert (answer.status_code, pointer in pointers(answer)) == (status, True), answer.text


async def test_no_refusal_repeats_what_was_sent(left_behind: Front) -> None:
    secret = "Cat Test of ZZ99 3CZ"
    bodies = [
        event(data={"reference": "R-1", "decision": secret, "decided_at": secret}),
        event(type=secret),
        event(time=secret),
        event(source=secret),
        json.dumps(event(subject=secret)).encode()[:-1],
    ]
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answers = [await offer(client, body) for body in bodies]
    assert [answer.status_code // 100 for answer in answers] == [4] * len(bodies)
    assert not [answer.text for answer in answers if "Cat" in answer.text]


async def test_a_source_that_the_key_does_not_own_is_403(left_behind: Front) -> None:
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answer = await offer(client, event(agency="south-police"))
    assert (answer.status_code, pointers(answer)) == (403, ["/source"])


@pytest.mark.parametrize("token", [None, "", "nonsense", "db_0123456789abcdef_wrong"])
async def test_a_wrong_key_is_401_before_anything_else(
    left_behind: Front, token: str | None
) -> None:
    async with left_behind.client(token) as client:
        answer = await offer(client, b"{" * (MAX_BODY + 1))
    assert answer.status_code == 401


async def test_a_revoked_key_is_401(left_behind: Front) -> None:
    token = await left_behind.key("north-police", "publisher", revoked=True)
    async with left_behind.client(token) as client:
        assert (await offer(client, event())).status_code == 401


async def test_a_key_without_the_role_is_403(left_behind: Front) -> None:
    async with left_behind.client(await left_behind.key("alder", "recipient")) as client:
        assert (await offer(client, event(agency="alder"))).status_code == 403


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/xml", "application/cloudevents+xml", "nonsense"]
)
async def test_another_media_type_is_415(left_behind: Front, content_type: str) -> None:
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answer = await offer(client, event(), content_type)
    assert answer.status_code == 415


async def test_a_whole_event_as_plain_json_is_told_how_it_is_sent(left_behind: Front) -> None:
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answer = await offer(client, event(), "application/json")
    assert answer.status_code == 400
    assert STRUCTURED in answer.json()["title"]


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "streamed"])
async def test_a_body_over_256_kib_is_413_before_it_is_read_as_json(
    left_behind: Front, declared: bool
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY // 1024 + 1):
            yield b"x" * 1024

    body: Any = b"x" * (MAX_BODY + 1) if declared else chunks()
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answer = await client.post(PATH, content=body, headers={"content-type": STRUCTURED})
    assert answer.status_code == 413


async def test_a_body_of_exactly_256_kib_is_read(embedded_front: Front) -> None:
    raw = json.dumps(event()).encode()
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        answer = await offer(client, raw + b" " * (MAX_BODY - len(raw)))
    assert answer.status_code == 202


async def test_a_batch_over_a_thousand_is_413(left_behind: Front) -> None:
    batch = [event(f"n-{number}") for number in range(1001)]
    async with left_behind.client(await left_behind.key("north-police")) as client:
        answer = await offer(client, batch, BATCH)
    assert answer.status_code == 413
