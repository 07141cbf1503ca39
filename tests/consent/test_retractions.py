"""What follows when a sender takes back what it told, before, after, twice, or out of order?"""

from datetime import datetime
from typing import Any

from contracts import messages
from contracts.messages import DecisionMade, EventDecided, Outcome
from services.consent.streams.state import CORRECTED
from tests.consent.house import House
from tests.consent.story import Json, child, event, incident

RETRACTED = "police.incident.retracted.v1"
EARLY, LATE, LATER = (f"2026-02-13T23:{minute}:00Z" for minute in ("05", "30", "45"))
TAKEN_BACK = {"reference": "N/1", "reason": "Wrong family", "retracted_at": LATE}


def corrected(**more: Any) -> Json:
    return incident(child(given="Kit"), correction={"reason": "Another name"}, **more)


def standing(house: House) -> dict[tuple[str, str], DecisionMade]:
    """As whoever hears the messages knows it, in whatever order they came."""
    made = {one.decision_id: one for one in house.made()}
    over = {one.supersedes for one in made.values()}
    closed = [one["withdrawn_at"] for one in house.said(messages.CASE_WITHDRAWN)]
    last = max(map(datetime.fromisoformat, closed), default=None)
    return {
        (one.about.ref, one.audience): one
        for one in made.values()
        if one.decision_id not in over and (last is None or one.decided_at > last)
    }


def told(house: House) -> set[tuple[str, str]]:
    return {who for who, one in standing(house).items() if one.outcome is Outcome.DISCLOSED}


def open_tasks(house: House, kind: str) -> list[Json]:
    over = {body["task"] for body in house.said(messages.OBLIGATION_MET)}
    return [one for one in house.tasks(kind) if one["task"] not in over]


def note(house: House) -> str:
    return EventDecided.model_validate(house.said(messages.EVENT_DECIDED)[-1]).note


async def test_a_correction_after_a_retraction_waits_for_a_person_and_the_breach_stays_open(
    house: House,
) -> None:
    await house.accept(incident(), sent=EARLY)
    before = told(house)
    await house.accept(TAKEN_BACK, RETRACTED, id_="2", sent=LATE)
    await house.accept(corrected(), CORRECTED, id_="3", sent=LATER)

    assert before
    assert told(house) == set()
    held = {who for who, one in standing(house).items() if one.outcome is Outcome.HELD}
    assert before <= held
    assert len(open_tasks(house, "assess-breach")) == 1
    assert {(one["about"]["ref"], one["audience"]) for one in open_tasks(house, "review-hold")} == (
        held
    )
    assert "a person must say" in note(house)


async def test_what_a_person_releases_stands_again_and_a_further_correction_needs_nobody(
    embedded: House,
) -> None:
    house = embedded
    await house.accept(incident(), sent=EARLY)
    await house.accept(TAKEN_BACK, RETRACTED, id_="2", sent=LATE)
    await house.accept(corrected(), CORRECTED, id_="3", sent=LATER)
    held = standing(house)["c1", "education"].decision_id
    body = {"outcome": "disclosed", "reason": "Telephoned", "by": "reviewer-1"}
    assert (await house.call("POST", f"/holds/{held}/resolve", json=body)).status_code == 200
    await house.work()

    assert ("c1", "education") in told(house)
    after = incident(child(given="Kim"), correction={"reason": "Again"})
    await house.accept(after, CORRECTED, id_="4", sent=LATER)
    assert ("c1", "education") in told(house)
    assert len(open_tasks(house, "assess-breach")) == 1

    await house.accept(TAKEN_BACK, RETRACTED, id_="5", sent=LATER)
    assert told(house) == set()
    assert len(open_tasks(house, "assess-breach")) == 2


async def test_a_retraction_that_comes_first_keeps_back_what_it_takes_back(house: House) -> None:
    await house.accept(TAKEN_BACK, RETRACTED, id_="2", sent=LATE)
    assert note(house).startswith("Nothing is known under this reference.")
    [look] = open_tasks(house, "resolve-mapping")
    assert look["owner"]["organisation"] == "north-police"

    await house.accept(incident(), sent=EARLY)

    assert {one.outcome for one in house.made()} == {Outcome.WITHHELD}
    assert open_tasks(house, "resolve-mapping") == []
    assert open_tasks(house, "review-hold") == []
    assert note(house) == "It was taken back before it came: nobody is told."


async def test_an_explanation_says_the_same_of_a_reference_that_was_taken_back(
    embedded: House,
) -> None:
    await embedded.accept(TAKEN_BACK, RETRACTED, id_="2", sent=EARLY)

    said = await embedded.good("POST", "/explain", json=event(incident()))

    assert "disclosed" not in {one["outcome"] for one in said["decisions"]}
    assert "reference-was-retracted" in {r["rule"] for d in said["decisions"] for r in d["because"]}


async def test_a_correction_of_what_nobody_knows_says_so_and_is_a_first_report(
    embedded: House,
) -> None:
    await embedded.accept(corrected(), CORRECTED)

    assert ("c1", "education") in told(embedded)
    assert note(embedded).startswith("Nothing is known under this reference.")


async def test_an_older_word_of_the_sender_does_not_come_back_over_a_newer_one(
    embedded: House,
) -> None:
    await embedded.accept(corrected(), CORRECTED, id_="2", sent=LATE)
    made = len(embedded.made())

    await embedded.accept(incident(), sent=EARLY)

    assert len(embedded.made()) == made
    assert "something newer" in note(embedded)


async def test_what_is_held_after_a_retraction_counts_in_nobodys_history_until_it_is_released(
    embedded: House,
) -> None:
    house = embedded
    await house.accept(incident(), sent=EARLY)
    await house.accept(TAKEN_BACK, RETRACTED, id_="2", sent=LATE)
    await house.accept(corrected(), CORRECTED, id_="3", sent=LATER)

    async def seen(reference: str, day: int, id_: str) -> int:
        at = f"2026-02-{day}T10:00:00+00:00"
        told = incident(child(given="Kit"), reference=reference, occurred_at=at, believed_at=at)
        await house.accept(told, id_=id_)
        last = house.made("education")[-1]
        assert last.disclosure is not None
        return int(last.disclosure.content["history.count_12_months"])

    assert await seen("N/2", 19, "7") == 0
    held = next(one for one in house.made("education") if one.outcome is Outcome.HELD)
    body = {"outcome": "disclosed", "reason": "Telephoned", "by": "reviewer-1"}
    path = f"/holds/{held.decision_id}/resolve"
    assert (await house.call("POST", path, json=body)).status_code == 200
    await house.work()
    assert await seen("N/3", 20, "8") == 2
