"""What becomes of each event of a batch, whatever the others are?"""

from tests.notify.front_house import Front
from tests.notify.intake.offers import event, offer, offer_batch, other_content


async def test_the_good_ones_are_accepted_and_each_bad_one_has_its_problem(front: Front) -> None:
    batch = [
        event("a"),
        event("b", agency="south-police"),
        event("c", type="weather.changed.v1"),
        "no event",
        event("d", data={}),
        event("e"),
    ]
    async with front.client(await front.key("north-police")) as client:
        answer = await offer_batch(client, batch)
    assert answer.status_code == 200
    body = answer.json()
    assert [one["id"] for one in body["accepted"]] == ["a", "e"]
    statuses = {one["index"]: one["problem"]["status"] for one in body["rejected"]}
    assert statuses == {1: 403, 2: 422, 3: 422, 4: 422}
    [foreign] = [one for one in body["rejected"] if one["index"] == 1]
    assert (foreign["source"], foreign["id"]) == ("/agencies/south-police", "b")
    await front.bus.run_once()
    assert {message.body["event"]["id"] for message in front.published} == {"a", "e"}


async def test_the_same_id_twice_in_one_batch_is_one_event_and_the_first_content_holds(
    front: Front,
) -> None:
    batch = [event("a"), other_content("a"), event("a"), event("b")]
    async with front.client(await front.key("north-police")) as client:
        answer = (await offer_batch(client, batch)).json()
    assert [one["id"] for one in answer["accepted"]] == ["a", "a", "b"]
    assert answer["accepted"][0] == answer["accepted"][1]
    assert [(one["index"], one["problem"]["status"]) for one in answer["rejected"]] == [(1, 409)]
    await front.bus.run_once()
    contents = [message.body["event"]["data"]["reference"] for message in front.published]
    assert contents == ["R-1", "R-1"]


async def test_what_was_offered_alone_is_known_in_a_batch(front: Front) -> None:
    async with front.client(await front.key("north-police")) as client:
        [alone] = (await offer(client, event("a"))).json()["accepted"]
        answer = (await offer_batch(client, [other_content("a"), event("a")])).json()
    assert answer["accepted"] == [alone]
    assert [(one["index"], one["problem"]["status"]) for one in answer["rejected"]] == [(0, 409)]


async def test_a_thousand_events_go_in_one_publish(front: Front) -> None:
    batch = [event(f"n-{number}") for number in range(1000)]
    async with front.client(await front.key("north-police")) as client:
        answer = await offer_batch(client, batch)
    assert answer.status_code == 200
    assert len(answer.json()["accepted"]) == 1000
    assert front.bus.publishes == 1
    await front.bus.run_once()
    assert len({message.id for message in front.published}) == 1000


async def test_a_batch_may_be_larger_than_one_event_but_no_item_may(embedded_front: Front) -> None:
    data = {**event()["data"]}
    large = event("large", data={**data, "decision": "x" * 300_000})
    batch = [event(f"n-{number}", subject="s" * 200) for number in range(900)]
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        answer = await offer_batch(client, [*batch, large])
    assert answer.status_code == 200, answer.text[:200]
    body = answer.json()
    assert len(body["accepted"]) == 900
    assert [(one["index"], one["problem"]["status"]) for one in body["rejected"]] == [(900, 413)]


async def test_a_batch_beyond_eight_mebibytes_is_413(embedded_front: Front) -> None:
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        answer = await offer_batch(client, b"[" + b" " * (8 * 1024 * 1024) + b"]")
    assert answer.status_code == 413


async def test_an_empty_batch_is_accepted_and_is_nothing(embedded_front: Front) -> None:
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        answer = await offer_batch(client, [])
    assert answer.json() == {"accepted": [], "rejected": []}
    assert embedded_front.bus.publishes == 0


async def test_a_batch_that_is_no_list_is_400(embedded_front: Front) -> None:
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        assert (await offer_batch(client, event())).status_code == 400
