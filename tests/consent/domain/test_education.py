"""Who is told in education?"""

from typing import Any

import pytest

from services.consent.domain.facts import Area, Policy
from tests.consent.story import (
    AGREEMENTS,
    AREA,
    EAST,
    NORTH,
    ORGANISATIONS,
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


def test_a_school_hears_of_a_related_child_under_the_duty() -> None:
    decided = answer(verdict(incident()))

    assert decided.outcome.value == "disclosed"
    assert decided.terms is not None
    assert decided.terms.agreement.id == "operation-encompass"
    assert decided.terms.profile == "full"
    assert decided.terms.due.kind.value == "school-day"
    assert decided.terms.due.starts_at.isoformat() == "2026-02-13T23:05:00+00:00"
    assert decided.terms.routing.pupil is not None
    assert decided.terms.routing.pupil.urns == ("900001",)
    assert len(decided.terms.routing.pupil.person) == 1


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([{"to": "h", "kind": "child"}], "disclosed"),
        ([{"to": "o", "kind": "step-child"}], "disclosed"),
        ([{"to": "o", "kind": "sibling"}], "disclosed"),
        ([{"to": "h", "kind": "relative"}], "disclosed"),
        ([{"to": "h", "kind": "unrelated"}, {"to": "o", "kind": "child"}], "disclosed"),
        ([{"to": "h", "kind": "unrelated"}], "withheld"),
        ([{"to": "h", "kind": "unknown"}], "held"),
        ([{"to": "h", "kind": "unrelated"}, {"to": "o", "kind": "unknown"}], "held"),
        ([], "held"),
    ],
)
def test_one_entry_of_a_relationship_decides(links: list[Any], expected: str) -> None:
    decided = verdict(incident(child(relationships=links)))

    assert outcome(decided) == expected
    assert outcome(decided, "childrens-social-care") == "disclosed"


@pytest.mark.parametrize("kind", ["parent", "step-parent", "parental-responsibility", "sibling"])
def test_the_entry_may_stand_on_the_adult(kind: str) -> None:
    told = incident(
        child(relationships=[]), other=other(relationships=[{"to": "c1", "kind": kind}])
    )

    assert outcome(verdict(told)) == "disclosed"


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2008-02-13", "withheld"),  # eighteen on the day
        ("2008-02-14", "disclosed"),  # tomorrow
        ("2021-02-14", "disclosed"),  # five the day after
        ("2022-02-14", "withheld"),  # not yet four
        (None, "held"),
    ],
)
def test_age_counts_on_the_day_of_belief(born: str | None, expected: str) -> None:
    assert outcome(verdict(incident(child(born=born)))) == expected


def test_an_area_sets_its_own_lowest_age_and_the_statute_the_highest() -> None:
    policy = Policy(
        agreement="operation-encompass", local_authority=NORTH, settings={"age_from": 5}
    )
    area = Area(organisations=ORGANISATIONS, policies=(policy,))

    assert outcome(verdict(incident(child(born="2021-03-01")), area=area)) == "withheld"
    assert outcome(verdict(incident(child(born="2009-03-01")), area=area)) == "disclosed"


def test_between_two_under_sixteen_no_school_hears_and_social_care_does() -> None:
    young = incident(harmed=harmed(born="2011-01-01"), other=other(born="2011-02-01"))

    assert outcome(verdict(young)) == "withheld"
    assert rules(verdict(young)) == {"parties-are-both-under-16"}
    assert outcome(verdict(young), "childrens-social-care") == "disclosed"


def test_one_side_under_sixteen_is_for_the_force_to_decide() -> None:
    assert outcome(verdict(incident(other=other(born="2011-02-01")))) == "held"
    assert outcome(verdict(incident(other=other(born=None)))) == "disclosed"


def test_a_sixteen_year_old_may_be_the_person_harmed() -> None:
    ella = child("h", "Ella", "2009-06-01", relationships=[{"to": "o", "kind": "partner"}])
    told = incident(ella, people=[other(born="2008-09-01")])

    assert outcome(verdict(told), about="h") == "disclosed"


def test_another_category_is_not_the_duty() -> None:
    decided = verdict(incident(category="other"))

    assert outcome(decided) == "withheld"
    assert outcome(decided, "childrens-social-care") == "disclosed"


@pytest.mark.parametrize(
    ("education", "told"),
    [
        ([{"status": "registered", "urn": "900001"}], {"education"}),
        ([{"status": "further-education"}], {"education"}),
        ([{"status": "unknown"}], {"education"}),
        ([], {"education"}),
        ([{"status": "home-educated"}], {"home-education-officer"}),
        ([{"status": "missing-education"}], {"children-missing-education"}),
        (
            [{"status": "registered", "urn": "900001"}, {"status": "home-educated"}],
            {"education", "home-education-officer"},
        ),
    ],
)
def test_the_status_says_which_door_and_the_others_are_answered(
    education: list[Any], told: set[str]
) -> None:
    decided = verdict(incident(child(education=education)))

    for audience in ("education", "home-education-officer", "children-missing-education"):
        assert outcome(decided, audience) == ("disclosed" if audience in told else "withheld")
        assert answer(decided, audience).because


def test_the_officers_are_told_by_nine_on_the_next_working_day() -> None:
    decided = verdict(incident(child(education=[{"status": "home-educated"}])))
    terms = answer(decided, "home-education-officer").terms

    assert terms is not None
    assert (terms.due.kind.value, terms.due.days, str(terms.due.at)) == (
        "working-day",
        1,
        "09:00:00",
    )
    assert terms.routing.local_authority == NORTH


@pytest.mark.parametrize(
    "handling",
    [
        {"covert": True},
        {"honour_based": True},
        {"sexual_offence": True},
        {"never_tell": ["alder"]},
        {"never_tell": ["nobody-knows"]},
    ],
)
def test_what_is_marked_waits_for_a_person(handling: dict[str, Any]) -> None:
    decided = verdict(incident(handling=handling))

    assert outcome(decided) == "held"
    [review] = owed(decided, "review-hold")[:1]
    assert review.about == "c1"
    if handling != {"never_tell": ["nobody-knows"]}:
        assert outcome(decided, "childrens-social-care") == "disclosed"


@pytest.mark.parametrize("handling", [{"covert": False}, {}, {"never_tell": ["birch"]}])
def test_what_is_not_marked_does_not_wait(handling: dict[str, Any]) -> None:
    assert outcome(verdict(incident(handling=handling))) == "disclosed"


def test_a_child_without_a_named_school_might_go_to_the_one_that_is_never_told() -> None:
    unnamed = child(education=[{"status": "unknown"}])

    assert outcome(verdict(incident(unnamed, handling={"never_tell": ["birch"]}))) == "held"


HOLD = {
    "until": "2026-02-14T06:00:00+00:00",
    "authorised_by": "Detective Superintendent Test",
    "rank": "superintendent",
    "reason": "A risk",
}


def test_a_hold_is_for_education_and_its_end_is_when_the_review_is_due() -> None:
    decided = verdict(incident(handling={"hold": HOLD}))

    assert outcome(decided) == "held"
    assert outcome(decided, "childrens-social-care") == "disclosed"
    [review] = owed(decided, "review-hold")
    assert review.due.starts_at.isoformat() == "2026-02-14T06:00:00+00:00"
    assert review.due.kind.value == "at-once"
    assert (review.owner.kind, review.owner.local_authority) == ("local-authority", NORTH)
    assert review.owner.otherwise == "north-police"


def test_a_hold_may_name_more_audiences_whose_review_is_the_senders() -> None:
    named = {**HOLD, "audiences": ["childrens-social-care"]}
    decided = verdict(incident(handling={"hold": named}))

    assert outcome(decided, "childrens-social-care") == "held"
    [review] = [o for o in owed(decided, "review-hold") if o.audience == "childrens-social-care"]
    assert review.owner.organisation == "north-police"


def test_a_hold_that_has_ended_holds_nobody() -> None:
    past = {**HOLD, "until": "2026-02-13T23:05:30+00:00"}

    assert outcome(verdict(incident(handling={"hold": past}))) == "disclosed"


def test_a_hold_without_an_end_is_reviewed_in_time_for_the_school() -> None:
    [review] = owed(verdict(incident(handling={"covert": True})), "review-hold")

    assert review.due.kind.value == "school-day"


def test_minimal_areas_show_the_minimal_set_by_the_childs_home() -> None:
    policy = Policy(agreement="operation-encompass", local_authority=EAST, profile="minimal")
    area = Area(organisations=ORGANISATIONS, policies=(policy,))
    east = {"kind": "home", "postcode": "ZZ99 5CZ", "local_authority": EAST}

    shown = content(verdict(incident(child(addresses=[east])), area=area))

    assert set(shown) == {
        "child.name",
        "child.date_of_birth",
        "child.presence",
        "child.welfare_check",
        "incident.reference",
        "incident.occurred_at",
        "incident.force",
        "incident.desk",
        "social_care.informed",
        "instructions.contact_parents",
    }
    assert "child.words" in content(verdict(incident(), area=area))


def test_a_force_without_a_desk_is_itself_whom_the_school_asks() -> None:
    without = tuple(
        one.model_copy(update={"contacts": []}) if one.kind == "police" else one
        for one in ORGANISATIONS.values()
    )
    area = Area(organisations={one.id: one for one in without})

    [desk] = content(verdict(incident(), area=area))["incident.desk"]

    assert desk == {"organisation": content(verdict(incident()))["incident.force"]}


def test_an_authoritys_policy_goes_before_its_forces_key_by_key() -> None:
    area = Area(
        organisations=ORGANISATIONS,
        policies=(
            Policy(
                agreement="operation-encompass",
                police_area="E23000099",
                profile="minimal",
                settings={"contact_parents": True, "age_from": 5},
            ),
            Policy(
                agreement="operation-encompass",
                local_authority=NORTH,
                settings={"contact_parents": False},
            ),
            Policy(agreement="police-to-marac", local_authority=NORTH),
        ),
    )
    decided = answer(verdict(incident(), area=area))

    assert decided.terms is not None
    assert decided.terms.profile == "minimal"
    assert decided.terms.content["instructions.contact_parents"] is False
    assert outcome(verdict(incident(child(born="2021-12-01")), area=area)) == "withheld"


@pytest.mark.parametrize(
    "summary",
    [
        "She is on methadone.",
        "He was drunk.",
        "She has moved to her sister's.",
        "It happened at 12 Alder Close.",
        "They live at ZZ99 9RF.",
        "They are as bad as one another.",
        "A refuge was mentioned.",
        "He drinks.",
        "They are known to MARAC.",
        "She takes tablets for panic attacks.",
        "He smelled of cider.",
        "They are now living at Flat 3.",
        "The sister goes to a new school.",
        "A child protection plan is open.",
        "She won't leave him.",
        "She scored fifteen on the DASH.",
    ],
)
def test_a_summary_that_a_school_may_not_read_is_read_by_a_person_first(summary: str) -> None:
    told = incident(circumstances={"kinds": ["verbal"], "summary": summary})
    policy = Policy(agreement="operation-encompass", local_authority=NORTH, profile="minimal")

    assert outcome(verdict(told)) == "held"
    assert "summary-needs-a-reader" in rules(verdict(told))
    minimal = Area(organisations=ORGANISATIONS, policies=(policy,))
    assert outcome(verdict(told, area=minimal)) == "disclosed"
    assert outcome(verdict(told), "childrens-social-care") == "disclosed"


@pytest.mark.parametrize("summary", [None, "Shouting and a broken door; 2 officers came."])
def test_a_plain_summary_is_no_reason_to_wait(summary: str | None) -> None:
    circumstances = {"kinds": ["damage"], **({"summary": summary} if summary else {})}

    assert outcome(verdict(incident(circumstances=circumstances))) == "disclosed"


@pytest.mark.parametrize(
    ("spoken", "where"),
    [
        ({"words": "Daddy was drunk"}, "What the child said"),
        ({"words": "We are going to a new school"}, "What the child said"),
        ({"words": "Nan lives at 4 Elm Road"}, "What the child said"),
        ({"demeanour": "Said to be on medication"}, "How the child seemed"),
        ({"demeanour": "Attention-seeking"}, "How the child seemed"),
    ],
)
def test_every_free_text_that_a_school_would_read_is_read_by_a_person_first(
    spoken: dict[str, str], where: str
) -> None:
    entry = {"ref": "c1", "presence": "present", "spoken_to": {"outcome": "spoken-to", **spoken}}
    decided = verdict(incident(entries=[entry]))
    policy = Policy(agreement="operation-encompass", local_authority=NORTH, profile="minimal")

    assert outcome(decided) == "held"
    said = [r.says for r in answer(decided).because if r.rule == "summary-needs-a-reader"]
    assert [one for one in said if one.startswith(f"{where} may hold")]
    minimal = Area(organisations=ORGANISATIONS, policies=(policy,))
    assert outcome(verdict(incident(entries=[entry]), area=minimal)) == "disclosed"


def test_each_text_that_hits_is_named() -> None:
    entry = {
        "ref": "c1",
        "presence": "present",
        "spoken_to": {"outcome": "spoken-to", "words": "He was drunk", "demeanour": "anxious"},
    }
    told = {"kinds": ["verbal"], "summary": "Both asked for it."}
    says = [r.says for r in answer(verdict(incident(entries=[entry], circumstances=told))).because]

    assert (
        "The summary may hold blame; What the child said may hold substances: a person reads it."
    ) in says


def test_how_a_child_feels_is_no_diagnosis_and_no_reason_to_wait() -> None:
    spoken = {"outcome": "spoken-to", "words": "I was scared", "demeanour": "Anxious, tearful"}
    entry = {"ref": "c1", "presence": "present", "spoken_to": spoken}

    assert outcome(verdict(incident(entries=[entry]))) == "disclosed"


def test_a_profile_that_names_everything_of_the_child_is_scanned_like_any_other() -> None:
    agreement = next(one for one in AGREEMENTS if one.id == "operation-encompass")
    every = agreement.model_copy(update={"profiles": {"full": ("child.*",)}})
    spoken = {"outcome": "spoken-to", "words": "Daddy was drunk"}
    entry = {"ref": "c1", "presence": "present", "spoken_to": spoken}

    assert outcome(verdict(incident(entries=[entry]), agreements=[every])) == "held"


def test_parties_and_named_readers_may_not_read() -> None:
    bare = answer(verdict(incident())).terms
    named = answer(
        verdict(
            incident(
                other=other(known_as="Robbie"),
                handling={
                    "not_readers": [
                        {"given_name": "Eve", "family_name": "Test", "reason": "a cousin"}
                    ]
                },
            )
        )
    ).terms

    assert bare is not None
    assert named is not None
    assert len(named.routing.barred_readers) == len(bare.routing.barred_readers) + 2
    assert set(bare.routing.barred_readers) < set(named.routing.barred_readers)


def test_a_child_without_an_address_is_looked_up_by_the_familys_postcode() -> None:
    without = answer(verdict(incident(child(addresses=[])))).terms
    with_one = answer(verdict(incident())).terms

    assert without is not None
    assert with_one is not None
    assert without.routing.pupil == with_one.routing.pupil


def test_nobody_is_decided_of_where_no_child_is_named() -> None:
    told = incident(person("c1", "Cat", "2018-05-01"), entries=[])
    decided = verdict(told, area=AREA)

    assert {d.audience for d in decided.decisions} == {"marac"}
