"""How does consent begin and end, and what stops when it does?"""

from typing import Any

from contracts import messages
from contracts.messages import Outcome
from tests.consent.house import House
from tests.consent.story import ENDED, MISSED, Json, child, client, ended, missed

CSC = "childrens-social-care"
KID = child(relationships=[{"to": "p", "kind": "child"}], education=[])
SCOPE = {
    "purposes": ["early-help"],
    "audiences": [CSC],
    "categories": ["treatment-engagement", "attendance"],
}


def given(**more: Any) -> Json:
    return {
        "person": client(ref="whoever"),
        "scope": SCOPE,
        "method": "written",
        "taken_by": "keyworker",
        "competence": "adult",
        "given_at": "2026-02-01T10:00:00Z",
        **more,
    }


def withdrawn(**more: Any) -> Json:
    return {"person": client(ref="x"), "withdrawn_at": "2026-02-13T23:00:00Z", **more}


async def stands(house: House, decision: Any) -> Any:
    body = {"decision_id": str(decision.decision_id)}
    return await house.good("POST", "/confirmations", json=body)


async def test_consent_by_event_carries_what_comes_after_it(house: House) -> None:
    await house.accept(given(), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")

    [made] = house.made(CSC)
    assert made.outcome is Outcome.DISCLOSED
    assert made.disclosure is not None
    assert made.disclosure.rests_on_consent
    assert await stands(house, made) == {"stands": True, "because": "consent-given"}


async def test_withdrawal_stops_what_rests_on_it_and_only_that(house: House) -> None:
    status = {"child": child("k", "Dan", "2015-01-01"), "status": "protection-plan"}
    await house.accept(
        {**status, "since": "2026-01-01"}, "safeguarding.status.changed.v1", "north-csc", "s-1"
    )
    await house.accept(given(), "consent.given.v1", "haven", "k-1")
    duty = child("c2", "Dan", "2015-01-01", relationships=[], education=[])
    await house.accept(ended(KID, duty), ENDED, "haven", "e-1")
    consented, owed = house.made(CSC)
    assert [made.disclosure.rests_on_consent for made in (consented, owed) if made.disclosure] == [
        True,
        False,
    ]

    await house.accept(withdrawn(), "consent.withdrawn.v1", "haven", "k-2")

    last = house.made(CSC)[2:]
    assert [(made.outcome, made.supersedes) for made in last] == [
        (Outcome.WITHHELD, consented.decision_id)
    ]
    assert last[0].because[0].rule == "consent-withdrawn"
    assert (await stands(house, consented))["stands"] is False
    assert (await stands(house, owed))["stands"] is True


async def test_a_withdrawal_of_something_else_stops_nothing(house: House) -> None:
    await house.accept(given(), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")

    other = withdrawn(scope={"purposes": ["support"]})
    await house.accept(other, "consent.withdrawn.v1", "haven", "k-2")
    stranger = withdrawn(person=client(given_name="Quin"))
    await house.accept(stranger, "consent.withdrawn.v1", "haven", "k-3")

    assert len(house.made(CSC)) == 1


async def test_a_second_copy_of_a_withdrawal_changes_nothing(house: House) -> None:
    await house.accept(given(), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    await house.accept(withdrawn(), "consent.withdrawn.v1", "haven", "k-2")
    head = await house.store.head()

    await house.accept(withdrawn(), "consent.withdrawn.v1", "haven", "k-2")
    await house.accept(withdrawn(), "consent.withdrawn.v1", "haven", "k-2", copy=1)

    assert await house.store.head() == head


async def test_consent_that_expires_before_the_sending_does_not_stand(house: House) -> None:
    await house.accept(given(expires_on="2026-02-14"), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    [made] = house.made(CSC)

    assert (await stands(house, made))["stands"] is True
    house.later("2026-02-15T00:30:00+00:00")
    assert await stands(house, made) == {"stands": False, "because": "consent-expired"}


async def test_consent_given_before_the_partner_waits_for_a_person(house: House) -> None:
    await house.accept(given(in_presence_of="partner"), "consent.given.v1", "haven", "k-1")
    await house.accept(missed(KID, appointment={"kind": "review"}), MISSED, "haven", "a-1")
    [made] = house.made(CSC)
    assert made.outcome is Outcome.HELD
    [hold] = (await house.good("GET", "/holds"))["holds"]

    told = {"outcome": "disclosed", "reason": "Spoke to her alone", "by": "reviewer-1"}
    await house.good("POST", f"/holds/{hold['hold_id']}/resolve", json=told)
    await house.work()

    released = house.made(CSC)[1]
    assert released.outcome is Outcome.DISCLOSED
    assert (await stands(house, released))["stands"] is True
    await house.accept(withdrawn(), "consent.withdrawn.v1", "haven", "k-2")
    assert (await stands(house, released))["stands"] is False


async def test_a_withdrawal_ends_a_hold_that_waited_for_consent(house: House) -> None:
    await house.accept(given(competence="doubtful"), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")

    await house.accept(withdrawn(), "consent.withdrawn.v1", "haven", "k-2")

    assert [made.outcome for made in house.made(CSC)] == [Outcome.HELD, Outcome.WITHHELD]
    [met] = house.said(messages.OBLIGATION_MET)
    assert (met["how"], met["task"]) == ("cancelled", house.tasks("review-hold")[0]["task"])


async def test_consent_by_a_call_is_the_same_consent(house: House) -> None:
    token = await house.key("haven", "publisher")
    headers = {"idempotency-key": "once"}
    first = await house.good("POST", "/consents", json=given(), token=token, headers=headers)
    again = await house.good("POST", "/consents", json=given(), token=token, headers=headers)
    assert first == again
    await house.work()
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    assert house.made(CSC)[0].outcome is Outcome.DISCLOSED

    path = f"/consents/{first['consent']}/withdraw"
    stranger = await house.key("surgery", "publisher")
    assert (await house.call("POST", path, json={}, token=stranger)).status_code == 404
    await house.good("POST", path, json={"reason": "Changed her mind"}, token=token)
    await house.work()

    assert house.made(CSC)[-1].outcome is Outcome.WITHHELD


async def test_a_refusal_by_a_call_and_a_malformed_one(embedded: House) -> None:
    token = await embedded.key("haven", "publisher")
    refused = {"person": client(), "refused_at": "2026-02-01T10:00:00Z", "reason": "No"}
    await embedded.good("POST", "/consents", json=refused, token=token)
    await embedded.work()
    await embedded.accept(ended(KID), ENDED, "haven", "e-1")
    assert "consent-refused" in {reason.rule for reason in embedded.made(CSC)[0].because}

    answer = await embedded.call("POST", "/consents", json={"person": client()}, token=token)
    assert answer.status_code == 422
    assert "/given_at" in {error["pointer"] for error in answer.json()["errors"]}
    assert "Pat" not in answer.text


async def test_harm_stated_in_a_referral_needs_no_consent(house: House) -> None:
    referral = {
        "reference": "R/1",
        "child": child("k", "Cat"),
        "made_by_phone": False,
        "made_at": "2026-02-13T12:00:00Z",
        "written_at": "2026-02-13T12:00:00Z",
        "intent": "refer",
    }
    await house.accept(referral, "referral.made.v1", "haven", "r-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")

    [made] = house.made(CSC)
    assert made.disclosure is not None
    assert not made.disclosure.rests_on_consent

    await house.accept(ended(KID), ENDED, "surgery", "e-2")  # another agency stated nothing
    assert house.made(CSC)[1].outcome is Outcome.WITHHELD


async def test_what_is_no_consent_or_is_forgotten_cannot_be_withdrawn_by_its_id(
    embedded: House,
) -> None:
    token = await embedded.key("haven", "publisher")
    refused = {"person": client(), "refused_at": "2026-02-01T10:00:00Z"}
    refusal = (await embedded.good("POST", "/consents", json=refused, token=token))["consent"]
    told = (await embedded.good("POST", "/consents", json=given(), token=token))["consent"]
    [given_then, *_] = await embedded.store.read_stream(f"case-{told}")
    await embedded.store.destroy_key(given_then.event.rest.subject)

    for consent in (refusal, told):
        path = f"/consents/{consent}/withdraw"
        assert (await embedded.call("POST", path, json={}, token=token)).status_code == 404
