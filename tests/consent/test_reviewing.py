"""What can be read of decisions, and what does a person decide where the rules could not?"""

from datetime import datetime
from uuid import uuid4

import pytest

from contracts import messages
from contracts.messages import Outcome
from services.chassis.assertions import Assertions
from services.chassis.principals import Principal
from tests.consent.house import House
from tests.consent.story import BELIEVED, child, incident

HELD = {"handling": {"covert": True}}


async def hold(house: House) -> str:
    [found] = (await house.good("GET", "/holds"))["holds"]
    assert (found["about"], found["audience"]) == ("c1", "education")
    return str(found["hold_id"])


async def resolve(house: House, hold_id: str, outcome: str) -> int:
    told = {"outcome": outcome, "reason": "Secret Sherlock reason", "by": "reviewer-1"}
    answer = await house.call("POST", f"/holds/{hold_id}/resolve", json=told)
    await house.work()
    return answer.status_code


async def test_a_released_hold_is_told_with_the_clock_that_the_belief_started(house: House) -> None:
    await house.accept(incident(**HELD))
    held = house.made("education")[0]
    assert held.disclosure is None
    house.later("2026-02-16T10:00:00+00:00")

    assert await resolve(house, await hold(house), "disclosed") == 200

    released = house.made("education")[1]
    assert released.outcome is Outcome.DISCLOSED
    assert released.supersedes == held.decision_id
    assert released.disclosure is not None
    assert released.disclosure.content["child.name"] == "Cat Test"
    assert released.disclosure.due.starts_at == datetime.fromisoformat(BELIEVED)
    [met] = house.said(messages.OBLIGATION_MET)
    assert met["how"] == "done"
    assert (await house.good("GET", "/holds"))["holds"] == []


async def test_a_hold_that_a_person_withholds_stays_withheld(house: House) -> None:
    await house.accept(incident(**HELD))
    assert await resolve(house, await hold(house), "withheld") == 200
    assert house.made("education")[1].outcome is Outcome.WITHHELD

    # The same again asks nobody again.
    await house.accept(incident(**HELD), id_="2")
    assert len(house.made("education")) == 2
    assert len(house.tasks("review-hold")) == 1


async def test_a_released_hold_is_not_held_again_by_an_equal_correction(house: House) -> None:
    await house.accept(incident(**HELD))
    await resolve(house, await hold(house), "disclosed")

    await house.accept(incident(**HELD), id_="2")

    assert [made.outcome for made in house.made("education")] == [
        Outcome.HELD,
        Outcome.DISCLOSED,
    ]


async def test_a_hold_is_resolved_once(embedded: House) -> None:
    await embedded.accept(incident(**HELD))
    held = await hold(embedded)

    assert await resolve(embedded, held, "withheld") == 200
    assert await resolve(embedded, held, "disclosed") == 409
    assert await resolve(embedded, str(uuid4()), "disclosed") == 404


async def test_the_end_of_a_hold_sends_nothing_by_itself(embedded: House) -> None:
    until = {
        "until": "2026-02-14T06:00:00Z",
        "authorised_by": "A senior officer",
        "rank": "superintendent",
        "reason": "A risk",
    }
    await embedded.accept(incident(handling={"hold": until}))
    embedded.later("2026-02-15T10:00:00+00:00")
    await embedded.work()

    assert [made.outcome for made in embedded.made("education")] == [Outcome.HELD]


async def test_decisions_are_listed_by_event_with_their_reasons(house: House) -> None:
    await house.accept(incident())
    await house.accept(incident(grading="standard"), id_="2")

    everything = (await house.good("GET", "/decisions"))["decisions"]
    first = (await house.good("GET", "/decisions?event=/agencies/north-police|1"))["decisions"]
    assert len(everything) == 7
    assert len(first) == 6
    assert (await house.good("GET", "/decisions?event=1"))["decisions"] == first
    assert (await house.good("GET", "/decisions?event=/agencies/east|1"))["decisions"] == []
    [social_care] = [one for one in first if one["audience"] == "childrens-social-care"]
    assert social_care["superseded"] is True
    [school] = [one for one in everything if one["audience"] == "education"]
    assert school["about"] == "c1"
    assert school["event"] == {
        "source": "/agencies/north-police",
        "id": "1",
        "type": "police.incident.recorded.v1",
    }
    assert school["agreement"] == "operation-encompass"
    assert "child.words" in school["shows"]
    assert school["because"][0]["rule"]
    assert "Cat" not in str(everything)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/decisions"),
        ("GET", "/holds"),
        ("POST", "/confirmations"),
        ("PUT", "/policies"),
        ("POST", "/consents"),
        ("POST", "/explain"),
        ("GET", "/agreements"),
    ],
)
async def test_nobody_comes_in_without_a_key(embedded: House, method: str, path: str) -> None:
    assert (await embedded.call(method, path, token="")).status_code == 401
    recipient = await embedded.key("alder", "recipient")
    expected = {"/explain": {422}, "/agreements": {200}}.get(path, {403})
    assert (await embedded.call(method, path, token=recipient, json={})).status_code in expected


async def test_an_unknown_decision_does_not_stand(embedded: House) -> None:
    answer = await embedded.good("POST", "/confirmations", json={"decision_id": str(uuid4())})

    assert answer["stands"] is False


async def test_a_confirmation_knows_what_rests_on_no_consent(embedded: House) -> None:
    await embedded.accept(incident(child()))
    made = embedded.made("education")[0]
    answer = await embedded.good(
        "POST", "/confirmations", json={"decision_id": str(made.decision_id)}
    )

    assert answer["stands"] is True


async def test_who_has_signed_in_resolves_a_hold_as_herself(house: House) -> None:
    await house.accept(incident(**HELD))
    hold_id = await hold(house)
    who = Principal(
        agency="operations",
        roles=frozenset({"information-governance"}),
        key_id="session",
        person="operator-1",
    )
    token = Assertions(house.settings.service_token).of(who)
    for by, status in (("reviewer-1", 403), ("operator-1", 200)):
        told = {"outcome": "withheld", "reason": "Secret Sherlock reason", "by": by}
        answer = await house.call("POST", f"/holds/{hold_id}/resolve", json=told, token=token)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "name", "key"),
    [("/decisions", "decisions", "decision_id"), ("/holds", "holds", "hold_id")],
)
async def test_decisions_and_holds_come_in_pages(
    embedded: House, path: str, name: str, key: str
) -> None:
    for number in ("1", "2"):
        await embedded.accept(incident(reference=f"SYN-{number}", **HELD), id_=number)
    whole = await embedded.good("GET", path)
    assert whole["next"] is None
    assert len(whole[name]) > 1
    pages = [await embedded.good("GET", f"{path}?limit=1")]
    while (last := pages[-1]["next"]) is not None:
        pages.append(await embedded.good("GET", f"{path}?limit=1&after={last}"))
    assert [[one[key] for one in page[name]] for page in pages] == [
        [one[key]] for one in whole[name]
    ]
    refused = await embedded.call("GET", f"{path}?after={uuid4()}")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/after")
