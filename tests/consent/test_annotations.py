"""What becomes of a person's own words on what is recorded, and of a request that it go?"""

from typing import Any

import pytest

from services.consent.streams.case import stream_of
from tests.consent.house import House
from tests.consent.story import Json, event, incident

EVENT = "/agencies/north-police|1"
ANN = {
    "given_name": "Ann",
    "family_name": "Test",
    "date_of_birth": "1990-01-01",
    "postcodes": ["ZZ99 3CZ"],
}
ZED = {**ANN, "given_name": "Zed"}
WORDS = "It was not a fight; I was pushed"
AFTER = "2027-03-14T00:00:00+00:00"


def statement(**more: Any) -> Json:
    told = {"person": ANN, "event": EVENT, "statement": WORDS, "received_on": "2026-03-01"}
    return {**told, "by": "ig-1", **more}


async def test_it_stands_beside_the_event_and_nothing_is_altered(house: House) -> None:
    await house.accept(incident())
    case = house.made()[0].case
    before = [one.hash for one in await house.store.read_stream(stream_of(case))]

    told = await house.good("POST", "/rights/annotations", json=statement())
    again = await house.good("POST", "/rights/annotations", json=statement())

    assert again == told  # the same words on the same thing
    assert [one.hash for one in await house.store.read_stream(stream_of(case))] == before
    [shown] = (await house.good("GET", f"/decisions?event={EVENT}"))["statements"]
    assert (shown["says"], shown["received_on"]) == (WORDS, "2026-03-01")
    explained = await house.good("POST", "/explain", json=event(incident(), id_="1"))
    assert [one["says"] for one in explained["statements"]] == [WORDS]


async def test_it_may_be_on_one_decision(embedded: House) -> None:
    await embedded.accept(incident())
    decision = str(embedded.made("education")[0].decision_id)
    body = statement(event=None, decision=decision)
    await embedded.good("POST", "/rights/annotations", json=body)
    [shown] = (await embedded.good("GET", f"/decisions?event={EVENT}"))["statements"]
    assert shown["decision"] == decision


async def test_it_is_sealed_and_goes_with_its_case(embedded: House) -> None:
    await embedded.accept(incident())
    await embedded.good("POST", "/rights/annotations", json=statement())
    files = [file for file in embedded.folder.iterdir() if file.is_file()]
    assert WORDS.encode() not in b"".join(file.read_bytes() for file in files)

    embedded.later(AFTER)
    await embedded.work()

    assert (await embedded.good("GET", f"/decisions?event={EVENT}"))["statements"] == []
    answer = await embedded.call("POST", "/rights/annotations", json=statement())
    assert answer.status_code == 410


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"person": ZED}, 422),
        ({"person": {"given_name": "Ann", "family_name": "Test"}}, 422),
        ({"event": "/agencies/north-police|9"}, 404),
        ({"decision": "22222222-2222-4222-8222-222222222222"}, 422),  # on both
        ({"statement": ""}, 422),
    ],
)
async def test_what_cannot_be_attached_is_refused_without_echo(
    embedded: House, changes: Json, status: int
) -> None:
    await embedded.accept(incident())
    before = await embedded.store.head()
    answer = await embedded.call("POST", "/rights/annotations", json=statement(**changes))
    assert answer.status_code == status
    assert "Ann" not in answer.text
    assert WORDS not in answer.text
    assert await embedded.store.head() == before


async def test_erasure_before_the_end_is_refused_and_the_refusal_is_kept(house: House) -> None:
    await house.accept(incident())
    body = {"person": ANN, "received_on": "2026-03-01", "by": "ig-1"}

    told = await house.good("POST", "/rights/erasure-requests", json=body)

    assert (told["outcome"], told["cases"]) == ("refused", 1)
    assert told["last_ends"] == AFTER
    assert told["because"][0]["cites"]["status"] == "to be confirmed by the area"
    [kept] = (await house.good("GET", f"/rights/erasure-requests/{told['id']}"))["requests"]
    assert (kept["outcome"], kept["by"], kept["cases"]) == ("refused", "ig-1", 1)
    assert "Ann" not in str(kept)

    house.later(AFTER)
    await house.work()
    told = await house.good("POST", "/rights/erasure-requests", json=body)
    assert told == {"outcome": "nothing-held", "cases": 0}


async def test_only_information_governance_may(embedded: House) -> None:
    token = await embedded.key("haven", "publisher", "reviewer", "recipient")
    for path in ("annotations", "erasure-requests"):
        answer = await embedded.call("POST", f"/rights/{path}", json=statement(), token=token)
        assert answer.status_code == 403
