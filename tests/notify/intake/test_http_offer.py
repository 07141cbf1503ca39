"""What is an agency told that offers one event by HTTP? On both kinds of parts."""

import asyncio
import json
from collections import Counter
from datetime import datetime
from urllib.parse import quote

from contracts.messages import EventAccepted
from services.chassis.tracing import trace_id
from services.notify.domain.intake import EventOffered
from tests.contracts.samples import example
from tests.notify.front_house import NOON, Front
from tests.notify.intake.offers import PATH, event, offer, other_content, pointers

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_an_event_is_accepted_and_published_whole_under_its_receipt(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        answer = await offer(client, event(subject="opaque", correlation="c-1"))
    assert answer.status_code == 202
    [accepted] = answer.json()["accepted"]
    assert (accepted["source"], accepted["id"]) == ("/agencies/north-police", "n-1")
    await front.bus.run_once()
    [message] = front.published
    body = EventAccepted.model_validate(message.body)
    assert str(message.id) == str(body.receipt) == accepted["receipt"]
    assert body.event == event(subject="opaque", correlation="c-1")
    assert (body.agency, body.accepted_at) == ("north-police", NOON)


async def test_the_log_keeps_a_digest_and_nothing_of_the_content(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        await offer(client, event())
    [offered] = await front.logged(EventOffered)
    assert (offered.event, offered.door, offered.offered_at) == ("n-1", "http", NOON)
    assert "R-1" not in repr(await front.log())


async def test_the_same_event_again_has_the_same_receipt_and_one_place_in_the_log(
    front: Front,
) -> None:
    async with front.client(await front.key("north-police")) as client:
        first = await offer(client, event())
        again = await offer(client, event(time="2026-02-14T09:00:00+01:00", correlation="c-2"))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    await front.bus.run_once()
    assert len({message.id for message in front.published}) == 1
    assert len(await front.logged(EventOffered)) == 1


async def test_other_content_under_a_known_id_is_a_conflict_for_ever(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        await offer(client, event())
        for changed in (other_content(), event(subject="s"), event(type="referral.made.v1")):
            answer = await offer(client, changed)
            assert answer.status_code in (409, 422), answer.text
        answer = await offer(client, other_content())
    assert answer.status_code == 409
    assert pointers(answer) == ["/id"]
    await front.bus.run_once()
    assert len(front.published) == 1


async def test_of_many_equal_posts_at_once_one_is_new_and_all_have_its_receipt(
    front: Front,
) -> None:
    async with front.client(await front.key("north-police")) as client:
        answers = await asyncio.gather(*(offer(client, event()) for _ in range(25)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert len(await front.logged(EventOffered)) == 1
    await front.bus.run_once()
    assert len({message.id for message in front.published}) == 1


async def test_of_many_different_posts_at_once_under_one_id_one_is_accepted(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        answers = await asyncio.gather(
            *(offer(client, event(subject=f"s-{number}")) for number in range(15))
        )
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: 14}
    await front.bus.run_once()
    assert len(front.published) == 1


async def test_the_trace_of_the_request_goes_on_with_the_message(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        client.headers["traceparent"] = TRACE
        answer = await offer(client, event())
    await front.bus.run_once()
    [message] = front.published
    assert trace_id(message.traceparent) == trace_id(TRACE)
    assert trace_id(answer.headers["traceparent"]) == trace_id(TRACE)
    [recorded] = await front.log()
    assert recorded.context.traceparent == message.traceparent


async def test_an_event_in_binary_mode_is_the_same_event(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        structured = await offer(client, event())
        binary = await client.post(
            PATH,
            json=event()["data"],
            headers={
                "content-type": "application/json; charset=utf-8",
                "ce-specversion": "1.0",
                "ce-id": "n-1",
                "ce-source": "/agencies/north-police",
                "ce-type": "referral.answered.v1",
                "ce-time": "2026-02-13T11:59:00Z",
            },
        )
    assert binary.status_code == 202, binary.text
    assert binary.json() == structured.json()


async def test_content_is_the_same_however_its_letters_are_written(embedded_front: Front) -> None:
    """Raw UTF-8 or escapes, this order of keys or another, with spaces or without."""
    whole = event(subject="Zoë – 😀")
    turned = dict(reversed(list(whole.items()))) | {
        "data": dict(reversed(list(whole["data"].items())))
    }
    forms = [
        json.dumps(whole, ensure_ascii=False),
        json.dumps(whole, ensure_ascii=True),
        json.dumps(turned, ensure_ascii=False, indent=4),
    ]
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        answers = [await offer(client, form.encode()) for form in forms]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({answer.text for answer in answers}) == 1
    await embedded_front.bus.run_once()
    assert embedded_front.published[0].body["event"]["subject"] == "Zoë – 😀"


async def test_a_percent_encoded_header_is_the_text_that_it_stands_for(
    embedded_front: Front,
) -> None:
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        await offer(client, event(subject="Zoë – 😀"))
        answer = await client.post(
            PATH,
            json=event()["data"],
            headers={
                "content-type": "application/json",
                "ce-specversion": "1.0",
                "ce-id": "n-1",
                "ce-source": "/agencies/north-police",
                "ce-type": "referral.answered.v1",
                "ce-time": "2026-02-13T11:59:00Z",
                "ce-subject": quote("Zoë – 😀"),
            },
        )
    assert answer.status_code == 202, answer.text


async def test_an_incident_whole_goes_through_unaltered(front: Front) -> None:
    whole = example("police.incident.recorded.v1")
    agency = whole["source"].removeprefix("/agencies/")
    front.clock.set(datetime.fromisoformat(whole["time"]))  # what is still to come is refused
    async with front.client(await front.key(agency)) as client:
        answer = await offer(client, whole)
    assert answer.status_code == 202, answer.text
    await front.bus.run_once()
    assert front.published[0].body["event"] == whole
