"""Who sees which datum? The matrix of ADR 0028, over any event in any area.

The table is written out here apart from the code: what an audience must not see is looked for in
the text of what it would be shown, by a mark on each datum, and by the paths.
"""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import Phase, find, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.agreements import Agreement
from contracts.field_paths import FIELDS
from contracts.scalars import Shape
from services.consent.domain.content import available, is_named
from services.consent.domain.deciding import decide
from services.consent.domain.decision import Decision
from services.consent.domain.facts import Area, Facts
from services.consent.domain.question import ask
from tests.consent.domain.happenings import (
    EVENTS,
    EVERYTHING_OPEN,
    FACTS,
    MARKS,
    UNFIT_SEEN,
    areas,
)
from tests.consent.story import AGREEMENTS, PEPPER, Json, matter, verdict

HIDDEN = {"refuge", "refuge line"}  # whoever reads: of a refuge the area alone is left
ADDRESS = {"line", "postcode"}
SIBLING = {"sibling", "school of the sibling"}
VOICE = {"words", "demeanour"}
TREATMENT = {"client", "provider", "appointment", "episode"}
ADULTS = {"harmed", "other", "safe"}
SCHOOL = HIDDEN | ADDRESS | SIBLING | TREATMENT | ADULTS | {"nhs", "marac", "score"}
HEALTH = HIDDEN | SIBLING | ADULTS | {"nhs", "marac", "score"}
MATRIX: dict[str, set[str]] = {
    "education": SCHOOL,
    "home-education-officer": SCHOOL,
    "children-missing-education": SCHOOL,
    "childrens-social-care": HIDDEN,
    "health-visiting": HEALTH,
    "school-nursing": HEALTH,
    "midwifery": HEALTH,
    "general-practice": HEALTH | VOICE | {"summary"},
    "marac": HIDDEN | {"nhs", "client", "appointment", "episode"},
    "idva": HIDDEN | {"nhs", "appointment", "episode"},
    "treatment": HIDDEN | SIBLING | ADDRESS | VOICE | {"score", "summary"},
    "housing": HIDDEN | SIBLING | VOICE | {"own name", "other", "nhs", "score", "summary"},
    "probation": HIDDEN | SIBLING | VOICE | {"own name", "nhs", "summary", "safe"},
    "adult-social-care": HIDDEN | SIBLING | VOICE | {"own name", "nhs", "score", "summary"},
    "police": HIDDEN,
    "referrer": HIDDEN | SIBLING | ADDRESS | VOICE | ADULTS | {"own name", "nhs", "episode"},
}
# Paths that may never stand before an audience, whatever is in them.
PATHS: dict[str, tuple[str, ...]] = {
    "education": ("dash.*", "marac.*", "treatment.*", "appointment.*", "client.*", "people"),
    "health-visiting": ("dash.*", "marac.*", "incident.grading"),
    "school-nursing": ("dash.*", "marac.*", "incident.grading"),
    "general-practice": ("dash.*", "marac.*", "incident.grading", "child.words"),
    "housing": ("dash.*", "marac.*", "child.*", "children", "others", "people"),
    "probation": ("child.*", "children", "people", "treatment.*", "appointment.*"),
    "referrer": ("child.*", "children", "incident.*", "marac.*", "dash.*", "people"),
    "idva": ("appointment.*", "people"),
}
# A mark that stands in a datum of the sender's own: who referred, who provides.
OF_THE_SENDER = {"provider": {"referral.by", "treatment.provider"}}


def without_senders(content: Json, mark: str) -> str:
    own = OF_THE_SENDER.get(mark, set())
    return json.dumps({path: value for path, value in content.items() if path not in own})


def seen(decision: Decision) -> Iterable[str]:
    """The marks that this audience would read, of those that the matrix keeps from it."""
    assert decision.terms is not None
    content = dict(decision.terms.content)
    by_consent = decision.terms.rests_on_consent
    for mark in _kept_from(decision):
        if by_consent and mark in TREATMENT:
            continue  # what the client has said may be told
        if MARKS[mark] in without_senders(content, mark):
            yield mark


def _kept_from(decision: Decision) -> set[str]:
    """Where it is about the second child, the first one is the sibling."""
    kept = MATRIX[decision.audience]
    if decision.about != "c2":
        return kept
    swapped = {"sibling": "own name", "own name": "sibling"}
    return {swapped.get(mark, mark) for mark in kept} - {"school of the sibling"}


@settings(max_examples=100, deadline=None)
@for_all(EVENTS, areas(), FACTS)
def test_no_audience_reads_what_the_matrix_keeps_from_it(
    event: tuple[str, str, Json], area: Area, facts: Facts
) -> None:
    type_, source, data = event
    for decision in verdict(data, type_, source, area=area, facts=facts).decisions:
        if decision.terms is None:
            continue
        assert set(seen(decision)) == set()
        forbidden = PATHS.get(decision.audience, ())
        assert [path for path in decision.terms.content if is_named(forbidden, path)] == []


@settings(max_examples=150, deadline=None)
@for_all(EVENTS, areas())
def test_no_school_reads_a_free_text_that_nobody_has_read_for_it(
    event: tuple[str, str, Json], area: Area
) -> None:
    type_, source, data = event
    for decision in verdict(data, type_, source, area=area).decisions:
        if decision.audience == "education" and decision.outcome.value == "disclosed":
            assert decision.terms is not None
            text = json.dumps(dict(decision.terms.content))
            assert not [unfit for unfit in UNFIT_SEEN if unfit in text]


def test_the_matrix_has_a_row_for_every_audience_that_an_agreement_tells() -> None:
    assert {name for one in AGREEMENTS for name in one.audiences} <= set(MATRIX)


@settings(max_examples=40, deadline=None)
@for_all(EVENTS)
def test_every_field_that_an_event_lets_be_said_stands_in_the_list_of_fields(
    event: tuple[str, str, Json],
) -> None:
    type_, source, data = event
    what = matter(data, type_, source)
    for agreement in AGREEMENTS:
        for audience in agreement.audiences:
            for person in what.people.values():
                question = ask(what, Facts(), EVERYTHING_OPEN, person, audience, agreement)
                assert set(available(question)) <= set(FIELDS)


def planted(value: Any) -> None:
    """A field that the contract does not have yet, in every object of the event."""
    if isinstance(value, Shape):
        for name in type(value).model_fields:
            planted(getattr(value, name))
        value.__dict__["planted"] = "XYZZY"
    elif isinstance(value, tuple):
        for item in value:
            planted(item)


@settings(max_examples=60, deadline=None)
@for_all(EVENTS, FACTS)
def test_a_field_that_is_added_anywhere_in_an_event_is_seen_by_nobody(
    event: tuple[str, str, Json], facts: Facts
) -> None:
    type_, source, data = event
    what = matter(data, type_, source)
    planted(what.content)
    assert all(person.__dict__["planted"] for person in what.people.values())

    for decision in decide(what, facts, EVERYTHING_OPEN, AGREEMENTS, PEPPER).decisions:
        assert decision.terms is None or "XYZZY" not in str(decision.terms.content)


def with_profile(agreement: Agreement, paths: tuple[str, ...]) -> Agreement:
    return agreement.model_copy(update={"profiles": dict.fromkeys(agreement.profiles, paths)})


PATH = st.sampled_from(sorted(FIELDS))


@settings(max_examples=80, deadline=None)
@for_all(EVENTS, FACTS, st.lists(PATH, max_size=12), st.data())
def test_a_profile_shows_what_it_names_and_a_narrower_one_never_more(
    event: tuple[str, str, Json], facts: Facts, paths: list[str], data: st.DataObject
) -> None:
    type_, source, told = event
    kept = data.draw(st.lists(st.sampled_from(paths))) if paths else []
    wide = [with_profile(one, tuple(paths)) for one in AGREEMENTS]
    narrow = [with_profile(one, tuple(kept)) for one in AGREEMENTS]

    def answers(agreements: list[Agreement]) -> dict[tuple[str, str], Decision]:
        found = verdict(
            told, type_, source, area=EVERYTHING_OPEN, facts=facts, agreements=agreements
        )
        return {(one.about, one.audience): one for one in found.decisions}

    widely = answers(wide)
    for who, decision in answers(narrow).items():
        if decision.terms is None:
            continue
        assert set(decision.terms.content) <= set(kept)
        more = widely[who].terms
        assert more is None or set(decision.terms.content) <= set(more.content)


@pytest.mark.parametrize(
    ("audience", "mark"),
    [
        (audience, mark)
        for audience, marks in {
            "childrens-social-care": ["line", "nhs", "sibling", "words", "summary", "client"],
            "marac": ["marac", "harmed", "safe", "postcode"],
            "referrer": ["appointment"],
            "school-nursing": ["words", "own name"],
        }.items()
        for mark in marks
    ],
)
def test_a_mark_is_found_where_an_audience_may_read_it(audience: str, mark: str) -> None:
    """A guard of the table itself: a mark that stood nowhere would prove nothing."""

    def reads_it(event: tuple[str, str, Json], facts: Facts) -> bool:
        type_, source, data = event
        found = verdict(data, type_, source, area=EVERYTHING_OPEN, facts=facts).decisions
        return any(
            MARKS[mark] in str(one.terms.content)
            for one in found
            if one.audience == audience and one.terms is not None
        )

    plain = settings(deadline=None, max_examples=500, phases=[Phase.generate])
    assert find(st.tuples(EVENTS, FACTS), lambda drawn: reads_it(*drawn), settings=plain)
