"""Which facts does an event leave, and by which keys? Never a name, never a `ref`."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts.envelope import parse
from contracts.people import Person
from services.consent.domain.days import months_after
from services.consent.domain.matter import Matter
from services.consent.domain.noting import Noted, noted
from services.consent.domain.people import keys_of
from tests.consent.story import (
    ENDED,
    NOW,
    PEPPER,
    RECORDED,
    Json,
    child,
    client,
    ended,
    event,
    harmed,
    incident,
    other,
    person,
)

GIVEN_AT = "2026-02-01T10:00:00Z"


def facts(data: Json, type_: str, source: str = "haven") -> tuple[Noted, ...]:
    told = parse(event(data, type_, source))
    what = Matter(type=type_, agency=source, content=told.content, accepted_at=NOW, now=NOW)
    return noted(what, "case-1", lambda p: keys_of(p, f"/agencies/{source}", PEPPER), PEPPER)


def consent(**more: Any) -> Json:
    return {
        "person": client(),
        "method": "verbal",
        "taken_by": "keyworker",
        "competence": "adult",
        "given_at": GIVEN_AT,
        **more,
    }


def test_an_incident_leaves_its_children_and_its_pairs() -> None:
    told = facts(incident(child(), child("c2", "Dan", "2015-01-01")), RECORDED, "north-police")

    assert [fact.kind for fact in told] == ["child-incident", "child-incident", "pair-incident"]
    assert told[0].at == datetime(2026, 2, 13, 22, 40, tzinfo=UTC)
    assert "Test" not in str(told)
    assert not any("c1" in fact.keys for fact in told)


def test_what_is_no_domestic_abuse_leaves_no_history() -> None:
    assert facts(incident(category="other"), RECORDED, "north-police") == ()
    assert facts(ended(child()), ENDED) == ()


def test_a_ref_makes_nobody_the_same_and_a_postcode_does() -> None:
    one = keys_of(_person(child("c1")), "/agencies/a", PEPPER)
    renamed = keys_of(_person(child("c9")), "/agencies/b", PEPPER)
    moved = keys_of(_person(child("c1", addresses=[])), "/agencies/a", PEPPER)
    unborn = keys_of(_person(child("c1", born=None)), "/agencies/a", PEPPER)

    assert one == renamed
    assert len(one) == 1
    assert moved == unborn == ()


def test_an_agencys_own_number_means_nothing_elsewhere() -> None:
    told = _person(child(identifiers={"local": "77", "upn": "T123456789012"}))

    here, there = (set(keys_of(told, source, PEPPER)) for source in ("/agencies/a", "/agencies/b"))
    assert len(here) == len(there) == 3
    assert len(here & there) == 2


def _person(told: Json) -> Any:
    return Person.model_validate(told)


@pytest.mark.parametrize(
    ("presence", "doubtful"),
    [
        (None, False),
        ("interpreter", False),
        ("Key  Worker", False),
        ("partner", True),
        ("her mother", True),
    ],
)
def test_whose_presence_leaves_a_doubt(presence: str | None, doubtful: bool) -> None:
    more = {} if presence is None else {"in_presence_of": presence}
    [fact] = facts(consent(**more), "consent.given.v1")

    assert fact.body["presence_doubtful"] is doubtful
    assert presence is None or presence not in str(fact)


def test_a_withdrawal_counts_from_its_receipt_at_the_latest() -> None:
    later = {"person": client(), "withdrawn_at": "2026-03-01T10:00:00Z"}
    sooner = {"person": client(), "withdrawn_at": "2026-02-13T10:00:00Z"}

    assert facts(later, "consent.withdrawn.v1")[0].at == NOW
    assert facts(sooner, "consent.withdrawn.v1")[0].at == datetime(2026, 2, 13, 10, tzinfo=UTC)
    refused = {"person": client(), "refused_at": "2026-02-01T10:00:00Z"}
    assert facts(refused, "consent.refused.v1")[0].body["kind"] == "refused"
    assert facts(consent(expires_on="2026-03-01"), "consent.given.v1")[0].body["expires_on"] == (
        "2026-03-01"
    )


def test_only_a_referral_that_refers_states_harm() -> None:
    made = {
        "reference": "R/1",
        "child": child(),
        "made_by_phone": False,
        "made_at": GIVEN_AT,
        "intent": "inform",
    }

    assert [fact.kind for fact in facts(made, "referral.made.v1")] == ["referral"]
    stated = facts({**made, "intent": "refer"}, "referral.made.v1")
    assert [fact.kind for fact in stated] == ["referral", "harm"]
    assert stated[1].body == {"agency": "haven"}


def test_a_conference_is_known_by_the_pair_and_its_later_steps_by_the_reference() -> None:
    made = {
        "reference": "M/1",
        "harmed": harmed(),
        "other": [other(), person("o2", "Col", "1980-01-01")],
        "referred_at": GIVEN_AT,
        "area": "north-marac",
    }
    [referral] = facts(made, "marac.referral.made.v1")
    assert len(referral.keys) == 2

    heard = {"reference": "M/1", "heard_at": GIVEN_AT, "area": "north-marac"}
    moved = {
        "reference": "M/1",
        "from_area": "north-marac",
        "to_area": "south-marac",
        "transferred_at": GIVEN_AT,
        "reason": "Moved",
    }
    [meeting] = facts(heard, "marac.case.heard.v1")
    [transfer] = facts(moved, "marac.case.transferred.v1")
    assert meeting.keys == transfer.keys
    assert transfer.body["area"] == "south-marac"


def test_a_status_is_noted_by_the_child() -> None:
    told = {"child": child(), "status": "section-47", "since": "2026-02-01"}
    [fact] = facts(told, "safeguarding.status.changed.v1", "north-csc")

    assert fact.body == {"status": "section-47", "since": "2026-02-01"}


def test_months_end_on_the_last_day_that_there_is() -> None:
    days = [months_after(date(2024, 2, 29), n).isoformat() for n in (12, 1, -2, 10)]

    assert days == ["2025-02-28", "2024-03-29", "2023-12-29", "2024-12-29"]
