"""Which events open a ground, and what of a missed appointment is left behind? (ADR 0029)"""

from typing import Any

import pytest

from contracts.envelope import parse
from services.consent.domain.grounds import child_of_a_new_ground
from services.consent.domain.noting import CHILD_MISSED, noted
from tests.consent.story import MISSED, PEPPER, Json, child, event, matter, missed

STATUS, REFERRAL = "safeguarding.status.changed.v1", "referral.made.v1"


def opened(data: Json, kind: str) -> bool:
    told = parse(event(data, kind, "north-csc")).content
    return child_of_a_new_ground(told) is not None


@pytest.mark.parametrize(
    ("status", "opens"),
    [
        ("section-47", True),
        ("protection-plan", True),
        ("child-in-need", False),
        ("looked-after", False),
        ("none", False),
    ],
)
def test_an_enquiry_or_a_plan_opens_a_ground_and_its_end_does_not(status: str, opens: bool) -> None:
    kid = child(relationships=[])
    assert opened({"child": kid, "status": status, "since": "2026-02-13"}, STATUS) is opens


@pytest.mark.parametrize(("intent", "opens"), [("refer", True), ("inform", False)])
def test_a_referral_states_harm_with_its_reason(intent: str, opens: bool) -> None:
    told: dict[str, Any] = {
        "reference": "SYN-1",
        "child": child(relationships=[]),
        "made_by_phone": False,
        "made_at": "2026-02-13T10:00:00Z",
        "intent": intent,
        "intent_reason": "Left alone overnight.",
    }
    assert opened(told, REFERRAL) is opens


def test_an_incident_opens_nothing() -> None:
    assert not opened(missed(), MISSED)


def test_a_missed_appointment_is_noted_of_each_child_under_its_own_name() -> None:
    what = matter(missed(child(relationships=[])), MISSED, "haven")
    [left] = noted(what, "k", lambda person: (person.ref,), PEPPER)
    assert (left.kind, left.keys, left.body) == (
        CHILD_MISSED,
        ("c1",),
        {"appointment": "haven/a-1"},
    )
