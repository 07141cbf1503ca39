"""What becomes of an accepted event, its copies, its corrections and its retraction?"""

from typing import Any

from contracts import messages
from contracts.messages import EventDecided, Outcome
from tests.consent.house import House
from tests.consent.story import child, harmed, incident, other

CORRECTED = "police.incident.corrected.v1"
RETRACTED = "police.incident.retracted.v1"


def corrected(**more: Any) -> dict[str, Any]:
    return {**incident(**more), "correction": {"reason": "A typing error"}}


def decided(house: House) -> list[EventDecided]:
    return [EventDecided.model_validate(body) for body in house.said(messages.EVENT_DECIDED)]


async def test_an_event_is_decided_and_told_with_its_content(house: House) -> None:
    await house.accept(incident())

    school = house.made("education")[0]
    assert school.outcome is Outcome.DISCLOSED
    assert school.disclosure is not None
    assert school.disclosure.content["child.name"] == "Cat Test"
    assert set(school.shows) == set(school.disclosure.content)
    assert {made.audience for made in house.made()} == {
        "education",
        "home-education-officer",
        "children-missing-education",
        "childrens-social-care",
        "police",
        "marac",
    }
    [answer] = decided(house)
    assert answer.decisions == len(house.made()) == 6


async def test_a_second_copy_changes_nothing(house: House) -> None:
    await house.accept(incident())
    head, heard = await house.store.head(), len(house.heard)

    await house.accept(incident())
    await house.accept(incident(), copy=1)  # the same event in another message

    assert await house.store.head() == head
    assert len(house.heard) == heard


async def test_the_same_reference_again_with_nothing_new_tells_nobody(house: House) -> None:
    await house.accept(incident())
    before = len(house.made())

    await house.accept(incident(), id_="2")

    assert len(house.made()) == before
    assert decided(house)[-1].decisions == 0
    assert "Nothing" in decided(house)[-1].note


async def test_a_correction_tells_only_those_who_were_shown_something_else(house: House) -> None:
    await house.accept(incident())
    social_care = house.made("childrens-social-care")[0]

    await house.accept(corrected(grading="standard"), CORRECTED, id_="2")

    assert len(house.made("education")) == 1
    new = house.made("childrens-social-care")[1]
    assert (new.supersedes, new.correction) == (social_care.decision_id, True)
    assert new.disclosure is not None
    assert new.disclosure.content["incident.grading"] == "standard"
    assert decided(house)[-1].decisions == 1


async def test_a_correction_may_withhold_what_was_disclosed(house: House) -> None:
    await house.accept(incident())

    await house.accept(corrected(category="other"), CORRECTED, id_="2")

    new = house.made("education")[1]
    assert new.outcome is Outcome.WITHHELD
    assert new.supersedes == house.made("education")[0].decision_id
    assert new.disclosure is None


async def test_a_child_that_a_correction_no_longer_names_is_withdrawn(house: House) -> None:
    await house.accept(incident(child(), child("c2", "Dan", "2015-01-01")))

    await house.accept(corrected(), CORRECTED, id_="2")

    new = [made for made in house.made("education") if made.about.ref == "c2"]
    assert [made.outcome for made in new] == [Outcome.DISCLOSED, Outcome.WITHHELD]
    assert new[1].because[0].rule == "corrected-away"


async def test_a_corrected_name_supersedes_by_the_ref_of_the_same_reference(house: House) -> None:
    await house.accept(incident(child(given="Kat")))

    told = incident(child(given="Cat"))
    await house.accept({**told, "correction": {"reason": "Name"}}, CORRECTED, id_="2")

    first, second = house.made("education")
    assert second.supersedes == first.decision_id
    assert second.outcome is Outcome.DISCLOSED
    assert second.about.subject_id != first.about.subject_id


async def test_refs_that_change_places_do_not_change_people(house: House) -> None:
    cat, dan = child("c1", "Cat"), child("c2", "Dan", "2015-01-01")
    await house.accept(incident(cat, dan))

    swapped = incident(child("c2", "Cat"), child("c1", "Dan", "2015-01-01"))
    await house.accept(swapped, id_="2")

    assert len(house.made("education")) == 2


async def test_a_retraction_closes_the_case_and_asks_whether_it_was_a_breach(house: House) -> None:
    other_adult = other(works_or_volunteers_at=[{"urn": "900001"}])
    await house.accept(incident(other=other_adult))
    [lado] = house.tasks("refer-to-lado")

    told = {"reference": "N/1", "reason": "Wrong family", "retracted_at": "2026-02-14T09:00:00Z"}
    await house.accept(told, RETRACTED, id_="2")

    [closed] = house.said(messages.CASE_WITHDRAWN)
    assert closed["case"] == str(house.made()[0].case)
    [task] = house.tasks("assess-breach")
    assert (task["due"]["hours"], task["owner"]["organisation"]) == (72, "north-police")
    [met] = house.said(messages.OBLIGATION_MET)
    assert (met["task"], met["how"]) == (lado["task"], "cancelled")

    await house.accept({**told, "reason": "Again"}, RETRACTED, id_="3")
    assert len(house.said(messages.CASE_WITHDRAWN)) == 1


async def test_a_retraction_of_nothing_tells_its_sender_who_looks_for_the_reference(
    house: House,
) -> None:
    told = {"reference": "N/9", "reason": "Mistake", "retracted_at": "2026-02-13T23:00:00Z"}
    await house.accept(told, RETRACTED)

    assert not house.said(messages.CASE_WITHDRAWN)
    assert not house.tasks("assess-breach")
    [look] = house.tasks("resolve-mapping")
    assert look["owner"]["organisation"] == "north-police"
    assert decided(house)[-1].note.startswith("Nothing is known under this reference.")


async def test_what_is_owed_already_does_not_arise_twice(house: House) -> None:
    held: dict[str, Any] = {"handling": {"covert": True}}
    await house.accept(incident(**held))
    [review] = house.tasks("review-hold")

    await house.accept(incident(**held, grading="standard"), id_="2")
    assert len(house.tasks("review-hold")) == 1

    await house.accept(incident(), id_="3")
    assert house.said(messages.OBLIGATION_MET)[0]["task"] == review["task"]
    assert house.made("education")[-1].outcome is Outcome.DISCLOSED


async def test_a_retracted_incident_is_no_history(house: House) -> None:
    await house.accept(incident())
    await house.accept(incident(reference="N/2", occurred_at="2026-02-13T22:50:00Z"), id_="2")
    count = [
        made.disclosure.content["history.count_12_months"]
        for made in house.made("education")
        if made.disclosure
    ]
    assert count == [0, 1]

    told = {"reference": "N/1", "reason": "Wrong", "retracted_at": "2026-02-13T23:30:00Z"}
    await house.accept(told, RETRACTED, id_="3")
    await house.accept(incident(reference="N/3", occurred_at="2026-02-13T22:55:00Z"), id_="4")
    last = house.made("education")[-1].disclosure
    assert last is not None
    assert last.content["history.count_12_months"] == 1


async def test_the_same_child_is_known_by_any_key_and_nobody_by_a_ref(house: House) -> None:
    nhs: dict[str, Any] = {"identifiers": {"nhs_number": "999 000 0018"}}
    moved: dict[str, Any] = {"addresses": [{"kind": "home", "postcode": "ZZ99 1AA"}]}
    await house.accept(incident(child()))
    await house.accept(incident(child(**nhs), reference="N/2", **_at("22:41")), id_="2")
    await house.accept(incident(child(**nhs, **moved), reference="N/3", **_at("22:42")), id_="3")
    await house.accept(
        incident(child(given="Zoe", **moved), reference="N/4", **_at("22:43")), id_="4"
    )

    found = house.made("education")
    counts = [
        made.disclosure.content["history.count_12_months"] for made in found if made.disclosure
    ]
    assert counts == [0, 1, 2, 0]
    assert len({made.about.subject_id for made in found}) == 2


def _at(time: str) -> dict[str, Any]:
    return {"occurred_at": f"2026-02-13T{time}:00Z"}


async def test_incidents_of_one_pair_escalate_and_reversed_ones_do_not(house: House) -> None:
    await house.accept(incident(**_at("20:00")))
    turned = incident(reference="N/2", parties={"harmed": "o", "other": ["h"]}, **_at("20:30"))
    await house.accept(turned, id_="2")
    await house.accept(incident(reference="N/3", **_at("21:00")), id_="3")
    assert {made.outcome for made in house.made("marac")} == {Outcome.WITHHELD}

    await house.accept(incident(reference="N/4", **_at("22:00")), id_="4")
    last = house.made("marac")[-1]  # the third in these roles: it escalates, and a person looks
    assert last.outcome is Outcome.HELD
    assert {reason.rule for reason in last.because} == {"roles-are-reversed"}


async def test_a_marac_referral_makes_the_next_incident_a_repeat(house: House) -> None:
    referral = {
        "reference": "M/1",
        "harmed": harmed(ref="x"),
        "other": [other(ref="y")],
        "referred_at": "2025-12-01T10:00:00Z",
        "area": "south-marac",
        "reasons": ["visible-high-risk"],
    }
    await house.accept(referral, "marac.referral.made.v1", "north-csc", "m-1")
    moved = {
        "reference": "M/1",
        "from_area": "south-marac",
        "to_area": "north-marac",
        "transferred_at": "2026-01-01T10:00:00Z",
        "reason": "Moved",
    }
    await house.accept(moved, "marac.case.transferred.v1", "north-marac", "m-2")

    await house.accept(incident())

    [task] = house.tasks("marac-repeat")
    assert task["owner"]["kind"] == "marac"
    assert task["owner"]["otherwise"] == "north-marac"
    [marac] = house.made("marac")
    assert "pair-is-a-marac-repeat" in {reason.rule for reason in marac.because}


async def test_an_event_without_any_agreement_is_answered(house: House) -> None:
    convened = {
        "child": child(),
        "kind": "initial",
        "held_at": "2026-03-02T10:00:00Z",
        "invited": ["haven"],
    }
    await house.accept(convened, "conference.convened.v1", "north-csc")

    [answer] = decided(house)
    assert answer.decisions == 0
    assert answer.note


async def test_an_event_that_is_no_event_ends_in_the_dead_letters(embedded: House) -> None:
    await embedded.publish(messages.EVENTS, messages.EVENT_ACCEPTED, {"nonsense": True})
    for _ in range(20):
        await embedded.work()
        embedded.clock.set(embedded.clock.now().replace(hour=23, minute=59))

    assert not embedded.heard
    assert len(await embedded.bus.dead_letters("consent.events")) == 1
