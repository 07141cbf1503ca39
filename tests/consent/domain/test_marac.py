"""Which incidents reach the conference, and which are a repeat?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.consent.domain.facts import Area, Facts, MaracEntry, Policy
from tests.consent.story import (
    FORCE_X,
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
    rules,
    verdict,
)


def at(day: str, time: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}:00+00:00")


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"grading": "high"}, "incident-is-graded-high"),
        ({"dash": {"score": 14}}, "dash-score-reaches"),
        ({"dash": {"score": 3, "professional_judgement": True}}, "officer-judges-high-risk"),
    ],
)
def test_high_risk_reaches_the_conference_about_the_person_harmed(
    more: dict[str, Any], rule: str
) -> None:
    decided = verdict(incident(**more))

    assert outcome(decided, "marac", "h") == "disclosed"
    assert rule in rules(decided, "marac", "h")
    terms = answer(decided, "marac", "h").terms
    assert terms is not None
    assert (terms.due.kind.value, terms.due.days, str(terms.due.at)) == (
        "working-day",
        1,
        "17:00:00",
    )


def test_nothing_of_that_is_withheld_with_everything_that_was_looked_at() -> None:
    decided = verdict(incident(dash={"score": 13}))

    assert outcome(decided, "marac", "h") == "withheld"
    assert {
        "incident-is-graded-high",
        "dash-score-reaches",
        "officer-judges-high-risk",
        "incidents-escalate",
    } == rules(decided, "marac", "h")


def test_the_area_sets_its_threshold_and_count_by_the_home_of_the_person_harmed() -> None:
    policy = Policy(
        agreement="police-to-marac",
        local_authority=NORTH,
        settings={"marac_threshold": 10, "escalation_count": 2},
    )
    area = Area(organisations=ORGANISATIONS, policies=(policy,))
    south = harmed(addresses=[{"kind": "home", "local_authority": "E06000998"}])

    assert outcome(verdict(incident(dash={"score": 10}), area=area), "marac", "h") == "disclosed"
    assert outcome(verdict(incident(dash={"score": 9}), area=area), "marac", "h") == "withheld"
    told = incident(dash={"score": 10}, harmed=south)
    assert outcome(verdict(told, area=area), "marac", "h") == "withheld"
    once = Facts(between=(at("2026-01-01"),))
    assert outcome(verdict(incident(), facts=once, area=area), "marac", "h") == "disclosed"


WITH_THE_CONFERENCE = ("marac", "idva", "housing", "probation")


def thresholds(*policies: Policy) -> Area:
    """In an area that tells all who work with the conference."""
    tell = [
        Policy(agreement=one, local_authority=NORTH, settings={"open": True})
        for one in ("police-to-idva", "any-to-housing", "any-to-probation")
    ]
    return Area(organisations=ORGANISATIONS, policies=(*tell, *policies))


def told_of(area: Area, facts: Facts | None = None, **more: Any) -> set[str]:
    decided = verdict(incident(**more), facts=facts, area=area)
    outcomes = {name: outcome(decided, name, "h") for name in WITH_THE_CONFERENCE}
    return {name for name, came in outcomes.items() if came == "disclosed"}


def test_the_area_sets_its_threshold_and_count_once_for_all_who_work_with_the_conference() -> None:
    once = {"marac_threshold": 10, "escalation_count": 2}
    area = thresholds(Policy(agreement=None, local_authority=NORTH, settings=once))
    before = Facts(between=(at("2026-01-01"),))

    assert told_of(area, dash={"score": 10}) == set(WITH_THE_CONFERENCE)
    assert told_of(area, dash={"score": 9}) == set()
    assert told_of(area, before) == set(WITH_THE_CONFERENCE)
    elsewhere = thresholds(Policy(agreement=None, local_authority=SOUTH, settings=once))
    assert told_of(elsewhere, before, dash={"score": 10}) == set()


def test_what_is_set_for_one_agreement_goes_before_what_is_set_once() -> None:
    area = thresholds(
        Policy(agreement=None, local_authority=NORTH, settings={"marac_threshold": 10}),
        Policy(agreement="police-to-marac", police_area=FORCE_X, settings={"marac_threshold": 18}),
    )

    assert told_of(area, dash={"score": 10}) == {"idva", "housing", "probation"}
    assert told_of(area, dash={"score": 18}) == set(WITH_THE_CONFERENCE)


def test_what_the_authority_sets_once_goes_before_what_its_force_does() -> None:
    area = thresholds(
        Policy(agreement=None, police_area=FORCE_X, settings={"marac_threshold": 10}),
        Policy(agreement=None, local_authority=NORTH, settings={"marac_threshold": 12}),
    )
    alone = thresholds(
        Policy(agreement=None, police_area=FORCE_X, settings={"marac_threshold": 10})
    )

    assert told_of(area, dash={"score": 11}) == set()
    assert told_of(alone, dash={"score": 11}) == set(WITH_THE_CONFERENCE)


def test_nothing_else_is_set_for_all_agreements_at_once() -> None:
    wide = {"open": True, "release": "two-person", "age_from": 18, "lead_minutes": 200}
    area = Area(
        organisations=ORGANISATIONS,
        policies=(Policy(agreement=None, local_authority=NORTH, settings=wide, profile="minimal"),),
    )
    assert verdict(incident(), area=area) == verdict(incident())


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ([], "withheld"),
        (["2026-01-01"], "withheld"),
        (["2026-01-01", "2025-12-01"], "disclosed"),
        (["2026-01-01", "2025-02-13"], "disclosed"),  # the anniversary is inside
        (["2026-01-01", "2025-02-12"], "withheld"),
        (["2026-01-01", "2026-02-20"], "withheld"),  # what comes later is not counted
    ],
)
def test_three_incidents_of_the_pair_in_twelve_months_escalate(
    between: list[str], expected: str
) -> None:
    facts = Facts(between=tuple(at(day) for day in between))

    assert outcome(verdict(incident(), facts=facts), "marac", "h") == expected


@pytest.mark.parametrize(
    ("referred", "happened", "expected"),
    [
        ("2025-06-15", "2026-06-15", True),  # the anniversary itself
        ("2025-06-15", "2026-06-16", False),
        ("2025-03-10", "2026-03-11", False),  # 11 months and 29 days of a short February
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
        ("2026-02-14", "2026-02-13", False),  # referred only afterwards
    ],
)
def test_a_repeat_is_within_calendar_months_of_the_last_referral(
    referred: str, happened: str, expected: bool
) -> None:
    facts = Facts(marac=(MaracEntry(kind="referral", at=at(referred, "09:00"), area="m"),))
    told = incident(occurred_at=f"{happened}T10:00:00+00:00", believed_at=f"{happened}T11:00:00Z")
    now = datetime.fromisoformat(f"{happened}T11:30:00+00:00")
    if happened < "2025-11-07":  # before the agreements
        told = incident(occurred_at=f"{happened}T10:00:00+00:00")
    decided = verdict(told, facts=facts, now=max(now, datetime(2026, 2, 14, tzinfo=UTC)))

    # The incident itself does not reach the conference by it: it is a task there.
    assert outcome(decided, "marac", "h") == "withheld"
    assert ("pair-is-a-marac-repeat" in rules(decided, "marac", "h")) == expected
    tasks = owed(decided, "marac-repeat")
    assert bool(tasks) == expected
    for task in tasks:
        assert (task.owner.kind, task.owner.local_authority) == ("marac", NORTH)
        assert task.owner.otherwise == "m"


def test_an_area_may_count_from_the_last_meeting() -> None:
    policy = Policy(
        agreement="police-to-marac",
        local_authority=NORTH,
        settings={"marac_repeat": {"anchor": "meeting", "months": 12}},
    )
    area = Area(organisations=ORGANISATIONS, policies=(policy,))
    entries = (
        MaracEntry(kind="referral", at=at("2025-01-20"), area="m"),
        MaracEntry(kind="meeting", at=at("2025-03-01"), area="m"),
    )
    facts = Facts(marac=entries)

    assert not owed(verdict(incident(), facts=facts), "marac-repeat")
    assert owed(verdict(incident(), facts=facts, area=area), "marac-repeat")
    unheard = Facts(marac=entries[:1])
    assert not owed(verdict(incident(), facts=unheard, area=area), "marac-repeat")


def test_reversed_roles_are_not_matched_and_it_is_said() -> None:
    entry = MaracEntry(kind="referral", at=at("2026-01-10"), area="m")
    decided = verdict(incident(), facts=Facts(marac_reversed=(entry,)))

    assert outcome(decided, "marac", "h") == "withheld"
    assert "marac-roles-are-reversed" in rules(decided, "marac", "h")
    assert not owed(decided, "marac-repeat")


def test_the_conference_does_not_hear_of_somebody_under_sixteen_nor_of_other_matters() -> None:
    young = incident(harmed=harmed(born="2010-03-01"), grading="high")

    assert outcome(verdict(young), "marac", "h") == "withheld"
    assert outcome(verdict(incident(category="other", grading="high")), "marac", "h") == "withheld"
    unknown = incident(harmed=harmed(born=None), grading="high")
    assert outcome(verdict(unknown), "marac", "h") == "disclosed"


def test_the_conference_knows_a_refuge_by_its_area_only() -> None:
    refuge = {"kind": "refuge", "postcode": "ZZ99 9RF", "local_authority": NORTH}
    shown = content(
        verdict(incident(harmed=harmed(addresses=[refuge]), grading="high")), "marac", "h"
    )

    assert shown["harmed.address"] == {"kind": "refuge", "local_authority": NORTH}
    assert [one["name"] for one in shown["children"]] == ["Cat Test"]
    assert [one["name"] for one in shown["others"]] == ["Bob Test"]


def test_a_conference_that_cannot_be_found_is_for_a_person() -> None:
    bare: dict[str, Any] = {"addresses": []}
    told = incident(child(**bare), people=[harmed(**bare), other(**bare)], grading="high")
    del told["location"]

    assert outcome(verdict(told), "marac", "h") == "held"
    calm = {**told, "grading": "standard"}
    assert outcome(verdict(calm), "marac", "h") == "withheld"
