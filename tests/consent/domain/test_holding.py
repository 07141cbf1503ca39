"""What is held for a person, whose it is, until when, who is next, and do two release it?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.agreements import Agreement
from contracts.messages import ClockKind, Outcome, Owner
from services.consent.domain.conditions.roles import has_refused_alone_at_risk
from services.consent.domain.deciding import decide
from services.consent.domain.decision import Decision, Verdict
from services.consent.domain.facts import Area, ConsentEntry, Facts, MaracEntry, Policy
from services.consent.domain.holding import hold_has_run_out
from services.consent.domain.question import ask
from tests.consent.story import (
    AGREEMENTS,
    NORTH,
    NOW,
    ORGANISATIONS,
    PEPPER,
    child,
    harmed,
    incident,
    matter,
    other,
    owed,
    verdict,
)

MARAC = [a for a in AGREEMENTS if a.id == "police-to-marac"]
THEN = datetime(2026, 2, 13, 22, 40, tzinfo=UTC)


def only(decided: Verdict, audience: str) -> Decision:
    (one,) = [each for each in decided.decisions if each.audience == audience]
    return one


def refusal(kind: Any = "refused", **more: Any) -> ConsentEntry:
    return ConsentEntry(consent="c", kind=kind, at=THEN - timedelta(days=3), **more)


def alone(**more: Any) -> dict[str, Any]:
    """Graded high, and nobody but the adult who was harmed."""
    told = incident(grading="high", **more)
    people = [one for one in told["people"] if one["ref"] != "c1"]
    return {**told, "people": people, "children": []}


def to_marac(data: dict[str, Any], **facts: Any) -> tuple[Outcome, set[str]]:
    decided = only(verdict(data, agreements=MARAC, facts=Facts(**facts)), "marac")
    return decided.outcome, {reason.rule for reason in decided.because}


def test_each_accusing_the_other_is_for_a_person_where_the_reader_acts_upon_who_is_harmed() -> None:
    parties = {"harmed": "h", "other": ["o"], "counter_allegation": True}
    both = incident(grading="high", parties=parties)
    assert to_marac(both) == (Outcome.HELD, {"each-accuses-the-other"})
    # The school is told the same whoever accuses whom: the duty is towards the child.
    assert only(verdict(both), "education").outcome is Outcome.DISCLOSED


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"reversed_between": (THEN - timedelta(days=30),)}, Outcome.HELD),
        ({"reversed_between": (THEN,)}, Outcome.HELD),
        ({"reversed_between": (datetime(2025, 2, 13, tzinfo=UTC),)}, Outcome.HELD),
        ({"reversed_between": (datetime(2025, 2, 12, tzinfo=UTC),)}, Outcome.DISCLOSED),
        ({"between": (THEN - timedelta(days=30),)}, Outcome.DISCLOSED),
        (
            {"marac_reversed": (MaracEntry(kind="meeting", at=THEN - timedelta(9), area="m"),)},
            Outcome.HELD,
        ),
    ],
)
def test_the_same_two_in_reversed_roles_within_twelve_months(
    facts: dict[str, Any], outcome: Outcome
) -> None:
    assert to_marac(incident(grading="high"), **facts)[0] is outcome


def test_nobody_is_held_for_reversed_roles_whom_nothing_would_tell() -> None:
    facts = {"reversed_between": (THEN - timedelta(days=30),)}
    assert to_marac(incident(), **facts)[0] is Outcome.WITHHELD


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ((), Outcome.DISCLOSED),
        ((refusal(),), Outcome.HELD),
        ((refusal("withdrawn"),), Outcome.HELD),
        ((refusal(audiences=("marac",)),), Outcome.HELD),
        ((refusal(audiences=("housing",)),), Outcome.DISCLOSED),
        ((refusal(), refusal("given", audiences=("marac",))), Outcome.HELD),
        ((refusal(competence="doubtful"),), Outcome.HELD),
        (
            (
                refusal(),
                ConsentEntry(consent="d", kind="given", at=THEN, audiences=("marac",)),
            ),
            Outcome.DISCLOSED,
        ),
    ],
)
def test_a_capable_adults_refusal_is_neither_overridden_nor_obeyed(
    entries: tuple[ConsentEntry, ...], outcome: Outcome
) -> None:
    assert to_marac(alone(), consents={"h": entries})[0] is outcome


def test_where_a_child_is_at_risk_too_a_refusal_decides_nothing() -> None:
    consents = {"h": (refusal(),)}
    assert to_marac(incident(grading="high"), consents=consents)[0] is Outcome.DISCLOSED
    young = alone(harmed=harmed(born="2009-01-01"))
    assert to_marac(young, consents=consents)[0] is Outcome.DISCLOSED


def referral(**more: Any) -> Any:
    data = {
        "reference": "M/1",
        "harmed": harmed(),
        "other": [other()],
        "referred_at": "2026-02-13T10:00:00+00:00",
        "area": "north-marac",
        **more,
    }
    told = matter(data, "marac.referral.made.v1")
    person = told.people["h"]
    question = ask(told, Facts(), Area(organisations=ORGANISATIONS), person, "marac", MARAC[0])
    return has_refused_alone_at_risk(question).applies


def test_a_referral_says_itself_that_the_person_refuses() -> None:
    assert referral(consent="refused")
    assert not referral(consent="refused", children=[child(relationships=[])])
    assert not referral(consent="not-sought")


def reviews(data: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {one.audience or "": one for one in owed(verdict(data, **more), "review-hold")}


def area(**settings: Any) -> Area:
    policy = Policy(agreement="operation-encompass", local_authority=NORTH, settings=settings)
    return Area(organisations=ORGANISATIONS, policies=(policy,))


def test_who_is_next_is_the_force_after_the_authority_and_the_authority_after_others() -> None:
    marked = {"hold": {**HOLD, "audiences": ["childrens-social-care"]}}
    found = reviews(incident(handling=marked))
    authority = found["education"].owner
    assert authority.kind == "local-authority"
    assert found["education"].escalates_to == Owner(organisation="north-police")
    assert found["childrens-social-care"].escalates_to == authority
    nowhere = incident(handling={"covert": True}, location=None)
    homeless = [{**one, "addresses": []} for one in nowhere["people"]]
    found = reviews({**nowhere, "people": homeless})
    assert {one.escalates_to for one in found.values()} == {Owner(organisation="north-police")}


def test_an_area_names_who_is_next() -> None:
    found = reviews(incident(handling={"covert": True}), area=area(escalate_to="north-marac"))
    assert found["education"].escalates_to == Owner(organisation="north-marac")


HOLD = {
    "until": "2026-02-14T09:00:00+00:00",
    "authorised_by": "A Test",
    "rank": "superintendent",
    "reason": "An arrest is planned",
}


def test_a_hold_that_ended_while_the_event_waited_still_holds() -> None:
    """Consent was down: the end of a hold is no release, whoever slept through it."""
    told = matter(incident(handling={"hold": HOLD}))
    late = type(told)(
        type=told.type,
        agency=told.agency,
        content=told.content,
        accepted_at=NOW,
        now=NOW + timedelta(days=1),
    )
    decided = decide(late, Facts(), Area(organisations=ORGANISATIONS), AGREEMENTS, PEPPER)
    assert only(decided, "education").outcome is Outcome.HELD
    [review] = owed(decided, "review-hold")
    assert review.due.kind is ClockKind.AT_ONCE
    assert review.due.starts_at.isoformat() == HOLD["until"]


def asking(release: str, *, of: str | None = None) -> Iterator[Agreement]:
    """The agreements, one of them asking for two: as a whole, or for one of its conditions."""
    for agreement in AGREEMENTS:
        if agreement.id != "operation-encompass":
            yield agreement
            continue
        asked: dict[str, Any] = {"release": release} if of is None else {}
        conditions = [
            c.model_copy(update={"release": release}) if c.use == of else c
            for c in agreement.conditions
        ]
        yield agreement.model_copy(update={**asked, "conditions": tuple(conditions)})


@pytest.mark.parametrize(
    ("agreements", "settings", "handling", "two"),
    [
        (list(asking("one-person")), {}, {"covert": True}, False),
        (list(asking("two-person")), {}, {"covert": True}, True),
        (list(asking("two-person", of="investigation-is-covert")), {}, {"covert": True}, True),
        (list(asking("two-person", of="offence-is-sexual")), {}, {"covert": True}, False),
        (list(asking("one-person")), {"release": "two-person"}, {"covert": True}, True),
        (list(asking("two-person")), {"release": "one-person"}, {"covert": True}, True),
        (list(asking("two-person")), {}, {}, False),
    ],
)
def test_two_release_it_where_condition_agreement_or_area_asks_for_two(
    agreements: list[Agreement],
    settings: dict[str, Any],
    handling: dict[str, Any],
    two: bool,
) -> None:
    decided = verdict(incident(handling=handling), agreements=agreements, area=area(**settings))
    assert only(decided, "education").two_person is two


def test_a_hold_that_had_ended_holds_what_it_held_and_nothing_else() -> None:
    data, then = incident(handling={"hold": HOLD}), datetime(2026, 2, 14, 10, tzinfo=UTC)
    fresh = only(verdict(data, now=then), "education")
    assert fresh.outcome is Outcome.DISCLOSED
    facts = Facts(still_held=frozenset({"education"}))
    again = only(verdict(data, now=then, facts=facts), "education")
    assert again.outcome is Outcome.HELD
    assert {reason.rule for reason in again.because} == {"hold-asked-by-sender"}
    assert hold_has_run_out(matter(data, now=then))
    assert not hold_has_run_out(matter(data))
    assert not hold_has_run_out(matter(incident()))
