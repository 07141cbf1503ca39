"""Every path of the catalogue that an area may open: who hears, who does not, who decides."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.messages import Organisation
from services.consent.domain.decision import Decision, Verdict
from services.consent.domain.facts import Area, ConsentEntry, Facts, Policy
from tests.consent.story import (
    AGREEMENTS,
    ENDED,
    FORCE_X,
    HOME,
    MISSED,
    NORTH,
    NOW,
    ORGANISATIONS,
    Json,
    child,
    client,
    ended,
    harmed,
    incident,
    missed,
    other,
    owed,
    person,
    rules,
    verdict,
)

MARAC = "marac.referral.made.v1"
REFERRAL = "referral.made.v1"
CSC = "childrens-social-care"
PEOPLE_OF_RISK = ("idva", "housing", "probation")
HIGH = {"score": 20, "professional_judgement": True}


def opened(*agreements: str, **settings: Any) -> Area:
    wanted = settings or {"open": True}
    policies = [Policy(agreement=a, local_authority=NORTH, settings=wanted) for a in agreements]
    return Area(organisations=ORGANISATIONS, policies=tuple(policies))


def referred(*children: Json, **more: Any) -> Json:
    return {
        "reference": "M/1",
        "harmed": more.pop("harmed", harmed()),
        "other": [other()],
        "children": list(children),
        "referred_at": "2026-02-13T22:00:00+00:00",
        "area": "north-marac",
        "reasons": ["visible-high-risk"],
        "victim_aware": {"aware": True},
        "consent": "given",
        **more,
    }


def made(**more: Any) -> Json:
    kid = child(relationships=[], education=[])
    told = {"reference": "R/1", "child": kid, "made_by_phone": False, "intent": "refer"}
    return {**told, "made_at": "2026-02-13T22:00:00+00:00", **more}


def found(decided: Verdict, audience: str) -> Decision | None:
    return next((d for d in decided.decisions if d.audience == audience), None)


def only(decided: Verdict, audience: str) -> Decision:
    decision = found(decided, audience)
    assert decision is not None
    return decision


def shown(decided: Verdict, audience: str) -> Json:
    terms = only(decided, audience).terms
    assert terms is not None
    return dict(terms.content)


# ---- nothing of it is in force until the area says so ------------------------------------------


@pytest.mark.parametrize(
    ("data", "type_", "source"),
    [
        (incident(dash=HIGH, grading="high"), "police.incident.recorded.v1", "north-police"),
        (incident(category="other"), "police.incident.recorded.v1", "north-police"),
        (referred(), MARAC, "haven"),
        (made(), REFERRAL, "alder"),
        (made(), REFERRAL, "haven"),
        (ended(), ENDED, "haven"),
    ],
    ids=["high risk", "no domestic abuse", "conference", "school", "provider", "ended"],
)
def test_where_nobody_opened_anything_only_the_nine_decide(
    data: Json, type_: str, source: str
) -> None:
    decided = verdict(data, type_, source)
    pinned = {
        "education",
        "home-education-officer",
        "children-missing-education",
        CSC,
        "police",
        "marac",
        "health-visiting",
        "school-nursing",
        "referrer",
    }
    assert {d.audience for d in decided.decisions} <= pinned
    if type_ in (MARAC, REFERRAL):
        assert decided.decisions == ()


# ---- Operation Encompass Plus ------------------------------------------------------------------

PLUS = opened("encompass-plus", alert_types=["threats", "damage"])


def threat(**more: Any) -> Json:
    told = {"kinds": ["threats"], "summary": "He drinks at 12 Elm Row."}
    return incident(category="other", circumstances=told, **more)


def test_an_alert_of_an_agreed_type_reaches_the_school_without_a_word_of_free_text() -> None:
    decided = verdict(threat(), area=PLUS)

    content = shown(decided, "education")
    assert only(decided, "education").outcome.value == "disclosed"
    assert content["incident.circumstances"] == ["threats"]
    assert not {"incident.summary", "child.words", "child.demeanour"} & set(content)


def test_an_alert_of_another_type_does_not() -> None:
    told = incident(category="other", circumstances={"kinds": ["verbal"]})
    decided = verdict(told, area=PLUS)

    assert only(decided, "education").outcome.value == "withheld"


def test_domestic_abuse_stays_with_the_duty_whatever_the_area_opened() -> None:
    told = incident(circumstances={"kinds": ["threats"]})
    before, after = verdict(told), verdict(told, area=PLUS)

    assert only(after, "education") == only(before, "education")


def test_a_covert_alert_is_for_a_person() -> None:
    decided = verdict(threat(handling={"covert": True}), area=PLUS)
    assert only(decided, "education").outcome.value == "held"


# ---- health ------------------------------------------------------------------------------------

HEALTH = opened("police-to-health")


@pytest.mark.parametrize(
    ("born", "visiting", "nursing"),
    [
        ("2021-02-14", "disclosed", "withheld"),  # four, five tomorrow
        ("2021-02-13", "withheld", "disclosed"),  # five today
        ("2025-12-24", "disclosed", "withheld"),
        ("2008-02-14", "withheld", "disclosed"),  # eighteen tomorrow
        ("2008-02-13", "withheld", "withheld"),
        (None, "held", "held"),
    ],
)
def test_who_of_health_hears_goes_by_the_age_on_the_day(
    born: str | None, visiting: str, nursing: str
) -> None:
    decided = verdict(incident(child(born=born)), area=HEALTH)

    assert only(decided, "health-visiting").outcome.value == visiting
    assert only(decided, "school-nursing").outcome.value == nursing


def test_the_area_sets_the_age_at_which_school_nursing_begins() -> None:
    area = opened("police-to-health", open=True, school_nursing_from=4)
    decided = verdict(incident(child(born="2021-06-01")), area=area)

    assert only(decided, "school-nursing").outcome.value == "disclosed"


def test_the_practice_hears_only_where_the_area_tells_it_and_never_what_the_child_said() -> None:
    assert only(verdict(incident(), area=HEALTH), "general-practice").outcome.value == "withheld"

    area = opened("police-to-health", open=True, general_practice=True)
    content = shown(verdict(incident(), area=area), "general-practice")
    assert content["instructions.hide_from_online_access"] is True
    assert not [path for path in content if path.startswith(("child.words", "child.spoken"))]
    assert shown(verdict(incident(), area=area), "school-nursing")["child.words"]


def test_nobody_of_health_in_the_place_is_said_and_not_chased() -> None:
    terms = only(verdict(incident(), area=HEALTH), "school-nursing").terms
    assert terms is not None
    assert terms.routing.quiet

    social_care = only(verdict(incident(), area=HEALTH), CSC).terms
    assert social_care is not None
    assert not social_care.routing.quiet


def test_no_agreement_tells_midwifery_because_no_event_says_that_somebody_is_pregnant() -> None:
    assert not [a.id for a in AGREEMENTS if "midwifery" in a.audiences]


# ---- the conference and who works with it ------------------------------------------------------


def test_a_referral_reaches_the_conference_that_it_names() -> None:
    decided = verdict(referred(child()), MARAC, "haven", area=opened("any-to-marac"))
    terms = only(decided, "marac").terms

    assert terms is not None
    assert terms.routing.organisation == "north-marac"
    assert terms.content["marac.reasons"] == ["visible-high-risk"]
    assert terms.content["referral.by"] == "Haven Recovery"
    assert terms.content["marac.consent"] == "given"
    assert [one["name"] for one in terms.content["children"]] == ["Cat Test"]
    assert not [path for path in terms.content if path.startswith("treatment.")]


@pytest.mark.parametrize(
    ("consent", "rule"),
    [
        ("given", "consent-sought-given"),
        ("refused", "consent-sought-refused"),
        ("not-sought", "consent-sought-not-sought"),
        (None, "consent-sought-not-said"),
    ],
)
def test_consent_that_is_sought_is_recorded_whatever_it_was(consent: str | None, rule: str) -> None:
    told = referred(child(), **({"consent": consent} if consent else {}))
    if consent is None:
        del told["consent"]
    decided = verdict(told, MARAC, "haven", area=opened("any-to-marac"))

    assert only(decided, "marac").outcome.value == "disclosed"
    assert rule in rules(decided, "marac", "h")


@pytest.mark.parametrize(
    ("agreement", "audience"),
    [
        ("any-to-marac", "marac"),
        ("voluntary-to-idva", "idva"),
        ("any-to-housing", "housing"),
        ("any-to-probation", "probation"),
        ("treatment-to-police", "police"),
    ],
)
def test_a_capable_adults_refusal_for_themselves_alone_is_for_a_person(
    agreement: str, audience: str
) -> None:
    area = opened(agreement)
    alone = verdict(referred(consent="refused"), MARAC, "haven", area=area)
    with_child = verdict(referred(child(), consent="refused"), MARAC, "haven", area=area)

    assert only(alone, audience).outcome.value == "held"
    assert "adult-refused-for-themselves-alone" in rules(alone, audience, "h")
    assert only(with_child, audience).outcome.value == "disclosed"


def test_a_referral_without_a_reason_is_for_a_person() -> None:
    decided = verdict(referred(reasons=[]), MARAC, "haven", area=opened("any-to-marac"))
    assert only(decided, "marac").outcome.value == "held"


def test_a_referral_without_an_address_goes_by_the_area_of_the_conference() -> None:
    nowhere = person("h", "Ann", "1990-01-01", addresses=[])
    decided = verdict(referred(harmed=nowhere), MARAC, "haven", area=opened("any-to-marac"))

    assert only(decided, "marac").outcome.value == "disclosed"
    assert "lives-by-conference" in rules(decided, "marac", "h")


@pytest.mark.parametrize(
    "conference", [None, Organisation(id="north-marac", kind="marac")], ids=["unknown", "no place"]
)
def test_a_referral_of_nowhere_to_a_conference_of_nowhere_opens_nothing(
    conference: Organisation | None,
) -> None:
    nowhere = person("h", "Ann", "1990-01-01", addresses=[])
    area = opened("any-to-marac")
    organisations = {k: v for k, v in area.organisations.items() if k != "north-marac"}
    if conference:
        organisations["north-marac"] = conference
    there = Area(organisations=organisations, policies=area.policies)

    assert verdict(referred(harmed=nowhere), MARAC, "haven", area=there).decisions == ()


@pytest.mark.parametrize(
    ("aware", "owes"),
    [
        ({"aware": True}, False),
        ({"aware": False, "why_not": "It would not be safe."}, False),
        ({"aware": False}, True),
        (None, True),
    ],
)
def test_who_refers_owes_the_telling_or_a_reason(aware: Json | None, owes: bool) -> None:
    told = referred(child())
    del told["victim_aware"]
    told |= {"victim_aware": aware} if aware else {}
    decided = verdict(told, MARAC, "haven", area=opened("any-to-marac"))

    assert [duty.about for duty in owed(decided, "tell-subject")] == (["h"] if owes else [])


def test_a_referral_that_tells_the_police_hands_no_duty_over() -> None:
    decided = verdict(referred(child()), MARAC, "haven", area=opened("treatment-to-police"))
    terms = only(decided, "police").terms

    assert terms is not None
    assert terms.routing.police_area == FORCE_X
    assert not owed(decided, "hand-over-force")
    assert not [path for path in terms.content if path.startswith(("treatment", "client"))]


def test_only_a_provider_tells_the_police_of_its_referral() -> None:
    decided = verdict(referred(), MARAC, "alder", area=opened("treatment-to-police"))
    assert only(decided, "police").outcome.value == "withheld"


RISK = opened("police-to-idva", "any-to-housing", "any-to-probation")


@pytest.mark.parametrize(
    "high",
    [
        {"grading": "high"},
        {"dash": {"score": 14}},
        {"dash": {"score": 2, "professional_judgement": True}},
    ],
    ids=str,
)
@pytest.mark.parametrize("audience", PEOPLE_OF_RISK)
def test_at_the_threshold_of_the_conference_who_works_with_it_hears(
    audience: str, high: Json
) -> None:
    low = verdict(incident(), area=RISK)

    assert only(verdict(incident(**high), area=RISK), audience).outcome.value == "disclosed"
    assert only(low, audience).outcome.value == "withheld"


@pytest.mark.parametrize("audience", PEOPLE_OF_RISK)
def test_incidents_that_escalate_reach_them_by_the_number_of_the_area(audience: str) -> None:
    facts = Facts(between=(NOW - timedelta(days=40), NOW - timedelta(days=10)))
    several = Area(
        organisations=ORGANISATIONS,
        policies=tuple(
            Policy(agreement=p.agreement, local_authority=NORTH, settings={**p.settings, **more})
            for p in RISK.policies
            for more in ({"escalation_count": 5},)
        ),
    )

    assert only(verdict(incident(), facts=facts, area=RISK), audience).outcome.value == "disclosed"
    assert (
        only(verdict(incident(), facts=facts, area=several), audience).outcome.value == "withheld"
    )


@pytest.mark.parametrize("audience", PEOPLE_OF_RISK)
def test_who_is_under_sixteen_or_not_domestic_abuse_is_not_for_them(audience: str) -> None:
    young = incident(grading="high", harmed=harmed(born="2012-01-01"))
    for told in (young, incident(grading="high", category="other")):
        assert only(verdict(told, area=RISK), audience).outcome.value == "withheld"


def test_housing_hears_for_how_many_and_for_nobody_by_name_but_the_adult() -> None:
    told = incident(child(), child("c2", "Dan", "2015-01-01"), grading="high")
    content = shown(verdict(told, area=RISK), "housing")

    assert content["household.size"] == 3
    assert "Cat" not in str(content)
    assert "Bob" not in str(content)


def test_an_adult_at_risk_is_always_for_a_person() -> None:
    area = opened("adult-at-risk")
    held = verdict(incident(grading="high"), area=area)

    assert only(held, "adult-social-care").outcome.value == "held"
    assert "needs-are-for-a-person" in rules(held, "adult-social-care", "h")
    assert [duty.owner.organisation for duty in owed(held, "review-hold")] == ["north-police"]
    assert only(verdict(incident(), area=area), "adult-social-care").outcome.value == "withheld"


# ---- by consent --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "data"), [(ENDED, ended), (MISSED, missed)], ids=["ended", "missed"]
)
def test_a_client_who_wants_an_adviser_is_put_in_touch_without_a_word_of_treatment(
    type_: str, data: Any
) -> None:
    entry = ConsentEntry(
        consent="k",
        kind="given",
        at=NOW - timedelta(days=9),
        purposes=("support",),
        audiences=("idva",),
        categories=("attendance", "treatment-engagement"),
        competence="adult",
    )
    who = client(safe_contact={"safe_to_call": True, "notes": "Mornings."})
    area = opened("idva-by-consent")
    decided = verdict(data(client=who), type_, facts=Facts(consents={"p": (entry,)}), area=area)
    terms = only(decided, "idva").terms

    assert terms is not None
    assert terms.rests_on_consent
    assert set(terms.content) == {
        "client.name",
        "client.date_of_birth",
        "client.safe_contact",
        "treatment.provider",
    }
    assert only(verdict(data(client=who), type_, area=area), "idva").outcome.value == "withheld"


# ---- to social care ----------------------------------------------------------------------------

SOCIAL = opened("school-to-social-care", "treatment-child-protection")


@pytest.mark.parametrize(
    ("source", "intent", "outcome"),
    [
        ("alder", "refer", "disclosed"),
        ("alder", "inform", "disclosed"),
        ("haven", "refer", "disclosed"),
        ("haven", "inform", "withheld"),
        ("north-police", "refer", "withheld"),
    ],
)
def test_a_referral_of_a_child_reaches_social_care(source: str, intent: str, outcome: str) -> None:
    decided = verdict(made(intent=intent), REFERRAL, source, area=SOCIAL)
    decision = only(decided, CSC)

    assert decision.outcome.value == outcome
    if decision.terms is not None:
        assert decision.terms.due.hours == (1 if intent == "refer" else 24)
        assert decision.terms.content["referral.reference"] == "R/1"
        assert decision.terms.content["child.addresses"][0]["postcode"] == HOME["postcode"]


def test_an_adult_is_no_child_to_refer() -> None:
    kid = child(born="2000-01-01", relationships=[], education=[])
    decided = verdict(made(child=kid), REFERRAL, "alder", area=SOCIAL)
    assert only(decided, CSC).outcome.value == "withheld"
