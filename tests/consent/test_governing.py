"""Do the searches of who governs find the same on both databases, and refuse too little?"""

from tests.consent.house import House
from tests.consent.story import incident

CAT = {
    "given_name": "Cat",
    "family_name": "Test",
    "date_of_birth": "2018-05-01",
    "postcodes": ["ZZ99 3CZ"],
}
WHO = {"reason": "A request", "by": "lead"}


async def test_a_person_is_found_in_every_case_that_names_them(house: House) -> None:
    await house.accept(incident())
    await house.accept(incident(reference="N/2"), id_="2")
    found = await house.good("POST", "/access-search", json={"person": CAT, **WHO})
    assert len(found["cases"]) == 2
    assert len(found["decisions"]) == len(house.made())
    mine = {(one["audience"], one["about_them"]) for one in found["decisions"]}
    assert {("education", True), ("marac", False)} <= mine
    again = await house.good("POST", "/access-search", json={"reference": "N/2", **WHO})
    assert len(again["cases"]) == 1
    assert [one["by"] for one in again["earlier_searches"]] == ["lead"]
    one = {"event": "/agencies/north-police|1", **WHO}
    assert len((await house.good("POST", "/access-search", json=one))["cases"]) == 1


async def test_a_search_is_for_one_thing_and_has_a_reason(embedded: House) -> None:
    for wrong in ({}, {"reference": "N/1", "person": CAT}, {"reference": "N/1", "reason": ""}):
        answer = await embedded.call("POST", "/access-search", json={**WHO, **wrong})
        assert answer.status_code == 422
    nameless = {"person": {"given_name": "Cat", "family_name": "Test"}, **WHO}
    assert (await embedded.call("POST", "/access-search", json=nameless)).status_code == 422


async def test_refusals_are_counted_by_rule_and_agreement(house: House) -> None:
    await house.accept(incident())
    days = {"since": "2026-02-13", "until": "2026-02-13"}
    found = await house.good("GET", "/refusals", params=days)
    withheld = [one for one in house.made() if one.outcome.value == "withheld"]
    assert found["total"] == len(withheld)
    assert found["decisions"] == []
    rules = {(one["agreement"], one["rule"]) for one in found["counts"]}
    assert ("education-home", "child-is-home-educated") in rules
    single = {**days, "rule": "child-is-home-educated"}
    [one] = (await house.good("GET", "/refusals", params=single))["decisions"]
    assert one["audience"] == "home-education-officer"
