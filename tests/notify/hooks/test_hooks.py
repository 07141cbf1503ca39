"""What becomes of a provider's own webhook? Signed as the specification says, on both parts."""

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import standardwebhooks

import contracts.mapping
from services.chassis.standard_webhooks import new_key_pair, new_secret, sign
from services.notify.domain.intake import EventOffered
from services.notify.domain.task import How, TaskClosed
from services.notify.streams.hooks import (
    HookDefined,
    MappingFailed,
    MappingResolved,
    UnmappedRead,
)
from tests.notify.front_house import NOON, Front

EXAMPLES = Path(contracts.mapping.__file__).parent / "mappings" / "examples"
MAPPING = "brook-case"
PATH = "/notify/v1/hooks/brook"


def payload(name: str = "episode-discharged") -> bytes:
    return (EXAMPLES / f"{MAPPING}.{name}.json").read_bytes()


async def define(front: Front, **changes: Any) -> list[str]:
    body = {"organisation": "brook", "mapping": MAPPING, **changes}
    async with front.client(await front.key("council", "administrator")) as client:
        answer = await client.put(PATH, json=body)
    assert answer.status_code == 200, answer.text
    secrets: list[str] = answer.json().get("secrets", [])
    return secrets


async def deliver(
    front: Front,
    body: bytes,
    secrets: list[str],
    *,
    delivery: str = "d-1",
    at: datetime = NOON,
    path: str = PATH,
) -> httpx.Response:
    async with front.client() as client:
        return await client.post(path, content=body, headers=sign(delivery, at, body, secrets))


async def test_a_signed_payload_becomes_an_event_of_its_organisation(front: Front) -> None:
    secrets = await define(front)
    answer = await deliver(front, payload(), secrets)
    assert answer.status_code == 202, answer.text
    await front.bus.run_once()
    [message] = front.published
    event = message.body["event"]
    assert (event["source"], event["type"]) == ("/agencies/brook", "treatment.episode.ended.v1")
    assert str(message.id) == answer.json()["accepted"][0]["receipt"]
    [offered] = await front.logged(EventOffered)
    assert (offered.door, offered.agency) == ("hook", "brook")


async def test_the_same_delivery_again_is_the_same_event(front: Front) -> None:
    secrets = await define(front)
    first = await deliver(front, payload(), secrets)
    again = await deliver(front, payload(), secrets, at=NOON + timedelta(seconds=30))
    assert (again.status_code, again.json()) == (202, first.json())
    assert len(await front.logged(EventOffered)) == 1


async def test_another_implementation_of_the_specification_is_understood(
    embedded_front: Front,
) -> None:
    [secret] = await define(embedded_front)
    body = payload().decode()
    signature = standardwebhooks.Webhook(secret).sign("d-1", NOON, body)
    headers = {
        "webhook-id": "d-1",
        "webhook-timestamp": str(int(NOON.timestamp())),
        "webhook-signature": signature,
    }
    async with embedded_front.client() as client:
        answer = await client.post(PATH, content=body.encode(), headers=headers)
    assert answer.status_code == 202, answer.text


async def test_during_a_rotation_both_secrets_and_a_public_key_are_good(
    embedded_front: Front,
) -> None:
    old, new = new_secret(), new_secret()
    private, public = new_key_pair()
    await define(embedded_front, secrets=[new, old, public])
    for number, signers in enumerate([[old], [new], [private], [new_secret(), old]]):
        answer = await deliver(embedded_front, payload(), signers, delivery=f"d-{number}")
        assert answer.status_code == 202, answer.text
    await define(embedded_front, secrets=[new])
    assert (await deliver(embedded_front, payload(), [old])).status_code == 401


FORGED: dict[str, dict[str, Any]] = {
    "another secret": {"secrets": [new_secret()]},
    "too old": {"at": NOON - timedelta(minutes=5, seconds=1)},
    "from the future": {"at": NOON + timedelta(minutes=5, seconds=1)},
    "another hook": {"path": "/notify/v1/hooks/nobody"},
}


@pytest.mark.parametrize("how", FORGED.values(), ids=list(FORGED))
async def test_a_bad_or_stale_signature_is_401_and_leaves_nothing(
    front: Front, how: dict[str, Any]
) -> None:
    secrets = await define(front)
    answer = await deliver(front, payload(), **{"secrets": secrets, **how})
    assert answer.status_code == 401
    assert [type(r.event) for r in await front.log()] == [HookDefined]


async def test_five_minutes_are_still_fresh(embedded_front: Front) -> None:
    secrets = await define(embedded_front)
    at = NOON - timedelta(minutes=5)
    assert (await deliver(embedded_front, payload(), secrets, at=at)).status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "d-1", "webhook-timestamp": "0", "webhook-signature": "v1,"},
        {"webhook-id": "d-1", "webhook-timestamp": "noon", "webhook-signature": "v1,x"},
        {"webhook-id": "d-1", "webhook-timestamp": "1770984000", "webhook-signature": "nonsense"},
    ],
)
async def test_missing_or_malformed_headers_are_401(
    embedded_front: Front, headers: dict[str, str]
) -> None:
    await define(embedded_front)
    async with embedded_front.client() as client:
        assert (await client.post(PATH, content=payload(), headers=headers)).status_code == 401


async def test_the_signature_is_over_the_bytes_and_not_over_what_they_mean(
    embedded_front: Front,
) -> None:
    secrets = await define(embedded_front)
    headers = sign("d-1", NOON, payload(), secrets)
    other_bytes = json.dumps(json.loads(payload())).encode()
    async with embedded_front.client() as client:
        answer = await client.post(PATH, content=other_bytes, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": 1, "a": 2}', b"\xff"])
async def test_what_is_signed_and_no_json_is_400(embedded_front: Front, body: bytes) -> None:
    secrets = await define(embedded_front)
    assert (await deliver(embedded_front, body, secrets)).status_code == 400


async def test_what_cannot_be_mapped_is_kept_for_a_person_once(front: Front) -> None:
    secrets = await define(front)
    body = payload().replace(b'"dischargeReason": 86', b'"dischargeReason": 12')
    for _ in range(2):
        answer = await deliver(front, body, secrets)
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["pointer"] == "/episode/dischargeReason"
        assert "Test" not in answer.text
    [failed] = await front.logged(MappingFailed)
    assert (failed.organisation, failed.door, failed.hook) == ("brook", "hook", "brook")
    assert failed.payload.value == body.decode()
    assert "Test" not in repr(await front.store.rows(0, 10))
    assert await front.logged(EventOffered) == []


async def test_what_maps_to_no_sound_event_is_kept_as_well(embedded_front: Front) -> None:
    secrets = await define(embedded_front)
    body = payload().replace(b"2026-03-02T10:15:00+00:00", b"yesterday")
    answer = await deliver(embedded_front, body, secrets)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/time"]
    assert len(await embedded_front.logged(MappingFailed)) == 1


async def test_without_a_mapping_every_delivery_waits_for_a_person_and_is_freed_by_one(
    front: Front,
) -> None:
    secrets = await define(front, mapping=None)
    assert (await deliver(front, payload(), secrets)).status_code == 422
    [failed] = await front.logged(MappingFailed)
    await define(front)  # the secrets stay
    assert (await deliver(front, payload(), secrets)).status_code == 202
    assert (await deliver(front, payload(), secrets)).status_code == 202
    [resolved] = await front.logged(MappingResolved)
    assert resolved.task == failed.task
    [failed] = await front.logged(MappingFailed)
    assert failed.payload.value is None  # it is in the event now, and no longer here


async def test_a_payload_with_a_known_id_and_other_content_is_409(embedded_front: Front) -> None:
    secrets = await define(embedded_front)
    await deliver(embedded_front, payload(), secrets)
    changed = payload().replace(b'"dischargeReason": 86', b'"dischargeReason": 80')
    answer = await deliver(embedded_front, changed, secrets, delivery="d-2")
    assert answer.status_code == 409
    assert await embedded_front.logged(MappingFailed) == []


async def test_the_bus_away_is_503_and_nobodys_task(front: Front) -> None:
    secrets = await define(front)
    front.bus.fails = "before"
    assert (await deliver(front, payload(), secrets)).status_code == 503
    front.bus.fails = None
    assert (await deliver(front, payload(), secrets)).status_code == 202
    assert await front.logged(MappingFailed) == []


async def test_a_body_that_is_too_large_is_413(embedded_front: Front) -> None:
    secrets = await define(embedded_front)
    assert (await deliver(embedded_front, b" " * 300_000, secrets)).status_code == 413


async def test_a_secret_is_shown_once_and_is_sealed_in_the_log(front: Front) -> None:
    [secret] = await define(front)
    assert await define(front) == []
    async with front.client(await front.key("council", "administrator")) as client:
        shown = await client.get(PATH)
    assert shown.json() == {"id": "brook", "organisation": "brook", "mapping": MAPPING}
    raw = repr(await front.store.rows(0, 10))
    assert secret not in raw
    assert base64.b64encode(secret.encode()).decode() not in raw


@pytest.mark.parametrize(
    "body",
    [
        {"mapping": MAPPING},
        {"organisation": "brook", "mapping": "no-such-mapping"},
        {"organisation": "brook", "secrets": ["whsec_short"]},
        {"organisation": "brook", "secrets": ["whsec_!!"]},
        {"organisation": "brook", "secrets": [new_secret() for _ in range(4)]},
        {"organisation": "brook", "secrets": [new_key_pair()[0]]},
        {"organisation": "brook", "more": 1},
    ],
)
async def test_a_definition_that_cannot_work_is_refused(embedded_front: Front, body: Any) -> None:
    async with embedded_front.client(
        await embedded_front.key("council", "administrator")
    ) as client:
        answer = await client.put(PATH, json=body)
    assert answer.status_code == 422
    assert "whs" not in answer.text
    assert await embedded_front.log() == []


async def test_only_an_administrator_defines_hooks(embedded_front: Front) -> None:
    for role in ("publisher", "recipient"):
        async with embedded_front.client(await embedded_front.key("brook", role)) as client:
            assert (await client.put(PATH, json={"organisation": "brook"})).status_code == 403
            assert (await client.get(PATH)).status_code == 403


async def test_its_owner_reads_what_could_not_be_read_and_the_reading_is_kept(
    front: Front,
) -> None:
    secrets = await define(front, mapping=None)
    await deliver(front, payload(), secrets)
    [failed] = await front.logged(MappingFailed)
    where = f"/notify/v1/unmapped/{failed.task}"
    async with front.client(await front.key("south-police")) as client:
        assert (await client.get(where)).status_code == 404
        assert (await client.post(f"{where}/retry")).status_code == 404
    async with front.client(await front.key("brook")) as client:
        read = (await client.get(where)).json()
    assert read["payload"] == payload().decode()
    [reading] = await front.logged(UnmappedRead)
    assert (reading.by, reading.task) == ("brook", failed.task)


async def test_a_mended_mapping_is_tried_again_and_then_the_payload_is_gone(front: Front) -> None:
    secrets = await define(front, mapping=None)
    await deliver(front, payload(), secrets)
    [failed] = await front.logged(MappingFailed)
    where = f"/notify/v1/unmapped/{failed.task}"
    async with front.client(await front.key("brook")) as client:
        assert (await client.post(f"{where}/retry")).status_code == 422
        await define(front)
        retried = await client.post(f"{where}/retry")
        assert retried.status_code == 200, retried.text
        assert (await client.get(where)).status_code == 410
    await front.bus.run_once()
    assert [str(message.id) for message in front.published] == [retried.json()["receipt"]]
    assert [one.task for one in await front.logged(MappingResolved)] == [failed.task]


async def test_when_the_task_is_done_the_payload_is_gone(front: Front) -> None:
    secrets = await define(front, mapping=None)
    await deliver(front, payload(), secrets)
    [failed] = await front.logged(MappingFailed)
    await front.record(
        f"task-{failed.task}",
        TaskClosed(task=failed.task, how=How.DONE, by="brook-desk", at=NOON),
    )
    await front.work()
    [failed] = await front.logged(MappingFailed)
    assert failed.payload.value is None
