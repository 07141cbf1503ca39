"""What does a referral, or the taking back of an incident, ask of its sender?"""

from datetime import UTC, datetime, time
from typing import Any

from services.consent.domain.referrals import duties_of_sender
from tests.consent.story import Json, child, harmed, incident, matter

MADE_AT = "2026-02-13T10:00:00+00:00"


def referral(**more: Any) -> Json:
    return {
        "reference": "SYN-R1",
        "child": child(relationships=[]),
        "made_by_phone": False,
        "made_at": MADE_AT,
        "intent": "refer",
        **more,
    }


def duties(data: Json, type_: str, source: str = "haven") -> dict[str, Any]:
    found = duties_of_sender(matter(data, type_, source))
    assert all(one.owner.organisation == source for one in found)
    return {one.kind: one for one in found}


def test_a_referral_is_chased_on_the_next_working_day_from_when_it_was_made() -> None:
    found = duties(referral(), "referral.made.v1")

    assert set(found) == {"chase-referral"}
    chase = found["chase-referral"]
    assert (chase.due.kind.value, chase.due.days, chase.due.at) == ("working-day", 1, time(17, 0))
    assert chase.due.starts_at == datetime(2026, 2, 13, 10, tzinfo=UTC)
    assert chase.about == "c1"


def test_a_call_is_written_up_within_48_hours_and_then_chased_from_the_writing() -> None:
    found = duties(referral(made_by_phone=True), "referral.made.v1")
    write_up = found["write-up-phone-referral"]

    assert (write_up.due.kind.value, write_up.due.hours) == ("clock-hours", 48)
    assert write_up.due.starts_at == datetime(2026, 2, 13, 10, tzinfo=UTC)
    assert write_up.about == "c1"

    written = "2026-02-14T12:00:00+01:00"
    found = duties(referral(made_by_phone=True, written_at=written), "referral.made.v1")
    assert set(found) == {"chase-referral"}
    assert found["chase-referral"].due.starts_at == datetime(2026, 2, 14, 11, tzinfo=UTC)


def test_what_was_retracted_is_assessed_as_a_breach_within_72_hours() -> None:
    told = {"reference": "N/1", "reason": "Recorded twice.", "retracted_at": MADE_AT}
    found = duties(told, "police.incident.retracted.v1", "north-police")

    assert "assess-breach" in found
    due = found["assess-breach"].due
    assert (due.kind.value, due.hours) == ("clock-hours", 72)
    assert due.starts_at == datetime(2026, 2, 13, 10, tzinfo=UTC)


def test_an_incident_asks_nothing_of_the_kind() -> None:
    assert duties(incident(harmed=harmed()), "police.incident.recorded.v1", "north-police") == {}
