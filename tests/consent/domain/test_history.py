"""Counts across agencies: to whom, where a duty rests, and never a score (ADR 0029)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.consent.domain.content import available
from services.consent.domain.facts import Facts, Status
from services.consent.domain.question import ask
from tests.consent.story import AGREEMENTS, AREA, ENDED, NOW, Json, child, ended, incident, matter

CSC = "childrens-social-care"
MISSED = "history.missed_appointments_12_months"
INCIDENTS = "history.incidents_12_months"
MONTH = timedelta(days=30)
# Two within twelve months, and one before.
MOMENTS = (NOW - MONTH, NOW - 2 * MONTH, NOW - 14 * MONTH)
PLAN = Status(status="protection-plan", since=date(2026, 1, 1), told_at=NOW)


def told(what: Json, audience: str, **facts: object) -> Json:
    """What could be said at all, before any profile picks from it."""
    asked = matter(what, ENDED, "haven") if "episode" in what else matter(what)
    names = {CSC: "police-to-social-care", "education": "operation-encompass"}
    name = names.get(audience, "police-to-marac")
    agreement = next(one for one in AGREEMENTS if one.id == name)
    person = asked.people["h" if audience == "marac" else "c1"]
    known = Facts(missed={"c1": MOMENTS, "h": MOMENTS}, **facts)  # type: ignore[arg-type]
    return available(ask(asked, known, AREA, person, audience, agreement))


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        (incident(intent="refer"), {}),
        (incident(grading="high"), {}),
        (incident(), {"statuses": {"c1": (PLAN,)}}),
        (incident(), {"harm_stated": frozenset({"c1"})}),
        (ended(child(relationships=[]), reason="died"), {}),
    ],
)
def test_where_a_duty_rests_social_care_sees_how_many_were_missed(what: Json, facts: Json) -> None:
    assert told(what, CSC, **facts)[MISSED] == 2


def test_where_none_rests_a_count_would_only_tell_of_treatment() -> None:
    assert MISSED not in told(incident(), CSC)
    assert MISSED not in told(ended(child(relationships=[])), CSC)


@pytest.mark.parametrize("audience", ["education", "marac"])
def test_nobody_else_sees_what_was_missed(audience: str) -> None:
    assert MISSED not in told(incident(intent="refer", grading="high"), audience)


def test_incidents_stand_beside_treatment_for_social_care_and_between_the_two_for_a_marac() -> None:
    beside = told(ended(child(relationships=[])), CSC, earlier={"c1": MOMENTS})
    assert beside[INCIDENTS] == 2
    assert told(incident(), "marac", between=MOMENTS)[INCIDENTS] == 2
    assert INCIDENTS not in told(incident(), CSC, earlier={"c1": MOMENTS})  # it has its own count
    assert INCIDENTS not in told(incident(), "education", earlier={"c1": MOMENTS})


def test_what_did_not_happen_is_not_said() -> None:
    old = (datetime(2024, 1, 1, tzinfo=UTC),)
    assert INCIDENTS not in told(incident(), "marac", between=old)
