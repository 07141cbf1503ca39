"""Who hears that treatment ended or an appointment was missed?"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.consent.domain.facts import ConsentEntry, Facts, Status
from tests.consent.story import (
    ENDED,
    MISSED,
    NORTH,
    NOW,
    SOUTH,
    answer,
    child,
    client,
    content,
    ended,
    missed,
    outcome,
    owed,
    rules,
    verdict,
)

CSC = "childrens-social-care"
KID = child(relationships=[{"to": "p", "kind": "child"}], education=[])


def status(kind: str, since: str = "2026-01-01", told: datetime = NOW) -> Status:
    return Status(status=kind, since=date.fromisoformat(since), told_at=told)


def plan(*statuses: Status) -> Facts:
    return Facts(statuses={"c1": statuses or (status("protection-plan"),)})


def given(**more: Any) -> ConsentEntry:
    told: dict[str, Any] = {
        "consent": "k",
        "kind": "given",
        "at": datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        "purposes": ("early-help",),
        "audiences": (CSC,),
        "categories": ("attendance", "treatment-engagement"),
        "competence": "adult",
    }
    return ConsentEntry(**{**told, **more})


def consent(*entries: ConsentEntry) -> Facts:
    return Facts(consents={"p": entries})


@pytest.mark.parametrize("kind", ["section-47", "protection-plan"])
def test_an_open_plan_is_a_duty_within_the_hour_from_acceptance(kind: str) -> None:
    decided = verdict(ended(KID), ENDED, facts=plan(status(kind)))
    terms = answer(decided, CSC).terms

    assert terms is not None
    assert terms.agreement.id == "treatment-to-social-care"
    assert (terms.due.hours, terms.due.starts_at, terms.rests_on_consent) == (1, NOW, False)


@pytest.mark.parametrize("kind", ["none", "child-in-need", "looked-after"])
def test_another_status_is_no_duty(kind: str) -> None:
    assert outcome(verdict(ended(KID), ENDED, facts=plan(status(kind))), CSC) == "withheld"


def test_the_latest_status_counts_and_of_one_day_what_was_told_last() -> None:
    closed = plan(status("protection-plan"), status("none", "2026-02-01"))
    assert outcome(verdict(ended(KID), ENDED, facts=closed), CSC) == "withheld"

    later = plan(status("none", told=NOW - timedelta(days=1)), status("section-47", told=NOW))
    assert outcome(verdict(ended(KID), ENDED, facts=later), CSC) == "disclosed"

    tomorrow = plan(status("protection-plan", "2026-02-14"))
    assert outcome(verdict(ended(KID), ENDED, facts=tomorrow), CSC) == "withheld"


def test_harm_that_the_provider_stated_itself_is_a_duty_within_a_day() -> None:
    decided = verdict(ended(KID), ENDED, facts=Facts(harm_stated=frozenset({"c1"})))
    terms = answer(decided, CSC).terms

    assert terms is not None
    assert (terms.due.hours, terms.rests_on_consent) == (24, False)


def test_a_dropout_on_which_nobody_was_asked_is_withheld() -> None:
    decided = verdict(ended(KID), ENDED)

    assert outcome(decided, CSC) == "withheld"
    assert "consent-never-asked" in rules(decided, CSC)
    assert not decided.obligations


def test_a_death_is_told_without_consent_by_telephone_first() -> None:
    told = ended(KID, reason="died")
    del told["client_told"]
    decided = verdict(told, ENDED, facts=consent(given(kind="refused")))
    terms = answer(decided, CSC).terms

    assert terms is not None
    assert terms.phone_first
    assert terms.due.hours == 1
    [task] = owed(decided, "phone-establishment")
    assert (task.owner.organisation, task.decided) == ("haven", True)
    assert not owed(decided, "tell-subject")


def test_without_a_child_nothing_is_told_about_the_client() -> None:
    for told in (ended(), ended(reason="died")):
        decided = verdict(told, ENDED, facts=consent(given()))
        assert outcome(decided, CSC, "p") == "withheld"
        assert "a-child-is-concerned" in rules(decided, CSC, "p")


@pytest.mark.parametrize(
    ("entries", "expected", "rule"),
    [
        ([given()], "disclosed", "consent-given"),
        ([given(purposes=("support",))], "withheld", "consent-does-not-cover"),
        ([given(audiences=("health-visiting",))], "withheld", "consent-does-not-cover"),
        ([given(categories=("attendance",))], "withheld", "consent-does-not-cover"),
        ([given(expires_on=date(2026, 2, 12))], "withheld", "consent-expired"),
        ([given(expires_on=date(2026, 2, 13))], "disclosed", "consent-given"),
        ([given(competence="doubtful")], "held", "client-allows-this-sharing"),
        ([given(presence_doubtful=True)], "held", "client-allows-this-sharing"),
        ([given(kind="refused")], "withheld", "consent-refused"),
        ([given(), given(kind="withdrawn", at=NOW)], "withheld", "consent-withdrawn"),
        ([given(kind="refused"), given(at=NOW)], "disclosed", "consent-given"),
        ([given(), given(kind="withdrawn")], "withheld", "consent-withdrawn"),
        (
            [given(), given(kind="withdrawn", at=NOW, purposes=(), audiences=(), categories=())],
            "withheld",
            "consent-withdrawn",
        ),
        ([given(), given(kind="withdrawn", at=NOW, purposes=("support",))], "disclosed", None),
    ],
)
def test_below_a_duty_it_is_the_clients_last_word(
    entries: list[ConsentEntry], expected: str, rule: str | None
) -> None:
    decided = verdict(ended(KID), ENDED, facts=consent(*entries))

    assert outcome(decided, CSC) == expected
    assert rule is None or rule in rules(decided, CSC)
    assert outcome(verdict(ended(KID), ENDED, facts=consent(*reversed(entries))), CSC) == expected


def test_what_rests_on_consent_says_so_and_a_duty_goes_before_it() -> None:
    alone = answer(verdict(ended(KID), ENDED, facts=consent(given())), CSC).terms
    both = Facts(consents={"p": (given(),)}, statuses={"c1": (status("section-47"),)})
    duty = answer(verdict(ended(KID), ENDED, facts=both), CSC).terms

    assert alone is not None
    assert alone.rests_on_consent
    assert (alone.due.hours, alone.agreement.id) == (24, "early-help-by-consent")
    assert duty is not None
    assert not duty.rests_on_consent


def test_a_missed_assessment_of_social_care_is_told_within_a_day_of_its_start() -> None:
    decided = verdict(missed(KID), MISSED)
    terms = answer(decided, CSC).terms

    assert terms is not None
    assert terms.agreement.id == "missed-assessment"
    assert (terms.due.kind.value, terms.due.hours) == ("clock-hours", 24)
    assert terms.due.starts_at == datetime(2026, 2, 13, 10, 0, tzinfo=UTC)
    assert (terms.routing.local_authority, terms.routing.organisation) == (NORTH, None)
    assert content(decided, CSC)["appointment.outcome"] == "did-not-attend"


@pytest.mark.parametrize("how", ["did-not-attend", "cancelled-by-client", "no-access"])
def test_every_way_of_missing_it_counts(how: str) -> None:
    assert outcome(verdict(missed(KID, outcome=how), MISSED), CSC) == "disclosed"


def test_without_a_home_it_goes_to_who_referred() -> None:
    lost = answer(verdict(missed({**KID, "addresses": []}), MISSED), CSC).terms
    moved = {**KID, "addresses": [{"kind": "home", "local_authority": SOUTH}]}
    home = answer(verdict(missed(moved), MISSED), CSC).terms

    assert lost is not None
    assert lost.routing.organisation == "north-csc"
    assert home is not None
    assert (home.routing.organisation, home.routing.local_authority) == (None, SOUTH)


def test_a_client_without_children_is_told_of_to_who_referred() -> None:
    terms = answer(verdict(missed(), MISSED), CSC, "p").terms

    assert terms is not None
    assert terms.routing.organisation == "north-csc"


@pytest.mark.parametrize(
    ("appointment", "expected"),
    [
        ({"referred_by": "surgery"}, "withheld"),
        ({"kind": "review"}, "withheld"),
        ({"referred_by": "nobody-knows"}, "held"),
    ],
)
def test_other_appointments_are_not_social_cares(
    appointment: dict[str, Any], expected: str
) -> None:
    assert outcome(verdict(missed(KID, appointment=appointment), MISSED), CSC) == expected


def test_an_appointment_of_nobody_needs_consent_to_attendance() -> None:
    told = missed(KID, appointment={"kind": "review"})
    del told["appointment"]["referred_by"]

    assert outcome(verdict(told, MISSED, facts=consent(given())), CSC) == "disclosed"
    narrow = consent(given(categories=("treatment-engagement",)))
    assert outcome(verdict(told, MISSED, facts=narrow), CSC) == "withheld"
    assert outcome(verdict(told, MISSED), "referrer", "p") == "withheld"


def test_a_missed_appointment_under_a_plan_is_a_duty_by_the_earlier_clock() -> None:
    terms = answer(verdict(missed(KID), MISSED, facts=plan()), CSC).terms

    assert terms is not None
    assert terms.agreement.id == "missed-assessment"
    assert "child.addresses" in terms.content  # what either agreement lets be seen


def test_who_referred_hears_of_it_when_the_client_allows_that() -> None:
    allowed = given(purposes=("referral",), audiences=("referrer",))
    told = missed(appointment={"referred_by": "surgery"})
    decided = verdict(told, MISSED, facts=consent(allowed))
    terms = answer(decided, "referrer", "p").terms

    assert terms is not None
    assert terms.routing.organisation == "surgery"
    assert "child.name" not in terms.content


@pytest.mark.parametrize(
    ("told", "tasks"),
    [
        ({"told": False}, 1),
        ({"told": False, "why_not": "It would put the child at risk"}, 0),
        ({"told": True, "when": "2026-02-13T15:00:00Z"}, 0),
    ],
)
def test_who_shares_without_telling_owes_it_or_a_reason(told: dict[str, Any], tasks: int) -> None:
    decided = verdict(ended(KID, client_told=told), ENDED, facts=plan())

    assert len(owed(decided, "tell-subject")) == tasks
    unshared = verdict(ended(KID, client_told=told), ENDED)
    assert not owed(unshared, "tell-subject")


def test_a_child_without_an_address_lives_with_the_client() -> None:
    homeless = {**KID, "addresses": []}
    decided = verdict(ended(homeless), ENDED, facts=plan())

    assert outcome(decided, CSC) == "disclosed"
    lost = ended(homeless, client=client(addresses=[]))
    assert outcome(verdict(lost, ENDED, facts=plan()), CSC) == "held"
    assert outcome(verdict(lost, ENDED), CSC) == "withheld"


def test_an_assessment_that_nobody_is_named_for_is_not_social_cares() -> None:
    told = missed(KID)
    del told["appointment"]["referred_by"]

    assert outcome(verdict(told, MISSED), CSC) == "withheld"
