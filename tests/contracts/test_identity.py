"""Are these two people the same? The keys by which services compare without holding names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import local_key, nhs_key, pair_key, person_key, reader_key, upn_key

PEPPER, OTHER_PEPPER = b"p" * 32, b"q" * 32
BORN = date(2018, 5, 1)


def key(given: str = "Cat", family: str = "Test", born: date = BORN, home: str = "ZZ99 3CZ") -> str:
    return person_key(PEPPER, given, family, born, home)


@pytest.mark.parametrize(
    "same", [key("CAT", "test"), key(" Cat ", "Test"), key(home="zz993cz"), key("\uff23at")]
)
def test_case_width_and_spaces_do_not_make_another_person(same: str) -> None:
    assert same == key()


@pytest.mark.parametrize(
    "other",
    [
        key("Kat"),
        key(family="Tests"),
        key(born=date(2018, 1, 5)),
        key(home="ZZ99 3CX"),
        person_key(OTHER_PEPPER, "Cat", "Test", BORN, "ZZ99 3CZ"),
    ],
)
def test_anything_less_than_name_birth_and_postcode_is_another_person(other: str) -> None:
    assert other != key()


def test_a_name_does_not_run_over_into_the_next_part() -> None:
    assert key("Anna", "Belle") != key("Ann", "abelle")


def test_identifiers_are_compared_without_their_spaces() -> None:
    assert nhs_key(PEPPER, "999 000 0018") == nhs_key(PEPPER, "9990000018")
    assert upn_key(PEPPER, "w999400018001") == upn_key(PEPPER, "W999400018001")


def test_an_identifier_of_one_agency_means_nothing_at_another() -> None:
    assert local_key(PEPPER, "/agencies/a", "7") != local_key(PEPPER, "/agencies/b", "7")


def test_a_pair_has_a_direction_and_is_known_by_any_of_its_keys() -> None:
    first = set(pair_key(PEPPER, ["h1", "h2"], ["o1"]))
    assert first & set(pair_key(PEPPER, ["h2"], ["o1", "o2"]))
    assert not first & set(pair_key(PEPPER, ["o1"], ["h1", "h2"]))


@given(st.text(), st.text())
def test_a_key_shows_nothing_of_the_name(given_name: str, family_name: str) -> None:
    made = reader_key(PEPPER, given_name, family_name)
    assert len(made) == 40
    assert set(made) <= set("0123456789abcdef")
