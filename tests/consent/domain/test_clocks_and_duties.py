"""From which moment does a clock run, which of several counts, and who owes what by when?

Each of these was added because a small change of the kernel went unnoticed (ADR 0034).
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from contracts.agreements import Agreement
from contracts.messages import ClockKind, Organisation
from services.consent.domain.decision import Terms, Verdict
from services.consent.domain.facts import Area, Facts, MaracEntry, Policy, Status
from tests.consent.domain.test_weighing import PLAIN, agreement
from tests.consent.story import (
    BELIEVED,
    ENDED,
    FORCE_X,
    FORCE_Y,
    HOME,
    MISSED,
    NORTH,
    NOW,
    ORGANISATIONS,
    SOUTH,
    Json,
    answer,
    child,
    ended,
    harmed,
    incident,
    missed,
    other,
    owed,
    verdict,
)

CSC = "childrens-social-care"
KID = child(relationships=[], education=[])
LATER = datetime(2026, 2, 14, 10, 0, tzinfo=UTC)  # accepted on the morning after
PLAN = {"c1": (Status(status="protection-plan", since=date(2026, 1, 1), told_at=NOW),)}
NOWHERE: Json = {"kind": "other"}


def terms(decided: Verdict, audience: str, about: str = "c1") -> Terms:
    found = answer(decided, audience, about).terms
    assert found is not None
    return found


# ---- the moment from which a clock runs ---------------------------------------------------------


def test_the_clock_of_an_incident_runs_from_the_belief() -> None:
    due = terms(verdict(incident(), now=LATER), CSC).due

    assert due.starts_at == datetime.fromisoformat(BELIEVED)
    assert (due.kind, due.hours) == (ClockKind.CLOCK_HOURS, 24)


def test_the_clock_of_an_ended_episode_runs_from_acceptance() -> None:
    due = terms(verdict(ended(KID), ENDED, facts=Facts(statuses=PLAN), now=LATER), CSC).due

    assert (due.starts_at, due.hours) == (LATER, 1)


def test_the_clock_of_a_missed_assessment_runs_from_its_start() -> None:
    told = missed(KID, appointment={"starts_at": "2026-02-13T11:00:00+01:00"})
    due = terms(verdict(told, MISSED, now=LATER), CSC).due

    assert (due.starts_at, due.hours) == (datetime(2026, 2, 13, 10, 0, tzinfo=UTC), 24)
    assert due.starts_at.tzinfo is UTC


def test_the_clock_of_another_missed_appointment_runs_from_acceptance() -> None:
    """What is told because a plan is open, and not because the referrer waits for an answer."""
    told = missed(KID, appointment={"kind": "review"})
    due = terms(verdict(told, MISSED, facts=Facts(statuses=PLAN), now=LATER), CSC).due

    assert (due.starts_at, due.hours) == (LATER, 24)


# ---- the first of several agreements ------------------------------------------------------------


def to_school(id_: str, due: Json, **more: Any) -> Agreement:
    rule = {"starts": "believed-at", **due}
    audience = {"about": "child", "default_profile": "plain", "due": [rule]}
    return agreement([("permit", "true")], id_=id_, audiences={"education": audience}, **more)


def first(*agreements: Agreement, now: datetime = NOW) -> Terms:
    found = verdict(incident(), agreements=agreements, conditions=PLAIN, now=now)
    return terms(found, "education")


HOURS = {"kind": "clock-hours"}
DAYS = {"kind": "working-day"}


@pytest.mark.parametrize(("hours", "urgent"), [(0, True), (1, True), (2, False), (24, False)])
def test_an_hour_is_urgent_and_two_are_not(hours: int, urgent: bool) -> None:
    assert first(to_school("one", {**HOURS, "hours": hours})).urgent is urgent


@pytest.mark.parametrize("due", [{"kind": "school-day"}, {**DAYS, "days": 1}, {"kind": "at-once"}])
def test_only_clock_hours_are_urgent(due: Json) -> None:
    assert not first(to_school("one", due)).urgent


@pytest.mark.parametrize(
    ("sooner", "later"),
    [
        ({**HOURS, "hours": 1}, {**HOURS, "hours": 2}),
        ({**HOURS, "hours": 23}, {**DAYS, "days": 1}),
        ({**HOURS, "hours": 23}, {"kind": "school-day"}),
        ({"kind": "school-day"}, {**HOURS, "hours": 25}),
        ({**DAYS, "days": 1}, {**HOURS, "hours": 25}),
        ({**DAYS, "days": 1}, {**DAYS, "days": 2}),
        ({"kind": "at-once"}, {**HOURS, "hours": 1}),
        ({**HOURS, "hours": 10}, {**HOURS, "hours": 1, "starts": "accepted"}),
    ],
    ids=str,
)
def test_of_two_duties_the_one_that_ends_sooner_sets_the_clock(sooner: Json, later: Json) -> None:
    """Accepted on the morning after the belief, eleven hours later."""
    found = first(to_school("a", later), to_school("b", sooner), now=LATER)
    assert found.agreement.id == "b"


def test_of_two_that_end_together_the_first_by_name_does() -> None:
    one, two = to_school("a", {**HOURS, "hours": 24}), to_school("b", {"kind": "school-day"})
    assert first(one, two).agreement.id == "a"
    assert first(two, one).agreement.id == "a"


def test_a_duty_goes_before_consent_however_late_its_clock() -> None:
    duty = to_school("b", {**DAYS, "days": 5})
    by_consent = to_school("a", {**HOURS, "hours": 1}, consent="needed")
    found = first(by_consent, duty)

    assert (found.agreement.id, found.rests_on_consent) == ("b", False)


# ---- where it is sent ---------------------------------------------------------------------------


def test_a_hand_over_goes_by_the_force_of_the_home_and_by_no_council() -> None:
    there = child(addresses=[{**HOME, "police_area": FORCE_Y}])
    routing = terms(verdict(incident(there)), "police").routing

    assert (routing.local_authority, routing.police_area) == (None, FORCE_Y)


def test_the_force_of_the_home_is_known_by_its_council_where_no_address_names_it() -> None:
    there = child(addresses=[{"kind": "home", "local_authority": SOUTH}])
    area = Area(organisations=ORGANISATIONS, forces={SOUTH: FORCE_Y})
    routing = terms(verdict(incident(there), area=area), "police").routing

    assert (routing.local_authority, routing.police_area) == (None, FORCE_Y)


def test_where_nobody_has_an_address_social_care_is_that_of_the_place_where_it_happened() -> None:
    people = {"harmed": harmed(addresses=[]), "other": other(addresses=[])}
    routing = terms(verdict(incident(child(addresses=[]), **people)), CSC).routing

    assert (routing.local_authority, routing.police_area) == (NORTH, FORCE_X)


def test_only_who_teaches_the_child_is_looked_for_by_the_keys_of_a_pupil() -> None:
    decided = verdict(incident())

    assert terms(decided, "education").routing.pupil is not None
    assert terms(decided, CSC).routing.pupil is None


def test_to_others_it_goes_by_council_and_force_of_the_home() -> None:
    routing = terms(verdict(incident()), CSC).routing
    assert (routing.local_authority, routing.police_area) == (NORTH, FORCE_X)


def test_a_referral_without_an_address_goes_by_the_force_of_its_conference() -> None:
    conference = Organisation(id="north-marac", kind="marac", police_area=FORCE_X)
    area = Area(
        organisations={**ORGANISATIONS, "north-marac": conference},
        policies=tuple(
            Policy(agreement=one, police_area=FORCE_X, settings={"open": True})
            for one in ("any-to-marac", "treatment-to-police")
        ),
    )
    referral = {
        "reference": "M/1",
        "harmed": harmed(addresses=[]),
        "other": [other()],
        "referred_at": "2026-02-13T22:00:00+00:00",
        "area": "north-marac",
        "reasons": ["visible-high-risk"],
    }
    decided = verdict(referral, "marac.referral.made.v1", "haven", area=area)

    for audience in ("marac", "police"):
        assert terms(decided, audience, "h").routing.police_area == FORCE_X


def test_the_lead_of_the_area_travels_with_what_a_school_is_told() -> None:
    policy = Policy(
        agreement="operation-encompass", local_authority=NORTH, settings={"lead_minutes": 45}
    )
    area = Area(organisations=ORGANISATIONS, policies=(policy,))

    assert terms(verdict(incident(), area=area), "education").routing.lead_minutes == 45
    assert terms(verdict(incident()), "education").routing.lead_minutes is None


def test_where_a_party_works_travels_with_it_and_so_does_who_is_never_told() -> None:
    teacher = other(works_or_volunteers_at=[{"urn": "900001"}])
    told = incident(other=teacher, handling={"never_tell": ["birch"]})
    routing = terms(verdict(told), "education").routing

    assert "900001" in routing.works_at
    assert routing.never_tell == ("birch",)
    assert routing.barred_readers


def test_an_area_chooses_for_an_audience_no_profile_of_another_one() -> None:
    settings = {"open": True, "general_practice": True}
    policy = Policy(
        agreement="police-to-health", local_authority=NORTH, profile="health", settings=settings
    )
    decided = verdict(incident(), area=Area(organisations=ORGANISATIONS, policies=(policy,)))

    assert terms(decided, "general-practice").profile == "practice"
    assert terms(decided, "school-nursing").profile == "health"


# ---- what is owed -------------------------------------------------------------------------------


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def seen(*entries: tuple[str, datetime]) -> Facts:
    marac = (MaracEntry(kind="referral", at=moment, area=area) for area, moment in entries)
    return Facts(marac=tuple(marac))


def test_a_repeat_is_for_the_conference_of_the_home_by_the_next_working_day() -> None:
    facts = seen(("early", at("2025-06-01")), ("late", at("2025-12-01")), ("mid", at("2025-09-01")))
    [task] = owed(verdict(incident(), facts=facts, now=LATER), "marac-repeat")

    owner = task.owner
    assert (owner.kind, owner.local_authority, owner.police_area) == ("marac", NORTH, FORCE_X)
    assert owner.otherwise == "late"  # the one that knew the pair last
    assert (task.about, task.audience) == ("h", "marac")
    due = task.due
    assert (due.kind, due.days, due.at) == (ClockKind.WORKING_DAY, 1, time(17, 0))
    assert due.starts_at == datetime.fromisoformat(BELIEVED)


def test_a_repeat_of_a_pair_that_lives_nowhere_known_is_for_who_knew_it_last() -> None:
    told = incident(
        child(addresses=[]),
        harmed=harmed(addresses=[]),
        other=other(addresses=[]),
        location=NOWHERE,
    )
    [task] = owed(verdict(told, facts=seen(("late", at("2025-12-01")))), "marac-repeat")

    owner = task.owner
    assert (owner.local_authority, owner.police_area, owner.otherwise) == (None, None, "late")


def test_a_referral_at_the_very_moment_of_the_incident_is_no_earlier_one() -> None:
    moment = datetime(2026, 2, 13, 22, 40, tzinfo=UTC)
    just_before = moment - timedelta(seconds=1)

    assert not owed(verdict(incident(), facts=seen(("m", moment))), "marac-repeat")
    assert owed(verdict(incident(), facts=seen(("m", just_before))), "marac-repeat")


def test_the_latest_of_several_referrals_opens_the_window_in_whatever_order_they_are_known() -> (
    None
):
    long_ago, lately = ("m", at("2024-06-01")), ("m", at("2025-12-01"))

    for entries in ((long_ago, lately), (lately, long_ago)):
        assert owed(verdict(incident(), facts=seen(*entries)), "marac-repeat")
    assert not owed(verdict(incident(), facts=seen(long_ago)), "marac-repeat")


def test_who_hands_over_owes_it_about_the_child_within_the_hour() -> None:
    there = child(addresses=[{**HOME, "police_area": FORCE_Y}])
    [task] = owed(verdict(incident(there), now=LATER), "hand-over-force")

    assert task.owner.organisation == "north-police"
    assert (task.about, task.audience, task.decided) == ("c1", "police", True)
    assert (task.due.kind, task.due.hours) == (ClockKind.CLOCK_HOURS, 1)
    assert task.due.starts_at == datetime.fromisoformat(BELIEVED)


def test_after_a_death_social_care_is_telephoned_within_the_hour_of_acceptance() -> None:
    [task] = owed(verdict(ended(KID, reason="died"), ENDED, now=LATER), "phone-establishment")

    assert (task.about, task.audience, task.owner.organisation) == ("c1", CSC, "haven")
    assert (task.due.kind, task.due.hours) == (ClockKind.CLOCK_HOURS, 1)
    assert task.due.starts_at == LATER
