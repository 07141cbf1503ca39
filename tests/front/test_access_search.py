"""Who saw what of this person: found by keyed hashes, said by field names, and itself recorded."""

from typing import Any

import httpx
import pytest

from services.consent.streams.searches import STREAM
from tests.consent.story import incident
from tests.front.house import HOUSE_TIME, OPERATOR, Door
from tests.front.test_governing import governor

Json = dict[str, Any]
CAT = {
    "given_name": "Cat",
    "family_name": "Test",
    "date_of_birth": "2018-05-01",
    "postcode": "zz99 3cz",
    "reason": "A request under article 15",
}


async def opened(door: Door) -> str:
    """Cat's school is told of her and opens it; the receipt of the event."""
    moment = HOUSE_TIME.isoformat()
    await door.directory("PUT", "alder", json={"kind": "school", "urn": "900001"})
    sent = await door.stage.request(
        "POST",
        "/notify/v1/events",
        agency="north-police",
        json={
            "specversion": "1.0",
            "id": "n-1",
            "source": "/agencies/north-police",
            "type": "police.incident.recorded.v1",
            "time": moment,
            "datacontenttype": "application/json",
            "data": incident(occurred_at=moment, believed_at=moment),
        },
        headers={"content-type": "application/cloudevents+json"},
    )
    await door.stage.house.settle()
    inbox = await door.stage.request("GET", "/notify/v1/inbox", agency="alder")
    [one] = inbox.json()["notifications"]
    read = await door.stage.request(
        "GET",
        f"/notify/v1/inbox/{one['id']}",
        agency="alder",
        headers={"X-Daybreak-Contact": "alder-dsl"},
    )
    assert read.is_success
    return str(sent.json()["accepted"][0]["receipt"])


async def search(door: Door, **typed: str) -> httpx.Response:
    return await (await governor(door)).post("/governance/access", data=typed)


async def test_a_child_is_found_with_who_was_told_and_who_opened_it(embedded_door: Door) -> None:
    await opened(embedded_door)
    page = await search(embedded_door, **CAT)
    assert page.status_code == 200, page.text
    assert "1 notification, 1 opened" in page.text
    assert "this person" in page.text
    assert "Full name of the child" in page.text
    assert "alder-dsl" in page.text  # who opened it, as the directory calls them
    assert not {"Cat", "ZZ99", "shouting"} & set(page.text.replace(",", " ").split())


async def test_who_also_runs_the_service_reads_the_readers_name(embedded_door: Door) -> None:
    await opened(embedded_door)
    browser = await embedded_door.signed_in(OPERATOR)
    page = await browser.post("/governance/access", data=CAT)
    assert "Kit Test" in page.text


async def test_an_adult_of_the_event_is_found_though_it_is_about_somebody_else(
    embedded_door: Door,
) -> None:
    await opened(embedded_door)
    typed = {**CAT, "given_name": "Bob", "date_of_birth": "1988-01-01"}
    page = await search(embedded_door, **typed)
    assert "somebody else in an event that also names this person" in page.text


async def test_a_reference_and_a_receipt_find_the_case(embedded_door: Door) -> None:
    receipt = await opened(embedded_door)
    for asked in ("N/1", receipt):
        page = await search(embedded_door, reference=asked, reason="A complaint")
        assert "1 notification, 1 opened" in page.text
    none = await search(embedded_door, reference="N/2", reason="A complaint")
    assert "Nothing is recorded" in none.text
    gone = await search(embedded_door, reference=receipt[:-4] + "0000", reason="A complaint")
    assert (gone.status_code, "There is no such receipt" in gone.text) == (422, True)


async def test_the_search_is_recorded_with_who_and_why_and_without_the_name(
    embedded_door: Door,
) -> None:
    await opened(embedded_door)
    first = await search(embedded_door, **CAT)
    assert "Earlier searches" not in first.text
    second = await search(embedded_door, **CAT)
    assert "Earlier searches" in second.text
    assert "governor-" in second.text
    for name in ("consent", "notify"):
        store = embedded_door.stage.storage.stores[name]
        said = [recorded.event for recorded in await store.read_stream(STREAM)]
        assert len(said) == 2
        assert all(one.reason.value == CAT["reason"] for one in said)
        assert {one.by for one in said} == {one.by for one in said if one.by.startswith("governor")}
        assert not [text for text in ("Cat", "2018-05-01", "3CZ", "3cz") if text in repr(said)]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({**CAT, "reason": ""}, "Enter why you are asking"),
        ({**CAT, "postcode": ""}, "Enter a name with date of birth and postcode"),
        ({**CAT, "date_of_birth": "1.5.2018"}, "There is a problem"),
    ],
)
async def test_a_search_that_says_too_little_is_not_made(
    embedded_door: Door, typed: Json, says: str
) -> None:
    page = await search(embedded_door, **typed)
    assert (page.status_code, says in page.text) == (422, True)
    store = embedded_door.stage.storage.stores["consent"]
    assert await store.read_stream(STREAM) == []


async def test_keys_of_agencies_may_not_search(embedded_door: Door) -> None:
    whole = {"reference": "N/1", "reason": "x", "by": "north-police"}
    for service in ("consent", "notify"):
        path = f"/{service}/v1/access-search"
        answer = await embedded_door.stage.request("POST", path, agency="north-police", json=whole)
        assert answer.status_code == 403
