"""Fail closed: the laws of deciding, whatever the agreements say (ADR 0008)."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.agreements import Agreement
from services.consent.domain.facts import Area
from services.consent.domain.question import Condition, Finding, Question, Unknown
from tests.consent.story import (
    AGREEMENTS,
    AREA,
    ENDED,
    ORGANISATIONS,
    answer,
    child,
    ended,
    incident,
    outcome,
    rules,
    verdict,
)


def _true(_: Question) -> Finding:
    return Finding(applies=True, says="It is so.")


def _false(_: Question) -> Finding:
    return Finding(applies=False, says="It is not so.")


def _unknown(_: Question) -> Finding:
    raise Unknown("Nobody can tell.")


def _broken(_: Question) -> Finding:
    raise ZeroDivisionError


PLAIN = {
    name: Condition(version="1", cites="a test", test=test)
    for name, test in (
        ("true", _true),
        ("false", _false),
        ("unknown", _unknown),
        ("broken", _broken),
    )
}
EFFECTS = ("covers", "require", "forbid", "hold", "permit", "note")
EFFECT = st.sampled_from(EFFECTS)
TRUTH = st.sampled_from(sorted(PLAIN))
CONDITIONS = st.lists(st.tuples(EFFECT, TRUTH), min_size=1, max_size=6)


def agreement(
    conditions: list[tuple[str, str]],
    *,
    id_: str = "made-up",
    consent: str = "irrelevant",
    profile: tuple[str, ...] = ("child.name",),
    **more: Any,
) -> Agreement:
    told = {
        "id": id_,
        "version": "1",
        "title": "For the tests",
        "purpose": "To try the rules.",
        "in_force": {"since": "2025-11-07"},
        "parties": {"senders": ["police"], "recipients": ["school"]},
        "events": ["police.incident.recorded.v1"],
        "audiences": {
            "education": {
                "about": "child",
                "default_profile": "plain",
                "due": [{"kind": "school-day", "starts": "believed-at"}],
            }
        },
        "consent": consent,
        "basis": {"article_6": "a", "gateway": "b", "cites": []},
        "tell_subject": {"required": False},
        "conditions": [
            # The model asks for a permit; one that is never so changes nothing.
            {"use": "false", "rule": "never", "effect": "permit", "says": "Never."},
            *(
                {"use": use, "rule": f"{effect}-{use}", "effect": effect, "says": "Said."}
                for effect, use in conditions
            ),
        ],
        "profiles": {"plain": list(profile)},
        "retention": {"months": 1, "says": "Short."},
        "review_on": "2027-01-01",
        "breaches_to": "x@daybreak.example",
        "citations": {},
        **more,
    }
    return Agreement.model_validate(told)


def decided(*agreements: Agreement, area: Area = AREA) -> Any:
    return verdict(incident(), agreements=agreements, conditions=PLAIN, area=area)


@for_all(CONDITIONS)
def test_nothing_is_disclosed_that_is_forbidden_unpermitted_or_cannot_be_judged(
    conditions: list[tuple[str, str]],
) -> None:
    found = decided(agreement(conditions))
    told = set(conditions)
    forbidden = told & {("forbid", "true"), ("require", "false"), ("covers", "false")}
    doubtful = {
        one for one in told if one[0] != "note" and one[1] in ("unknown", "broken")
    } | told & {("hold", "true")}
    permitted = ("permit", "true") in told
    perhaps = permitted or bool(told & {("permit", "unknown"), ("permit", "broken")})

    if forbidden:
        assert outcome(found) == "withheld"
    elif doubtful and perhaps:
        assert outcome(found) == "held"
    else:
        assert outcome(found) == ("disclosed" if permitted else "withheld")
    assert answer(found).because


def _shuffled(items: Any, random: Any) -> list[Any]:
    return list(random.sample(items, len(items)))


@for_all(st.lists(CONDITIONS, min_size=1, max_size=4), st.randoms())
def test_order_does_not_matter(several: list[list[tuple[str, str]]], random: Any) -> None:
    agreements = [agreement(one, id_=f"made-up-{n}") for n, one in enumerate(several)]
    shuffled = [
        one.model_copy(
            update={"conditions": tuple(random.sample(one.conditions, len(one.conditions)))}
        )
        for one in agreements
    ]
    random.shuffle(shuffled)

    assert outcome(decided(*agreements)) == outcome(decided(*shuffled))
    assert rules(decided(*agreements)) == rules(decided(*shuffled))


@for_all(st.lists(CONDITIONS, min_size=1, max_size=3), CONDITIONS)
def test_another_agreement_never_takes_a_disclosure_away(
    several: list[list[tuple[str, str]]], another: list[tuple[str, str]]
) -> None:
    before = [agreement(one, id_=f"made-up-{n}") for n, one in enumerate(several)]
    added = agreement(another, id_="made-up-zero", profile=("incident.reference",))

    if outcome(decided(*before)) == "disclosed":
        former = answer(decided(*before)).terms
        after = answer(decided(*before, added)).terms
        assert after is not None
        assert former is not None
        assert outcome(decided(*before, added)) == "disclosed"
        assert set(former.content) <= set(after.content)


def test_the_real_agreements_may_be_read_in_any_order() -> None:
    told = ended(child(relationships=[]))
    mine = [one for one in AGREEMENTS if ENDED in one.events]
    found = {str(verdict(told, ENDED, agreements=order)) for order in permutations(mine)}

    assert len(found) == 1


@pytest.mark.parametrize("fault", ["unknown", "broken"])
def test_a_condition_that_breaks_names_nobody(fault: str) -> None:
    found = decided(agreement([("require", fault), ("permit", "true")]))

    assert outcome(found) == "held"
    assert rules(found) == {f"require-{fault}"}
    assert "ZeroDivision" not in str(answer(found).because)


def test_a_duty_goes_before_consent_and_its_fields_stay_its_own() -> None:
    duty = agreement([("permit", "true")], id_="duty")
    consent = agreement(
        [("permit", "true")], id_="a-consent", consent="needed", profile=("incident.summary",)
    )
    terms = answer(decided(consent, duty)).terms

    assert terms is not None
    assert (terms.agreement.id, terms.rests_on_consent) == ("duty", False)
    assert set(terms.content) == {"child.name"}


def test_an_agreement_not_in_force_on_the_day_of_belief_says_nothing() -> None:
    past = {"in_force": {"since": "2025-01-01", "until": "2026-02-12"}}
    future = {"in_force": {"since": "2026-02-14"}}
    today = {"in_force": {"since": "2026-02-13", "until": "2026-02-13"}}

    spans: list[tuple[dict[str, Any], int]] = [(past, 0), (future, 0), (today, 1)]
    for span, answers in spans:
        found = decided(agreement([("permit", "true")], **span))
        assert len(found.decisions) == answers
        assert bool(found.note) == (answers == 0)


def test_who_has_not_signed_does_not_disclose_and_signatories_travel() -> None:
    one = agreement([("permit", "true")])
    others = Area(organisations=ORGANISATIONS, signatories={"made-up": frozenset({"alder"})})
    signed = Area(
        organisations=ORGANISATIONS,
        signatories={"made-up": frozenset({"north-police", "alder"})},
    )

    assert outcome(decided(one, area=others)) == "withheld"
    assert rules(decided(one, area=others)) == {"sender-is-a-party"}
    terms = answer(decided(one, area=signed)).terms
    assert terms is not None
    assert terms.routing.signatories == ("alder", "north-police")


def test_who_is_no_party_does_not_disclose_and_who_is_unknown_waits() -> None:
    one = agreement([("permit", "true")])

    assert outcome(verdict(incident(), source="haven", agreements=[one], conditions=PLAIN)) == (
        "withheld"
    )
    stranger = verdict(incident(), source="stranger", agreements=[one], conditions=PLAIN)
    assert outcome(stranger) == "held"


def test_a_clock_that_cannot_be_chosen_is_the_shorter_one() -> None:
    due = [
        {"when": "unknown", "kind": "clock-hours", "hours": 1, "starts": "accepted"},
        {"kind": "clock-hours", "hours": 24, "starts": "accepted"},
    ]
    audiences = {"education": {"about": "child", "default_profile": "plain", "due": due}}
    terms = answer(decided(agreement([("permit", "true")], audiences=audiences))).terms

    assert terms is not None
    assert terms.due.hours == 1


def test_an_event_that_no_agreement_covers_is_answered_too() -> None:
    found = verdict(incident(), agreements=[])

    assert found.decisions == ()
    assert found.note
