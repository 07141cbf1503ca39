"""Whose word counts, what stops in the moment of sending, and what one person has said so far."""

from typing import Any

from contracts.messages import Outcome
from tests.consent.house import House
from tests.consent.story import ENDED, Json, child, client, ended
from tests.consent.test_consents import CSC, KID, given, stands, withdrawn

PAT = {
    "given_name": "Pat",
    "family_name": "Test",
    "date_of_birth": "1991-02-02",
    "postcodes": ["ZZ99 3CZ"],
}


def refused(**more: Any) -> Json:
    return {
        "person": client(ref="whoever"),
        "competence": "adult",
        "refused_at": "2026-02-02T10:00:00Z",
        "reason": "Afraid of losing the children.",
        **more,
    }


async def test_a_refusal_beside_the_other_adult_is_held_for_a_person(house: House) -> None:
    await house.accept(refused(in_presence_of="partner"), "consent.refused.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")

    [made] = house.made(CSC)
    assert made.outcome is Outcome.HELD
    assert CSC in [task["audience"] for task in house.tasks("review-hold")]


async def test_the_other_adult_is_no_gate_keeper(house: House) -> None:
    await house.accept(given(), "consent.given.v1", "haven", "k-1")
    for number, kind in enumerate(("refused", "withdrawn"), 2):
        word = refused() if kind == "refused" else withdrawn()
        told = {**word, "signed_by": "other-adult"}
        await house.accept(told, f"consent.{kind}.v1", "haven", f"k-{number}")
    await house.accept(ended(KID), ENDED, "haven", "e-1")

    [made] = house.made(CSC)
    assert made.outcome is Outcome.DISCLOSED
    assert (await stands(house, made))["stands"] is True
    assert house.said("obligation.arisen") == []  # nobody is asked to ask


async def test_what_has_expired_when_it_is_to_be_sent_is_withheld_from_then_on(
    house: House,
) -> None:
    await house.accept(given(expires_on="2026-02-14"), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    [made] = house.made(CSC)
    house.later("2026-02-15T00:30:00+00:00")
    assert (await stands(house, made))["stands"] is False
    assert (await stands(house, made))["stands"] is False  # asked again: nothing more is recorded
    await house.work()

    last = house.made(CSC)[1:]
    assert [(one.outcome, one.supersedes) for one in last] == [(Outcome.WITHHELD, made.decision_id)]
    assert [one.rule for one in last[0].because] == ["consent-expired"]


async def test_consent_that_comes_later_sends_nothing_that_was_withheld(house: House) -> None:
    await house.accept(refused(), "consent.refused.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    await house.accept(given(given_at="2026-02-13T22:00:00Z"), "consent.given.v1", "haven", "k-2")

    [made] = house.made(CSC)
    assert made.outcome is Outcome.WITHHELD


async def test_a_doubtful_refusal_after_a_release_stops_it(embedded: House) -> None:
    house = embedded
    await house.accept(given(in_presence_of="partner"), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    [hold] = (await house.good("GET", "/holds"))["holds"]
    told = {"outcome": "disclosed", "reason": "Spoke to her alone", "by": "reviewer-1"}
    await house.good("POST", f"/holds/{hold['hold_id']}/resolve", json=told)
    await house.work()
    released = house.made(CSC)[-1]

    later = refused(in_presence_of="partner", refused_at="2026-02-13T23:00:00Z")
    await house.accept(later, "consent.refused.v1", "haven", "k-2")
    assert (await stands(house, released))["stands"] is False
    assert house.made(CSC)[-1].outcome is Outcome.WITHHELD


async def test_the_history_of_one_person_with_reasons(house: House) -> None:
    governor = await house.key("haven", "information-governance")
    await house.accept(
        given(expires_on="2026-02-12", in_presence_of="advocate"),
        "consent.given.v1",
        "haven",
        "k-1",
    )
    await house.accept(refused(capacity="in-doubt"), "consent.refused.v1", "haven", "k-2")
    stranger = given(person=client(given_name="Quin"))
    await house.accept(stranger, "consent.given.v1", "haven", "k-3")

    found = await house.good("POST", "/consents/search", json={"person": PAT}, token=governor)
    first, second = found["consents"]
    assert (first["kind"], first["expired"], first["in_presence_of"]) == ("given", True, "advocate")
    assert (second["kind"], second["whose"]) == ("refused", "doubtful")
    assert second["reason"] == "Afraid of losing the children."
    nobody = {**PAT, "given_name": "Nobody"}
    empty = await house.good("POST", "/consents/search", json={"person": nobody}, token=governor)
    assert empty == {"consents": []}


async def test_only_information_governance_searches_and_only_by_enough(embedded: House) -> None:
    reviewer = await embedded.key("haven", "reviewer", "publisher")
    body = {"person": PAT}
    answer = await embedded.call("POST", "/consents/search", json=body, token=reviewer)
    assert answer.status_code == 403
    vague = {"person": {"given_name": "Pat", "family_name": "Test"}}
    answer = await embedded.call("POST", "/consents/search", json=vague)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/person"]


async def test_a_child_of_another_client_is_asked_nothing(embedded: House) -> None:
    """The other parent's refusal is theirs alone: it is looked for under the client."""
    await embedded.accept(given(), "consent.given.v1", "haven", "k-1")
    father = refused(person=client(ref="f", given_name="Fred"), competence="parent")
    await embedded.accept(father, "consent.refused.v1", "haven", "k-2")
    kid = child(relationships=[{"to": "p", "kind": "child"}], education=[])
    await embedded.accept(ended(kid), ENDED, "haven", "e-1")

    assert [made.outcome for made in embedded.made(CSC)] == [Outcome.DISCLOSED]
