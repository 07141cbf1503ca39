"""Does a public text say what is private? By example, and however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain import wordings


def says(text: str, **told: object) -> list[str]:
    return [each.says for each in wordings.findings([("/details", text)], **told)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Ring 01632 960 001",
        "Ring (01632) 960-001",
        "Ring 01632.960.001",
        "Ring +44 1632 960001",
        "Ring 07700\u2013900\u2013123",
        "Ring \uff10\uff11\uff16\uff13\uff12 960001",
        "write to a@b.example",
        "write to desk (at) bridge.example",
        "at ZZ99 1AA",
        "at zz991aa",
        "at ZZ99\u20111AA",
        "ask for Mrs Test",
        "ask for Dr. \u00c9mile",
    ],
)
def test_what_has_no_business_in_a_public_text_is_found(text: str) -> None:
    assert len(says(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Open 10:00-12:30 and 13.30 - 16.00.",
        "In an emergency call 999 or 101; children call 0800 1111 or 116 123.",
        "Since 2026, for ages 16 to 25. Courses of 12 weeks, 24 places.",
        "The A1 and the M25. Drop in at the town hall.",
        "Ms and Mr are not asked for.",
    ],
)
def test_ordinary_words_and_figures_are_not(text: str) -> None:
    assert says(text) == []


def test_the_number_that_everybody_has_may_be_said() -> None:
    assert says("Ring 01632 960500", own_phone="01632 960 500") == []
    assert says("Ring +44 1632 960500", own_phone="01632 960500") == []
    assert says("Ring 01632 960500", own_phone="+44 1632 960500") == []
    assert len(says("Ring 01632 960501", own_phone="01632 960500")) == 1


@pytest.mark.parametrize("text", ["in ZZ99", "at 12 Hidden Lane", "12a, Old Mill Road"])
def test_where_a_confidential_service_is_may_not_be_said(text: str) -> None:
    assert len(says(text, confidential=True)) == 1
    assert says(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "ask Mary O'Brien-Test first",
        "O\u2019BRIEN\u2014TEST, Mary",
        "mary.obrien.test@bridge.example",
        "https://bridge.example/maryobrientest",
        "Mary Jane O'Brien Test",
        "mary\u200b obrien te\u0301st",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert wordings.of_person("Mary Jane", "O'Brien-Test") & wordings.traces(text)


def test_a_name_is_not_found_in_its_parts() -> None:
    assert not wordings.of_person("Ada", "Test") & wordings.traces(
        "Adam is tested. Test Adam. Ada B"
    )


def test_a_number_is_found_with_and_without_its_code() -> None:
    for text in ("ring 960001", "01632 960 001 or come", "+441632960001", "2 01632 960001 3"):
        assert wordings.of_number("01632 960001") & wordings.traces(text), text
    assert not wordings.of_number("01632 960001") & wordings.traces("01632 960002")


def test_an_address_is_found_without_the_number_of_the_house() -> None:
    private = wordings.of_address("Larkspur House", "Flat 2, 12 Hidden Lane")
    assert private & wordings.traces("at larkspur-house")
    assert private & wordings.traces("at 12 Hidden  LANE, flat 2") == set()
    assert wordings.of_address("12 Hidden Lane") & wordings.traces("down Hidden Lane")


_LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd"])
_NAMES = st.text(st.one_of(_LETTERS, st.sampled_from(" '-\u2019\u0301")), min_size=2, max_size=20)


@given(given=_NAMES, family=_NAMES, around=st.text(max_size=20))
def test_any_name_of_two_parts_is_found_between_any_other_words(
    given: str, family: str, around: str
) -> None:
    private = wordings.of_person(given, family)
    both = len(wordings.words(given)) + len(wordings.words(family))
    if not wordings.words(given) or not wordings.words(family) or both > wordings.LONGEST:
        return
    assert private & wordings.traces(f"{around} {given} {family} {around}")
