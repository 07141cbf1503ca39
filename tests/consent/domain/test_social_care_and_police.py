"""Who else hears of an incident: social care, another force, the officer for allegations?"""

from typing import Any

import pytest

from services.consent.domain.facts import Area
from tests.consent.story import (
    AREA,
    FORCE_X,
    FORCE_Y,
    NORTH,
    ORGANISATIONS,
    SOUTH,
    answer,
    child,
    content,
    harmed,
    incident,
    other,
    outcome,
    owed,
    person,
    rules,
    verdict,
)

CSC = "childrens-social-care"


@pytest.mark.parametrize(
    ("more", "hours"),
    [
        ({}, 24),
        ({"intent": "refer", "intent_reason": "Worse each time"}, 1),
        ({"grading": "high"}, 1),
        ({"grading": "standard"}, 24),
    ],
)
def test_social_care_hears_within_its_hours_of_belief(more: dict[str, Any], hours: int) -> None:
    terms = answer(verdict(incident(**more)), CSC).terms

    assert terms is not None
    assert (terms.due.kind.value, terms.due.hours) == ("clock-hours", hours)
    assert terms.due.starts_at.isoformat() == "2026-02-13T23:05:00+00:00"
    assert terms.urgent == (hours == 1)
    assert terms.routing.local_authority == NORTH


def test_that_the_officer_has_told_them_does_not_stop_it_and_is_said() -> None:
    decided = verdict(incident(childrens_services_informed=True))

    assert outcome(decided, CSC) == "disclosed"
    assert content(decided, CSC)["social_care.informed"] is True


def test_a_listed_child_without_a_date_of_birth_is_still_told_of() -> None:
    assert outcome(verdict(incident(child(born=None))), CSC) == "disclosed"
    assert outcome(verdict(incident(child(born="2008-02-13"))), CSC) == "withheld"


def address(kind: str, authority: str | None, **more: Any) -> dict[str, Any]:
    told = {"kind": kind, **more}
    return told if authority is None else {**told, "local_authority": authority}


@pytest.mark.parametrize(
    ("addresses", "authority"),
    [
        ([address("home", NORTH), address("refuge", SOUTH, since="2026-02-01")], SOUTH),
        ([address("home", NORTH), address("refuge", SOUTH)], SOUTH),
        ([address("home", NORTH), address("temporary", SOUTH, until="2026-02-12")], NORTH),
        ([address("home", NORTH), address("temporary", SOUTH, until="2026-02-13")], SOUTH),
        ([address("home", NORTH), address("temporary", SOUTH, since="2026-03-01")], NORTH),
        ([address("home", NORTH), address("other", SOUTH, since="2026-02-01")], NORTH),
    ],
)
def test_it_goes_to_where_the_child_lives_now(addresses: list[Any], authority: str) -> None:
    terms = answer(verdict(incident(child(addresses=addresses))), CSC).terms

    assert terms is not None
    assert terms.routing.local_authority == authority


def test_without_an_address_of_their_own_the_familys_is_taken_and_it_is_said() -> None:
    south: dict[str, Any] = {"addresses": [address("home", SOUTH)]}
    decided = verdict(incident(child(addresses=[]), harmed=harmed(**south)))
    terms = answer(decided, CSC).terms

    assert terms is not None
    assert terms.routing.local_authority == SOUTH
    assert "lives-by-family" in rules(decided, CSC)


def test_a_parent_who_is_no_party_goes_before_the_other_adult() -> None:
    people = [
        harmed(addresses=[]),
        other(addresses=[address("home", SOUTH)], relationships=[{"to": "c1", "kind": "parent"}]),
        person("g", "Gil", "1989-01-01", relationships=[{"to": "c1", "kind": "parent"}]),
    ]
    terms = answer(verdict(incident(child(addresses=[]), people=people)), CSC).terms

    assert terms is not None
    assert terms.routing.local_authority == NORTH


def test_then_the_place_of_the_incident_and_then_a_person_must_look() -> None:
    nowhere: dict[str, Any] = {"addresses": []}
    people = [harmed(**nowhere), other(**nowhere)]
    decided = verdict(incident(child(**nowhere), people=people))
    assert "lives-by-incident" in rules(decided, CSC)

    lost = incident(child(**nowhere), people=people)
    del lost["location"]
    assert outcome(verdict(lost), CSC) == "held"
    assert outcome(verdict(lost)) == "disclosed"  # the school is found by the child, not the place
    assert {o.owner.organisation for o in owed(verdict(lost), "review-hold")} == {"north-police"}


def test_social_care_sees_everybody_and_nobody_sees_the_refuge() -> None:
    refuge = {"kind": "refuge", "lines": ["9 Hidden Row"], "postcode": "ZZ99 9RF"}
    told = incident(
        child(addresses=[{**refuge, "local_authority": NORTH}]),
        location={"kind": "refuge", "postcode": "zz999rf", "local_authority": NORTH},
        circumstances={"kinds": ["verbal"], "summary": "Seen near zz99  9rf at night."},
    )
    decided = verdict(told)
    shown = content(decided, CSC)

    assert {one["ref"] for one in shown["people"]} == {"h", "o", "c1"}
    assert shown["child.addresses"] == [{"kind": "refuge", "local_authority": NORTH}]
    for decision in decided.decisions:
        if decision.terms is not None:
            text = str(decision.terms.content).upper().replace(" ", "")
            assert "ZZ999RF" not in text
            assert "HIDDENROW" not in text
    assert content(decided)["incident.location_kind"] == "other"


def test_social_care_sees_the_score_and_never_an_answer() -> None:
    shown = content(verdict(incident(dash={"score": 9})), CSC)

    assert shown["dash.score"] == 9
    assert [path for path in shown if path.startswith("dash.")] == [
        "dash.score",
        "dash.professional_judgement",
    ]


def test_social_care_of_the_place_that_is_never_told_is_held() -> None:
    assert outcome(verdict(incident(handling={"never_tell": ["north-csc"]})), CSC) == "held"
    assert outcome(verdict(incident(handling={"never_tell": ["south-csc"]})), CSC) == "disclosed"


def elsewhere(**more: Any) -> dict[str, Any]:
    return incident(child(addresses=[{"kind": "home", "postcode": "ZZ99 7CZ", **more}]))


def test_a_child_of_another_forces_area_is_handed_over_and_the_school_told_all_the_same() -> None:
    decided = verdict(elsewhere(local_authority=SOUTH, police_area=FORCE_Y))
    terms = answer(decided, "police").terms

    assert outcome(decided) == "disclosed"
    assert terms is not None
    assert terms.routing.police_area == FORCE_Y
    assert (terms.due.kind.value, terms.due.hours) == ("clock-hours", 1)
    [task] = owed(decided, "hand-over-force")
    assert (task.owner.organisation, task.decided, task.about) == ("north-police", True, "c1")


def test_the_area_of_the_force_may_be_known_by_the_authority() -> None:
    area = Area(organisations=ORGANISATIONS, forces={SOUTH: FORCE_Y, NORTH: FORCE_X})

    assert outcome(verdict(elsewhere(local_authority=SOUTH), area=area), "police") == "disclosed"
    assert outcome(verdict(elsewhere(local_authority=NORTH), area=area), "police") == "withheld"
    assert outcome(verdict(elsewhere(local_authority=SOUTH)), "police") == "withheld"


def test_where_it_happened_hands_nothing_over() -> None:
    nowhere: dict[str, Any] = {"addresses": []}
    told = incident(
        child(**nowhere),
        people=[harmed(**nowhere), other(**nowhere)],
        location={"kind": "public", "police_area": FORCE_Y},
    )

    assert outcome(verdict(told), "police") == "withheld"


def test_a_force_without_a_known_area_hands_over_by_a_person() -> None:
    unknown = ORGANISATIONS["north-police"].model_copy(update={"police_area": None})
    area = Area(organisations={**ORGANISATIONS, "north-police": unknown})

    assert outcome(verdict(incident(), area=area), "police") == "held"


@pytest.mark.parametrize(
    ("work", "authority"),
    [
        ({"urn": "900001"}, NORTH),
        ({"organisation": "south-csc"}, SOUTH),
        ({"name": "A nursery somewhere"}, NORTH),
    ],
)
def test_an_adult_who_works_with_children_is_referred_in_one_working_day(
    work: dict[str, Any], authority: str
) -> None:
    decided = verdict(incident(other=other(works_or_volunteers_at=[work])))
    [task] = owed(decided, "refer-to-lado")

    assert (task.owner.kind, task.owner.local_authority) == ("local-authority", authority)
    assert (task.due.kind.value, task.due.days, task.about) == ("working-day", 1, "o")


def test_the_person_harmed_is_nobodys_allegation() -> None:
    told = incident(harmed=harmed(works_or_volunteers_at=[{"urn": "900001"}]))

    assert not owed(verdict(told, area=AREA), "refer-to-lado")


def test_an_adult_of_no_known_place_is_the_senders_to_refer() -> None:
    bare: dict[str, Any] = {"addresses": []}
    people = [harmed(**bare), other(**bare, works_or_volunteers_at=[{"name": "A club"}])]
    told = incident(child(**bare), people=people)
    del told["location"]
    [task] = owed(verdict(told), "refer-to-lado")

    assert (task.owner.local_authority, task.owner.otherwise) == (None, "north-police")
