"""What do conditions say where they have nothing to look at?"""

from typing import Any

import pytest

from contracts.messages import Organisation
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.domain.facts import Area, Facts, Policy
from services.consent.domain.matter import Matter, children_of
from services.consent.domain.question import Question, Unknown
from services.consent.domain.treatment_content import treatment_fields
from services.consent.domain.whereabouts import Place
from tests.consent.domain.test_weighing import PLAIN, agreement
from tests.consent.story import (
    ENDED,
    MISSED,
    NORTH,
    NOW,
    ORGANISATIONS,
    RECORDED,
    SOUTH,
    Json,
    answer,
    child,
    ended,
    harmed,
    incident,
    matter,
    missed,
    other,
    outcome,
    person,
    rules,
    verdict,
)

CSC = "childrens-social-care"
STATUS = "safeguarding.status.changed.v1"
CHANGED: Json = {"child": child(), "status": "none", "since": "2026-01-01"}


def question(what: Matter, **more: Any) -> Question:
    told: dict[str, Any] = {
        "matter": what,
        "facts": Facts(),
        "area": Area(organisations=ORGANISATIONS),
        "person": what.content.model_dump() and _anybody(what),
        "audience": "childrens-social-care",
        "place": None,
        "policy": Policy(agreement="any"),
    }
    return Question(**{**told, **more})


def _anybody(what: Matter) -> Any:
    told: Any = what.content
    return getattr(told, "client", None) or getattr(told, "child", None) or told.people[0]


@pytest.mark.parametrize(
    "name",
    [
        "incident-is-domestic-abuse",
        "incident-is-graded-high",
        "intent-is-refer",
        "child-is-related-to-a-party",
        "dash-score-reaches",
        "officer-judges-high-risk",
        "incidents-escalate",
        "pair-is-a-marac-repeat",
        "alert-type-is-agreed",
        "referral-gives-a-reason",
        "adult-refused-for-themselves-alone",
        "consent-was-sought",
        "referral-asks-to-act",
        "child-is-named-in-a-referral",
    ],
)
def test_a_condition_about_an_incident_or_a_referral_cannot_judge_anything_else(name: str) -> None:
    with pytest.raises(Unknown):
        CONDITIONS[name].test(question(matter(ended(), ENDED, "haven")))


def test_where_a_child_lives_is_the_same_in_whichever_order_its_parents_are_listed() -> None:
    adults = [harmed(addresses=[]), other(addresses=[])]
    parents = [
        person(
            ref,
            "Xan",
            "1960-01-01",
            addresses=[{"kind": "home", "local_authority": authority}],
            relationships=[{"to": "c1", "kind": "parent"}],
        )
        for ref, authority in (("x", NORTH), ("y", SOUTH))
    ]
    found = [
        answer(verdict(incident(child(addresses=[]), people=[*adults, *order])), CSC).terms
        for order in (parents, parents[::-1])
    ]

    assert [terms and terms.routing.local_authority for terms in found] == [NORTH, NORTH]


def test_an_event_without_free_text_has_nothing_to_be_read_first() -> None:
    asked = question(matter(ended(), ENDED, "haven"), shown=frozenset({"child.words"}))
    assert not CONDITIONS["summary-needs-a-reader"].test(asked).applies


def test_an_event_that_decides_nothing_has_no_children_to_decide_about() -> None:
    assert children_of(matter(CHANGED, STATUS, "north-csc")) == ()


def test_consent_of_nobody_cannot_be_judged() -> None:
    with pytest.raises(Unknown):
        CONDITIONS["client-allows-this-sharing"].test(question(matter(incident(), RECORDED)))


@pytest.mark.parametrize("name", ["client-died", "episode-ended-under-a-plan"])
def test_a_missed_appointment_is_no_end_of_treatment(name: str) -> None:
    assert not CONDITIONS[name].test(question(matter(missed(), MISSED, "haven"))).applies


def test_the_moment_of_an_event_is_its_own() -> None:
    assert matter(ended(), ENDED, "haven").happened_at.hour == 15
    assert matter(missed(), MISSED, "haven").happened_at.hour == 10
    assert matter(CHANGED, STATUS, "north-csc").happened_at == NOW
    assert matter(CHANGED, STATUS, "north-csc").children == ()
    assert treatment_fields(matter(CHANGED, STATUS, "north-csc"), "X") == {
        "treatment.provider": "X"
    }


@pytest.mark.parametrize(
    ("place", "applies"),
    [
        (None, True),
        ({"local_authority": "E06000999", "police_area": None}, True),
        ({"local_authority": "E06000998", "police_area": None}, False),
        ({"local_authority": None, "police_area": "E23000098"}, True),  # nothing to compare
    ],
)
def test_who_is_never_told_is_looked_for_by_place(place: Json | None, applies: bool) -> None:
    what = matter(incident(handling={"never_tell": ["north-csc"]}))
    where = place and Place(source="own", **place)

    found = CONDITIONS["never-tell-names-a-recipient"].test(question(what, place=where))
    assert found.applies == applies


@pytest.mark.parametrize(("force", "applies"), [("E23000098", True), ("E23000099", False)])
def test_a_force_is_looked_for_by_its_area(force: str, applies: bool) -> None:
    area = Area(
        organisations={
            "east-police": Organisation(id="east-police", kind="police", police_area=force)
        }
    )
    what = matter(incident(handling={"never_tell": ["east-police"]}))
    where = Place(source="own", local_authority="E06000998", police_area="E23000098")

    asked = question(what, area=area, place=where, audience="police")
    assert CONDITIONS["never-tell-names-a-recipient"].test(asked).applies == applies


def test_an_agreement_in_which_nothing_speaks_is_silent_and_says_so() -> None:
    elsewhere = agreement([], events=[RECORDED, ENDED])
    mute = elsewhere.model_copy(
        update={
            "conditions": tuple(
                one.model_copy(update={"events": (ENDED,)}) for one in elsewhere.conditions
            )
        }
    )
    found = verdict(incident(), agreements=[mute], conditions=PLAIN)

    # That the sender is a party is no reason to withhold; that nothing permits it is.
    assert outcome(found) == "withheld"
    assert rules(found) == {"silence"}
