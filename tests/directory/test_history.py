"""Who was the key adult on 3 March? By the day of serving, and by what was known when."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts.contacts import Contact
from services.directory.domain.tenures import Said, on, tenures
from tests.directory.house import House
from tests.directory.test_editing import ADA, BASE, area, session

LEAD = "designated-safeguarding-lead"


def said(day: int, name: str, role: str = LEAD, id_: str = "dsl", **more: Any) -> Said:
    one = Contact(id=id_, role=role, given_name=name, family_name="Test")
    at = datetime(2026, 3, day, 12, tzinfo=UTC)
    return Said(id=id_, at=at, role=role, contact=one, **more)


def gone(day: int, id_: str = "dsl") -> Said:
    return Said(id=id_, at=datetime(2026, 3, day, 12, tzinfo=UTC), removed=True)


@pytest.mark.parametrize(
    ("told", "day", "names"),
    [
        ([said(1, "Ada")], 1, ["Ada"]),
        ([said(2, "Ada")], 1, []),
        ([said(1, "Ada"), said(4, "Ben")], 3, ["Ada"]),
        ([said(1, "Ada"), said(4, "Ben")], 4, ["Ada", "Ben"]),
        ([said(1, "Ada"), said(4, "Ben")], 5, ["Ben"]),
        ([said(1, "Ada"), gone(3)], 3, ["Ada"]),
        ([said(1, "Ada"), gone(3)], 4, []),
        ([said(1, "Ada", until=date(2026, 3, 3))], 3, ["Ada"]),
        ([said(1, "Ada", until=date(2026, 3, 3))], 4, []),
        ([said(9, "Ada", since=date(2026, 3, 3))], 3, ["Ada"]),  # said late, of an earlier day
        ([said(1, "Ada", since=date(2026, 3, 5))], 3, []),
        ([said(1, "Ada"), said(9, "Ben", since=date(2026, 3, 3))], 3, ["Ben"]),
        ([said(1, "Ada"), said(9, "Ben", since=date(2026, 3, 3))], 2, ["Ada"]),
        ([said(2, "Ada"), gone(3), said(5, "Ada")], 4, []),
        ([said(1, "Ada", until=date(2026, 2, 1))], 3, []),
    ],
)
def test_who_served_on_some_part_of_a_day(told: list[Said], day: int, names: list[str]) -> None:
    there = on(date(2026, 3, day), told)
    assert [one.contact and one.contact.given_name for one in there] == names


def test_a_new_role_counts_from_when_it_was_said_whatever_first_day_was_said_before() -> None:
    first = date(2026, 3, 1)
    told = [said(1, "Ada", "deputy", since=first), said(6, "Ada", LEAD, since=first)]
    assert [one.role for one in on(date(2026, 3, 3), told)] == ["deputy"]
    assert [one.role for one in on(date(2026, 3, 7), told)] == [LEAD]


def test_a_new_telephone_number_begins_no_new_tenure() -> None:
    (one,) = tenures([said(1, "Ada"), said(4, "Ada"), said(6, "Ada")])
    assert one.begins == datetime(2026, 3, 1, 12, tzinfo=UTC)


async def past(house: House, query: str, **more: Any) -> list[Any]:
    found = (await house.good("GET", f"{BASE}/contacts?{query}", **more))["contacts"]
    return [one.get("given_name") for one in found]


async def test_the_key_adult_of_a_day_as_known_now_and_as_known_then(house: House) -> None:
    await area(house)
    house.clock.set(datetime(2026, 3, 10, 9, tzinfo=UTC))
    ben = {**ADA, "given_name": "Ben", "since": "2026-03-03"}
    await house.good("PUT", f"{BASE}/contacts/ada", json=ben, token=session(house, "alder", "ada"))
    assert await past(house, "on=2026-03-02") == ["Ada"]
    assert await past(house, "on=2026-03-03") == ["Ben"]
    assert await past(house, "on=2026-03-03&known_at=2026-03-09T12:00:00Z") == ["Ada"]
    assert await past(house, "on=2026-02-12") == []
    north, south = await house.key("north-la"), await house.key("south-la")
    assert await past(house, "on=2026-03-03", token=north) == ["Ben"]
    for path in ("contacts?on=2026-03-03", "history"):
        assert (await house.call("GET", f"{BASE}/{path}", token=south)).status_code == 403
    assert (await house.call("GET", f"{BASE}/contacts?on=tomorrow")).status_code == 422
    answer = await house.call("GET", f"{BASE}/contacts?known_at=2026-03-09T12:00:00Z")
    assert answer.status_code == 422
    assert (await house.call("GET", "/organisations/x/contacts?on=2026-03-03")).status_code == 404


async def test_history_says_what_changed_who_changed_it_and_when(house: House) -> None:
    await area(house)
    token = session(house, "alder", "ada")
    new = {**ADA, "phone": "01632 960004"}
    await house.good("PUT", f"{BASE}/contacts/ada", json=new, token=token)
    await house.good("POST", f"{BASE}/contacts/confirm", json={}, token=await house.key("alder"))
    await house.good("DELETE", f"{BASE}/contacts/ada", token=await house.key("north-la"))
    found = await house.good("GET", f"{BASE}/history")
    told = [(one["what"], one["agency"], one["person"]) for one in found["changes"]]
    assert told == [
        ("facts-set", "service", None),
        ("contact-added", "service", None),
        ("contact-changed", "alder", "ada"),
        ("contacts-confirmed", "alder", None),
        ("contact-removed", "north-la", None),
    ]
    assert found["changes"][2]["fields"] == ["phone"]
    assert found["changes"][4]["contact"]["given_name"] == "Ada"
    assert "01632" not in str(found)
    page = await house.good("GET", f"{BASE}/history?limit=2")
    assert page["next"] == 2
    rest = await house.good("GET", f"{BASE}/history?after=2")
    assert [one["version"] for one in rest["changes"]] == [3, 4, 5]
    assert rest["next"] is None


async def test_of_a_destroyed_person_it_shows_that_somebody_was_there_and_not_who(
    house: House,
) -> None:
    await area(house)
    assert await house.store.destroy_key("contact-alder-ada")
    answer = await house.call("GET", f"{BASE}/contacts?on=2026-02-13")
    (one,) = answer.json()["contacts"]
    assert (one["erased"], one["role"], one["from"]) == (True, LEAD, "2026-02-13T12:00:00+00:00")
    history = await house.call("GET", f"{BASE}/history")
    assert history.json()["changes"][1]["contact"] == {"erased": True, "role": LEAD}
    for text in (answer.text, history.text):
        assert "Ada" not in text
        assert '"ada"' not in text


async def test_an_id_does_not_pass_to_somebody_of_the_future(house: House) -> None:
    await area(house)
    body = {**ADA, "given_name": "Ben", "since": "2026-04-01"}
    answer = await house.call("PUT", f"{BASE}/contacts/ada", json=body)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/since"]
    await house.good("PUT", f"{BASE}/contacts/ben", json={**body, "id": "ben"})
    assert await past(house, "on=2026-03-31") == ["Ada"]
    assert sorted(await past(house, "on=2026-04-01")) == ["Ada", "Ben"]
