"""What have areas settled, what has been agreed, and what would happen?"""

from datetime import timedelta

import httpx
import pytest

from contracts.messages import OrganisationState, Outcome
from services.consent.explaining import pace
from tests.consent.house import House
from tests.consent.story import (
    AGREEMENTS,
    NORTH,
    ORGANISATIONS,
    Json,
    event,
    incident,
)


async def test_an_areas_policy_is_followed_from_then_on(house: House) -> None:
    policy = {"agreement": "operation-encompass", "local_authority": NORTH, "profile": "minimal"}
    await house.good("PUT", "/policies", json={"policies": [policy]})
    await house.accept(incident())

    assert house.made("education")[0].profile == "minimal"
    assert "child.words" not in house.made("education")[0].shows

    await house.good("PUT", "/policies", json={"policies": []})
    await house.accept(incident(reference="N/2"), id_="2")
    assert house.made("education")[1].profile == "full"


async def test_an_area_sets_the_threshold_of_its_conference_once(embedded: House) -> None:
    policy = {"local_authority": NORTH, "marac_threshold": 10}
    told = event(incident(dash={"score": 10}))
    for policies, expected in (([policy], "disclosed"), ([], "withheld")):
        await embedded.good("PUT", "/policies", json={"policies": policies})
        found = (await embedded.good("POST", "/explain", json=told))["decisions"]
        assert [one["outcome"] for one in found if one["audience"] == "marac"] == [expected]


@pytest.mark.parametrize(
    "more", [{}, {"open": True}, {"profile": "full"}, {"marac_threshold": 9, "age_from": 4}]
)
async def test_only_the_threshold_is_set_without_saying_for_which_agreement(
    embedded: House, more: Json
) -> None:
    policy = {"local_authority": NORTH, **more}
    answer = await embedded.call("PUT", "/policies", json={"policies": [policy]})

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/policies/0/agreement"]


async def test_a_policy_that_cannot_be_applied_is_refused_with_its_place(embedded: House) -> None:
    for wrong, pointer in (
        ({"agreement": "no-such", "local_authority": NORTH}, "/policies/0/agreement"),
        (
            {"agreement": "operation-encompass", "police_area": "E23000099", "profile": "all"},
            "/policies/0/profile",
        ),
        ({"agreement": "operation-encompass"}, "/policies/0"),
        ({"agreement": "operation-encompass", "local_authority": NORTH, "x": 1}, "/policies/0/x"),
        (
            {"agreement": "operation-encompass", "local_authority": NORTH, "open": True},
            "/policies/0/open",
        ),
        (
            {"agreement": "encompass-plus", "local_authority": NORTH, "alert_types": ["weather"]},
            "/policies/0/alert_types/0",
        ),
    ):
        answer = await embedded.call("PUT", "/policies", json={"policies": [wrong]})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_an_area_opens_what_is_its_own_choice_and_closes_it_again(house: House) -> None:
    threats = incident(category="other", circumstances={"kinds": ["threats"]})
    policy = {"agreement": "encompass-plus", "local_authority": NORTH}
    for number, (types, outcomes) in enumerate(
        [
            ([], [Outcome.WITHHELD]),
            (["threats"], [Outcome.WITHHELD, Outcome.DISCLOSED]),
            (["damage"], [Outcome.WITHHELD, Outcome.DISCLOSED, Outcome.WITHHELD]),
        ]
    ):
        policies = [{**policy, "alert_types": types}]
        await house.good("PUT", "/policies", json={"policies": policies})
        await house.accept({**threats, "reference": f"N/{number}"}, id_=str(number))
        assert [one.outcome for one in house.made("education")] == outcomes


async def test_who_has_not_signed_does_not_disclose(house: House) -> None:
    path = "/agreements/operation-encompass/signatories"
    await house.good("PUT", path, json={"signatories": ["alder"]})
    await house.accept(incident())
    assert house.made("education")[0].outcome is Outcome.WITHHELD
    assert house.made("childrens-social-care")[0].outcome is Outcome.DISCLOSED

    await house.good("PUT", path, json={"signatories": ["alder", "north-police"]})
    await house.accept(incident(reference="N/2"), id_="2")
    told = house.made("education")[1].disclosure
    assert told is not None
    assert told.routing.signatories == ("alder", "north-police")

    await house.good("PUT", path, json={"signatories": "all"})
    await house.accept(incident(reference="N/3"), id_="3")
    told = house.made("education")[2].disclosure
    assert told is not None
    assert told.routing.signatories is None
    missing = await house.call(
        "PUT", "/agreements/no-such/signatories", json={"signatories": "all"}
    )
    assert missing.status_code == 404


async def test_an_older_state_of_an_organisation_does_not_come_back(house: House) -> None:
    force = ORGANISATIONS["north-police"]
    await house.know(
        OrganisationState(version=3, organisation=force.model_copy(update={"name": "New name"})),
        OrganisationState(version=2, organisation=force.model_copy(update={"name": "Old name"})),
    )
    await house.accept(incident())

    told = house.made("education")[0].disclosure
    assert told is not None
    assert told.content["incident.force"] == "New name"
    assert told.content["incident.desk"] == [{"phone": "01632 960001"}]


async def test_an_explanation_says_what_happens_and_stores_nothing(house: House) -> None:
    head = await house.store.head()

    told = await house.good("POST", "/explain", json=event(incident()))
    assert await house.store.head() == head

    await house.accept(incident())
    made = {(one.audience, one.outcome.value): one for one in house.made()}
    assert {(one["audience"], one["outcome"]) for one in told["decisions"]} == set(made)
    for one in told["decisions"]:
        real = made[one["audience"], one["outcome"]]
        assert one["because"] == [reason.model_dump() for reason in real.because]
        assert one.get("shows", []) == list(real.shows)
        assert one.get("drops", []) == list(real.drops)
    assert "Cat" not in str(told)


async def test_an_explanation_is_of_ones_own_events_and_well_formed_ones(embedded: House) -> None:
    token = await embedded.key("haven", "publisher")

    answer = await embedded.call("POST", "/explain", json=event(incident()), token=token)
    assert answer.status_code == 403
    wrong = incident()
    del wrong["grading"]
    answer = await embedded.call("POST", "/explain", json=event(wrong), token=token)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/data/grading"]


async def test_a_key_asks_so_often_within_an_hour_and_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LIMIT", 2)
    mine, another = [await house.key("north-police", "publisher") for _ in range(2)]

    async def asked(token: str | None) -> httpx.Response:
        return await house.call("POST", "/explain", json=event(incident()), token=token)

    start = house.clock.now()
    assert (await asked(mine)).status_code == 200
    house.clock.set(start + timedelta(minutes=20))
    assert (await asked(mine)).status_code == 200
    house.clock.set(start + timedelta(minutes=30))
    refused = await asked(mine)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1800")
    assert refused.headers["content-type"] == "application/problem+json"
    assert "Cat" not in refused.text
    # Neither another key nor who oversees the sharing waits for it.
    assert [(await asked(one)).status_code for one in (another, None, None, None)] == [200] * 4

    house.clock.set(start + timedelta(hours=1, seconds=-1))
    assert (await asked(mine)).headers["retry-after"] == "1"
    house.clock.set(start + timedelta(hours=1))
    assert (await asked(mine)).status_code == 200
    assert (await asked(mine)).headers["retry-after"] == "1200"


async def test_a_question_that_is_not_answered_does_not_count(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LIMIT", 1)
    token = await embedded.key("north-police", "publisher")
    said = [
        (await embedded.call("POST", "/explain", json=told, token=token)).status_code
        for told in ({}, event(incident(), source="haven"), event(incident()), event(incident()))
    ]
    assert said == [422, 403, 200, 429]


async def test_held_says_what_would_be_shown_if_it_were_released(embedded: House) -> None:
    told = event(incident(handling={"covert": True}))
    found = (await embedded.good("POST", "/explain", json=told))["decisions"]
    [school] = [one for one in found if one["audience"] == "education"]

    assert (school["outcome"], school["if_released"]) == ("held", True)
    assert "child.name" in school["shows"]


async def test_agreements_can_be_read_with_their_dates(embedded: House) -> None:
    listed = (await embedded.good("GET", "/agreements"))["agreements"]
    one = await embedded.good("GET", "/agreements/operation-encompass")

    assert {item["id"] for item in listed} == {agreement.id for agreement in AGREEMENTS}
    assert one["versions"][0]["in_force"]["since"] == "2025-11-07"
    assert (await embedded.call("GET", "/agreements/no-such")).status_code == 404
