"""Where does a rule begin and where does it end? What a small change to the kernel would shift.

Each of these was added because such a change went unnoticed (ADR 0034).
"""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts.people import Person
from contracts.signatures import Signature
from services.consent.domain.conditions.consent import judge
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.domain.days import within_months_after
from services.consent.domain.facts import ConsentEntry, Facts, Policy, Status
from services.consent.domain.kinship import is_parent_of, kinds_between
from services.consent.domain.question import Question
from services.consent.domain.signing import signed_on
from tests.consent.story import (
    AREA,
    ENDED,
    MISSED,
    NOW,
    answer,
    child,
    content,
    ended,
    harmed,
    incident,
    matter,
    missed,
    other,
    outcome,
    person,
    rules,
    verdict,
)

CSC = "childrens-social-care"
KID = child(relationships=[], education=[])


def entry(**more: Any) -> ConsentEntry:
    told: dict[str, Any] = {"consent": "k", "kind": "given", "at": NOW, "competence": "adult"}
    return ConsentEntry(**{**told, **more})


def judged(given: ConsentEntry) -> str | None:
    return judge(
        [given], purpose="early-help", audience=CSC, category="attendance", day=NOW.date()
    ).rule


def test_consent_with_an_empty_scope_allows_nothing_and_a_refusal_with_one_everything() -> None:
    assert judged(entry()) == "consent-does-not-cover"
    assert judged(entry(kind="refused")) == "consent-refused"
    assert judged(entry(kind="withdrawn")) == "consent-withdrawn"


@pytest.mark.parametrize("missing", ["purposes", "audiences", "categories"])
def test_consent_that_leaves_one_side_open_allows_nothing(missing: str) -> None:
    whole = {"purposes": ("early-help",), "audiences": (CSC,), "categories": ("attendance",)}

    assert judged(entry(**whole)) == "consent-given"
    assert judged(entry(**{**whole, missing: ()})) == "consent-does-not-cover"


def test_consent_holds_on_its_last_day() -> None:
    whole = {"purposes": ("early-help",), "audiences": (CSC,), "categories": ("attendance",)}

    assert judged(entry(**whole, expires_on=date(2026, 2, 13))) == "consent-given"
    assert judged(entry(**whole, expires_on=date(2026, 2, 12))) == "consent-expired"


def test_a_plan_counts_from_the_day_on_which_it_begins() -> None:
    status = Status(status="protection-plan", since=date(2026, 2, 13), told_at=NOW)
    facts = Facts(statuses={"c1": (status,)})

    assert outcome(verdict(ended(KID), ENDED, facts=facts), CSC) == "disclosed"


def test_who_has_signed_counts_from_the_first_day_to_the_last() -> None:
    signatures = [
        Signature(organisation="alder", since=date(2026, 2, 13), until=date(2026, 2, 14)),
        Signature(organisation="birch"),
    ]
    found = [signed_on(signatures, date(2026, 2, day)) for day in (12, 13, 14, 15)]

    both, one = {"alder", "birch"}, {"birch"}
    assert found == [one, both, both, one]


def test_nobody_hears_as_referrer_of_an_appointment_to_which_nobody_referred() -> None:
    told = missed(KID)
    del told["appointment"]["referred_by"]
    decided = verdict(told, MISSED)

    assert outcome(decided, "referrer", "p") == "withheld"
    assert rules(decided, "referrer", "p") == {"appointment-was-referred"}


def test_what_happens_at_the_same_moment_is_not_after_it() -> None:
    moment = datetime(2026, 2, 13, 22, 40, tzinfo=UTC)

    assert not within_months_after(moment, moment, 12)
    told = verdict(incident(), facts=Facts(earlier={"c1": (moment,)}))
    assert content(told)["history.count_12_months"] == 0


def test_a_summary_is_looked_for_only_in_an_incident() -> None:
    what = matter(ended(KID), ENDED, "haven")
    [somebody] = what.children
    asked = Question(
        matter=what,
        facts=Facts(),
        area=AREA,
        person=somebody,
        audience="education",
        place=None,
        policy=Policy(agreement="any"),
        shown=frozenset({"incident.summary"}),
    )

    assert not CONDITIONS["summary-needs-a-reader"].test(asked).applies


def somebody(ref: str, *links: tuple[str, str]) -> Person:
    told = person(ref, "Sam", None)
    told["relationships"] = [{"to": to, "kind": kind} for to, kind in links]
    return Person.model_validate(told)


@pytest.mark.parametrize("kind", ["parent", "step-parent", "parental-responsibility"])
def test_a_parent_may_say_so(kind: str) -> None:
    assert is_parent_of(somebody("a", ("c", kind)), somebody("c"))
    assert not is_parent_of(somebody("a", ("b", kind)), somebody("c"))


@pytest.mark.parametrize("kind", ["child", "step-child"])
def test_or_the_child_may(kind: str) -> None:
    assert is_parent_of(somebody("a"), somebody("c", ("a", kind)))
    assert not is_parent_of(somebody("a"), somebody("c", ("b", kind)))


@pytest.mark.parametrize("kind", ["sibling", "relative", "unrelated", "partner"])
def test_other_links_make_no_parent(kind: str) -> None:
    assert not is_parent_of(somebody("a", ("c", kind)), somebody("c", ("a", kind)))


def test_a_parent_is_not_the_child_of_its_child() -> None:
    assert not is_parent_of(somebody("a", ("c", "child")), somebody("c", ("a", "parent")))


def test_only_links_between_the_two_are_links_between_them() -> None:
    one = somebody("a", ("c", "parent"), ("b", "partner"))
    child_ = somebody("c", ("a", "child"), ("d", "sibling"))

    assert sorted(kinds_between(one, child_)) == ["child", "parent"]
    assert sorted(kinds_between(child_, one)) == ["child", "parent"]


def test_a_child_related_to_somebody_else_in_the_event_is_not_related_to_a_party() -> None:
    lodger = person("x", "Xan", "1980-01-01")
    kid = child(relationships=[{"to": "x", "kind": "child"}, {"to": "h", "kind": "unrelated"}])
    decided = verdict(incident(kid, people=[harmed(), other(), lodger]))

    assert outcome(decided) == "withheld"
    assert answer(decided, CSC).outcome == "disclosed"
