"""A risk of serious harm now: a named person discloses, and it is reviewed (ADR 0029)."""

from typing import Any

import pytest

from contracts.identity import reader_key
from contracts.messages import ClockKind, DecisionMade, Outcome
from tests.consent.house import House
from tests.consent.story import ENDED, NORTH, Json, child, ended, harmed, incident, other

SAID: Json = {
    "by": "duty-inspector",
    "rank": "inspector",
    "reason": "The parent is missing.",
    "risk": "A threat to the child tonight.",
    "agreement": "treatment-to-social-care",
}
REVIEW: Json = {"outcome": "not-upheld", "by": "ig-lead", "reason": "There was time to ask."}


def path(made: DecisionMade) -> str:
    return f"/decisions/{made.decision_id}/override"


async def withheld(house: House) -> DecisionMade:
    await house.accept(ended(child(relationships=[])), ENDED, "haven")
    [made] = house.made("childrens-social-care")
    assert made.outcome is Outcome.WITHHELD
    return made


async def overridden(house: House) -> DecisionMade:
    former = await withheld(house)
    await house.good("POST", path(former), json=SAID)
    await house.work()
    return house.made("childrens-social-care")[-1]


async def test_it_is_disclosed_by_the_profile_of_the_agreement(house: House) -> None:
    former = await withheld(house)
    answer = await house.good("POST", path(former), json=SAID)
    await house.work()

    told = house.made("childrens-social-care")[-1]
    assert str(told.decision_id) == answer["decision_id"]
    assert (told.outcome, told.supersedes) == (Outcome.DISCLOSED, former.decision_id)
    assert (told.agreement, told.profile, told.correction) == (
        "treatment-to-social-care",
        "treatment",
        False,
    )
    assert told.because[0].rule == "overridden"
    assert set(former.because) < set(told.because)
    assert told.disclosure is not None
    assert told.disclosure.content["treatment.reason"] == "dropped-out"
    assert told.disclosure.routing.by_override
    assert (told.disclosure.rests_on_consent, told.disclosure.due.hours) == (False, 1)


async def test_the_review_is_due_on_the_next_working_day(embedded: House) -> None:
    made = await overridden(embedded)
    [task] = embedded.tasks("review-override")

    assert (task["owner"]["organisation"], task["decision_id"]) == ("haven", str(made.decision_id))
    assert (task["due"]["kind"], task["due"]["days"], task["due"]["at"]) == (
        ClockKind.WORKING_DAY.value,
        1,
        "17:00:00",
    )


async def test_it_is_a_record_of_its_own_with_who_and_why(embedded: House) -> None:
    governor = await embedded.key("haven", "information-governance")
    made = await overridden(embedded)

    [listed] = (await embedded.good("GET", "/overrides", token=governor))["overrides"]
    assert (listed["by"], listed["rank"], listed["review"]) == ("duty-inspector", "inspector", None)
    assert "risk" not in listed
    one = await embedded.good("GET", f"/overrides/{made.decision_id}", token=governor)
    assert (one["reason"], one["risk"]) == (SAID["reason"], SAID["risk"])
    shown = (await embedded.good("GET", "/decisions", token=governor))["decisions"]
    of_it = [one["overridden"] for one in shown if one["decision_id"] == str(made.decision_id)]
    assert of_it == [listed]
    missing = await embedded.call("GET", f"/overrides/{made.case}", token=governor)
    assert missing.status_code == 404


async def test_not_upheld_takes_back_what_was_told(house: House) -> None:
    made = await overridden(house)
    await house.good("POST", f"/overrides/{made.decision_id}/review", json=REVIEW)
    await house.work()

    last = house.made("childrens-social-care")[-1]
    assert (last.outcome, last.supersedes) == (Outcome.WITHHELD, made.decision_id)
    assert last.correction  # also what was read is taken back
    assert [one.rule for one in last.because] == ["override-not-upheld"]
    [met] = house.said("obligation.met")
    assert met["task"] == house.tasks("review-override")[0]["task"]
    [listed] = (await house.good("GET", "/overrides"))["overrides"]
    assert (listed["review"]["outcome"], listed["review"]["by"]) == ("not-upheld", "ig-lead")

    again = await house.call("POST", f"/overrides/{made.decision_id}/review", json=REVIEW)
    assert again.status_code == 409


async def test_not_upheld_asks_whether_it_was_a_breach_within_72_hours_of_knowing(
    house: House,
) -> None:
    made = await overridden(house)
    house.later("2026-02-16T10:00:00+00:00")
    await house.good("POST", f"/overrides/{made.decision_id}/review", json=REVIEW)
    await house.work()

    [task] = house.tasks("assess-breach")
    assert (task["owner"]["organisation"], task["audience"]) == ("haven", "childrens-social-care")
    assert (task["due"]["kind"], task["due"]["hours"]) == (ClockKind.CLOCK_HOURS.value, 72)
    assert task["due"]["starts_at"].startswith("2026-02-16T10:00:00")
    # The same event again, and a later one of the same case, leave the assessment standing.
    await house.accept(ended(child(relationships=[])), ENDED, "haven", copy=1)
    assert task["task"] not in [met["task"] for met in house.said("obligation.met")]


async def test_upheld_changes_nothing_that_was_told(embedded: House) -> None:
    made = await overridden(embedded)
    review = {**REVIEW, "outcome": "upheld"}
    await embedded.good("POST", f"/overrides/{made.decision_id}/review", json=review)
    await embedded.work()

    assert embedded.made("childrens-social-care")[-1] == made
    assert len(embedded.said("obligation.met")) == 1
    assert embedded.tasks("assess-breach") == []


async def test_who_overrode_it_does_not_review_it(embedded: House) -> None:
    made = await overridden(embedded)
    same = {**REVIEW, "by": SAID["by"]}
    answer = await embedded.call("POST", f"/overrides/{made.decision_id}/review", json=same)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/by"]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"by": ""}, "/by"),
        ({"rank": "  "}, "/rank"),
        ({"reason": None}, "/reason"),
        ({"risk": ""}, "/risk"),
        ({"agreement": None}, "/agreement"),
        ({"agreement": "operation-encompass"}, "/agreement"),
        ({"profile": "attendance"}, "/profile"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_what_is_missing_is_pointed_to(embedded: House, changed: Json, pointer: str) -> None:
    former = await withheld(embedded)
    answer = await embedded.call("POST", path(former), json={**SAID, **changed})
    await embedded.work()

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert embedded.made("childrens-social-care") == [former]


async def test_what_stands_no_more_or_is_told_already_is_not_overridden(embedded: House) -> None:
    former = await withheld(embedded)
    await embedded.good("POST", path(former), json=SAID)
    assert (await embedded.call("POST", path(former), json=SAID)).status_code == 409

    await embedded.work()
    told = embedded.made("childrens-social-care")[-1]
    assert (await embedded.call("POST", path(told), json=SAID)).status_code == 409
    unknown = await embedded.call("POST", f"/decisions/{former.case}/override", json=SAID)
    assert unknown.status_code == 404


async def test_only_those_who_answer_for_governance_may(embedded: House) -> None:
    former = await withheld(embedded)
    made = former.decision_id
    publisher = await embedded.key("north-police", "publisher")
    calls: list[tuple[str, str, Any]] = [
        ("POST", path(former), SAID),
        ("GET", "/overrides", None),
        ("GET", f"/overrides/{made}", None),
        ("POST", f"/overrides/{made}/review", REVIEW),
    ]
    for method, where, body in calls:
        answer = await embedded.call(method, where, json=body, token=publisher)
        assert answer.status_code == 403


async def test_the_same_event_again_does_not_undo_it(embedded: House) -> None:
    made = await overridden(embedded)
    await embedded.accept(ended(child(relationships=[])), ENDED, "haven", copy=1)

    assert embedded.made("childrens-social-care")[-1] == made


async def test_a_school_is_told_no_refuge_no_barred_reader_and_no_unsuitable_words(
    embedded: House,
) -> None:
    hidden = [{"kind": "refuge", "lines": ["Hidden House"], "postcode": "ZZ99 9RF"}]
    told = incident(
        child(addresses=[{**hidden[0], "local_authority": "E06000999"}]),
        people=[harmed(addresses=hidden), other()],
        circumstances={"kinds": ["verbal"], "summary": "She takes methadone."},
        entries=[
            {
                "ref": "c1",
                "presence": "present",
                "spoken_to": {
                    "outcome": "spoken-to",
                    "words": "Daddy was drunk",
                    "demeanour": "quiet",
                },
            }
        ],
        handling={
            "honour_based": True,
            "not_readers": [{"given_name": "Ada", "family_name": "Test", "reason": "Kin."}],
        },
    )
    # What is unsuitable goes by what is shown now, not by what the area's own profile would show.
    policy = {"agreement": "operation-encompass", "local_authority": NORTH, "profile": "minimal"}
    await embedded.good("PUT", "/policies", json={"policies": [policy]})
    await embedded.accept(told)
    [held] = embedded.made("education")
    assert held.outcome is Outcome.HELD
    said = {**SAID, "agreement": "operation-encompass", "profile": "full"}
    await embedded.good("POST", path(held), json=said)
    await embedded.work()

    made = embedded.made("education")[-1]
    assert made.disclosure is not None
    assert "incident.summary" not in made.disclosure.content
    assert "child.words" not in made.disclosure.content
    assert made.disclosure.content["child.demeanour"] == "quiet"
    assert "Hidden House" not in str(made.disclosure.content)
    assert "9RF" not in str(made.disclosure.content)
    ada = reader_key(embedded.settings.pepper_bytes, "Ada", "Test")
    assert ada in made.disclosure.routing.barred_readers
    [met] = embedded.said("obligation.met")
    assert met["task"] == embedded.tasks("review-hold")[0]["task"]
