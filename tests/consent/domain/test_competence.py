"""Whose word is it, and was it free? (ADR 0029)"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.consent import ConsentGiven, ConsentRefused, ConsentWithdrawn
from contracts.people import Person
from services.consent.domain.competence import Told, whose_word
from services.consent.domain.conditions.consent import judge
from services.consent.domain.facts import ConsentEntry
from services.consent.domain.question import Finding, Unknown

CSC = "childrens-social-care"
NOON = datetime(2026, 2, 13, 12, 0, tzinfo=UTC)
WHO = Person(ref="p", given_name="Pat", family_name="Test")


def told(kind: str = "given", **more: Any) -> Told:
    shapes: dict[str, type[Told]] = {
        "given": ConsentGiven,
        "refused": ConsentRefused,
        "withdrawn": ConsentWithdrawn,
    }
    words = {"person": WHO, "competence": "adult", "method": "verbal", "taken_by": "worker"}
    made: Told = shapes[kind].model_validate({**words, f"{kind}_at": NOON.isoformat(), **more})
    return made


def entry(kind: str = "given", *, hours: int = 0, **more: Any) -> ConsentEntry:
    words: dict[str, Any] = {
        "consent": "k",
        "kind": kind,
        "at": NOON + timedelta(hours=hours),
        "purposes": ("early-help",),
        "audiences": (CSC,),
        "categories": ("attendance",),
        "competence": "adult",
    }
    return ConsentEntry(**{**words, **more})


def judged(*entries: ConsentEntry) -> Finding:
    day = date(2026, 2, 13)
    return judge(entries, purpose="early-help", audience=CSC, category="attendance", day=day)


@pytest.mark.parametrize(
    ("said", "age", "whose"),
    [
        (told(), 34, "own"),
        (told(), None, "own"),
        (told(), 16, "own"),
        (told(), 15, "doubtful"),  # labelled an adult, and is none
        (told(competence="gillick"), 13, "own"),  # no fixed age
        (told(competence="parent"), 12, "own"),  # a parent speaks for the child
        (told(competence="parent"), 16, "doubtful"),
        (told("refused", competence="parent"), 17, "another"),
        (told("withdrawn", competence="parent"), 17, "doubtful"),
        (told(competence="parent"), 34, "own"),  # the client is the parent
        (told(competence="parent"), None, "own"),
        (told(signed_by="parent"), 34, "another"),
        (told(signed_by="parent"), None, "another"),
        (told(signed_by="self"), 34, "own"),
        (told("refused", signed_by="other-adult"), 34, "another"),
        (told(signed_by="other-adult"), 12, "another"),
        (told(signed_by="representative"), 34, "doubtful"),
        (told(capacity="lacks"), 34, "doubtful"),
        (told("refused", capacity="in-doubt"), 34, "doubtful"),
        (told(capacity="has"), 34, "own"),
    ],
)
def test_whose_word_it_is(said: Told, age: int | None, whose: str) -> None:
    assert whose_word(said, age) == whose


def test_a_refusal_beside_the_other_adult_is_for_a_person() -> None:
    for doubt in ({"presence_doubtful": True}, {"competence": "doubtful"}, {"whose": "doubtful"}):
        with pytest.raises(Unknown):
            judged(entry("refused", **doubt))
    assert judged(entry("refused")).rule == "consent-refused"


def test_a_consent_of_which_it_is_doubtful_whose_it_is_is_for_a_person() -> None:
    with pytest.raises(Unknown):
        judged(entry(whose="doubtful"))


def test_a_withdrawal_stops_whoever_was_in_the_room() -> None:
    found = judged(entry(), entry("withdrawn", hours=1, presence_doubtful=True, whose="doubtful"))
    assert (found.applies, found.rule) == (False, "consent-withdrawn")


@pytest.mark.parametrize("kind", ["refused", "withdrawn"])
def test_the_other_adult_stops_nothing_and_allows_nothing(kind: str) -> None:
    other = entry(kind, hours=1, whose="another")
    assert judged(entry(), other).rule == "consent-given"
    assert judged(other).rule == "consent-never-asked"
    assert judged(entry(whose="another")).applies is False


ENTRIES = st.builds(
    entry,
    st.sampled_from(["given", "refused", "withdrawn"]),
    hours=st.integers(0, 48),
    presence_doubtful=st.booleans(),
    whose=st.sampled_from(["own", "doubtful"]),
)
OTHERS = st.builds(
    entry,
    st.sampled_from(["given", "refused", "withdrawn"]),
    hours=st.integers(0, 48),
    whose=st.just("another"),
)


def said_of(entries: list[ConsentEntry]) -> tuple[bool, str | None] | None:
    try:
        found = judged(*entries)
    except Unknown:
        return None
    return found.applies, found.rule


@for_all(st.lists(ENTRIES, max_size=4), st.lists(OTHERS, max_size=3))
def test_nothing_that_another_adult_says_changes_the_answer(
    own: list[ConsentEntry], others: list[ConsentEntry]
) -> None:
    assert said_of(own + others) == said_of(own)


@for_all(st.lists(ENTRIES, max_size=4))
def test_after_a_withdrawal_nothing_is_shared_without_a_new_word(own: list[ConsentEntry]) -> None:
    assert said_of([*own, entry("withdrawn", hours=72)]) == (False, "consent-withdrawn")
