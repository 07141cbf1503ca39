"""What a person may disclose in an emergency, and what not even then (ADR 0029)."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from contracts.agreements import Agreement
from contracts.identity import household_key, reader_key
from contracts.messages import ClockKind
from services.consent.domain.decision import Terms
from services.consent.domain.facts import Area, Facts, Policy
from services.consent.domain.overriding import (
    CannotOverride,
    Wanted,
    breach_by,
    review_by,
    terms_in_emergency,
)
from tests.consent.domain.test_weighing import agreement
from tests.consent.story import (
    AGREEMENTS,
    AREA,
    ENDED,
    NORTH,
    NOW,
    ORGANISATIONS,
    PEPPER,
    Json,
    child,
    ended,
    harmed,
    incident,
    matter,
    other,
)

CSC = "childrens-social-care"


def terms(
    told: Json,
    audience: str,
    *,
    area: Area = AREA,
    agreements: tuple[Agreement, ...] = AGREEMENTS,
    **more: Any,
) -> Terms:
    what = matter(told, ENDED, "haven") if "episode" in told else matter(told)
    wanted = Wanted(about=more.pop("about", "c1"), audience=audience, **more)
    return terms_in_emergency(what, Facts(), area, agreements, wanted, PEPPER)


def refused(told: Json, audience: str, **more: Any) -> str:
    with pytest.raises(CannotOverride) as fault:
        terms(told, audience, **more)
    return fault.value.pointer


def test_it_is_urgent_asks_no_signature_and_rests_on_no_consent() -> None:
    made = terms(ended(child()), CSC, agreement="early-help-by-consent")

    assert (made.profile, made.rests_on_consent, made.urgent) == ("engagement", False, True)
    assert (made.due.starts_at, made.due.hours) == (NOW, 1)
    assert made.routing.by_override
    assert (made.routing.signatories, made.routing.agreement_until) == (None, None)


def test_the_review_is_due_at_the_close_of_the_next_working_day() -> None:
    due = review_by(matter(incident()))
    assert (due.kind.value, due.days, due.at) == ("working-day", 1, time(17, 0))


def test_among_several_agreements_a_person_names_one() -> None:
    assert refused(ended(child()), CSC) == "/agreement"
    assert refused(ended(child()), CSC, agreement="operation-encompass") == "/agreement"
    assert refused(incident(), "midwifery") == "/agreement"


def test_a_profile_is_one_of_that_audience() -> None:
    made = terms(incident(), "education", agreement="operation-encompass", profile="minimal")
    assert made.profile == "minimal"
    told = ended(child())
    assert refused(told, CSC, agreement="early-help-by-consent", profile="attendance") == "/profile"


def test_what_the_area_has_not_opened_is_no_way_to_share() -> None:
    switch: Json = {"open": {"default": False, "says": "A local choice."}}
    local = agreement([("permit", "true")], opened_by="open", area=switch)
    assert refused(incident(), "education", agreements=(local,)) == "/agreement"

    policy = Policy(agreement=local.id, local_authority=NORTH, settings={"open": True})
    opened = Area(organisations=ORGANISATIONS, policies=(policy,))
    assert terms(incident(), "education", agreements=(local,), area=opened).profile == "plain"


def test_a_refuge_barred_readers_and_who_is_never_told_stay_so() -> None:
    hidden = {"kind": "refuge", "lines": ["Hidden House"], "postcode": "ZZ99 9RF"}
    told = incident(
        child(addresses=[{**hidden, "local_authority": NORTH}]),
        people=[harmed(addresses=[hidden]), other()],
        handling={
            "never_tell": ["alder"],
            "not_readers": [{"given_name": "Ada", "family_name": "Test", "reason": "Kin."}],
        },
    )
    for audience, name in ((CSC, "police-to-social-care"), ("education", "operation-encompass")):
        made = terms(told, audience, agreement=name)
        assert "Hidden House" not in str(made.content)
        assert "9RF" not in str(made.content)
        assert made.routing.never_tell == ("alder",)
        named = {reader_key(PEPPER, name, "Test") for name in ("Ann", "Bob", "Ada")}
        assert named <= set(made.routing.barred_readers)
        assert household_key(PEPPER, "ZZ99 9RF", "Hidden House") not in made.routing.barred_readers


def test_unsuitable_words_are_left_out_for_a_school_and_kept_for_social_care() -> None:
    told = incident(circumstances={"kinds": ["verbal"], "summary": "She takes methadone."})
    school = terms(told, "education", agreement="operation-encompass", profile="full")
    assert "incident.summary" not in school.content
    assert "incident.summary" in school.drops
    care = terms(told, CSC, agreement="police-to-social-care")
    assert care.content["incident.summary"] == "She takes methadone."
    plain = terms(incident(), "education", agreement="operation-encompass", profile="full")
    assert "incident.summary" in plain.content


def test_whether_it_was_a_breach_is_assessed_within_72_hours_of_the_review() -> None:
    reviewed = datetime.fromisoformat("2026-06-15T10:00:00+01:00")
    due = breach_by(reviewed)

    assert (due.kind, due.hours) == (ClockKind.CLOCK_HOURS, 72)
    assert due.starts_at == reviewed
    assert due.starts_at.utcoffset() == timedelta(0)
