"""When are two people the same, and when not? Exactly, or not at all."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.identity import (
    folded,
    local_key,
    nhs_key,
    pair_key,
    person_key,
    postcode,
    reader_key,
    upn_key,
)

PEPPER = bytes(range(32))
BORN = date(2018, 5, 1)


def key(given: str = "Cat", family: str = "Test", born: date = BORN, home: str = "ZZ99 3CZ") -> str:
    return person_key(PEPPER, given, family, born, home)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cat Ann", "  cat   ANN "),
        ("O'Test", "O\u2019Test"),  # the sign of a word processor
        ("O'Test", "O\u02bcTest"),
        ("O'Test", "O`Test"),
        ("O'Test", "O\u00b4Test"),
        ("Ash-Test", "Ash\u2011Test"),
        ("Ash-Test", "Ash\u2013Test"),
        ("Zoë", "Zoe\u0308"),  # composed and decomposed
        ("Cat", "\uff23\uff41\uff54"),  # full width
        ("Cat", "C\u200bat"),  # a space without width, from a web page
        ("ŁUCJA", "łucja"),
        ("STRASSE", "straße"),  # the same letters in capitals
    ],
)
def test_ways_of_typing_one_name_are_one_name(one: str, other: str) -> None:
    assert key(given=one) == key(given=other)
    assert key(family=one) == key(family=other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cat", "Kat"),
        ("Cat", "Catherine"),
        ("Zoë", "Zoe"),
        ("O'Test", "OTest"),
        ("O'Test", "O Test"),
        ("Ash-Test", "Ash Test"),
        ("Ash-Test", "AshTest"),
        ("Ann Marie", "Annmarie"),
        ("Lukasz", "Łukasz"),
    ],
)
def test_names_that_are_only_alike_are_different_names(one: str, other: str) -> None:
    assert key(given=one) != key(given=other)


def test_each_part_of_the_person_counts() -> None:
    assert len({key(), key(family="Teste"), key(home="ZZ99 3CY"), key(born=date(2018, 1, 5))}) == 4
    assert key(given="Test", family="Cat") != key()


def test_a_postcode_is_the_same_with_and_without_its_space() -> None:
    assert postcode(" zz99 3cz ") == postcode("ZZ993CZ") == "ZZ993CZ"
    assert key(home="zz993cz") == key()


def test_a_zero_is_not_the_letter_o() -> None:
    assert key(home="ZZ99 3C0") != key(home="ZZ99 3CO")


def test_a_upn_and_an_nhs_number_are_the_same_however_spaced() -> None:
    assert upn_key(PEPPER, "w999 4000 18001") == upn_key(PEPPER, "W999400018001")
    assert nhs_key(PEPPER, "999 000 0018") == nhs_key(PEPPER, "999-000-0018")


def test_kinds_of_identifiers_never_meet() -> None:
    number = "9990000018"
    assert len({upn_key(PEPPER, number), nhs_key(PEPPER, number)}) == 2


def test_a_local_identifier_means_nothing_outside_its_agency() -> None:
    assert local_key(PEPPER, "/agencies/a", "1") != local_key(PEPPER, "/agencies/b", "1")


def test_a_hash_says_nothing_without_the_pepper_of_the_deployment() -> None:
    assert key() != person_key(bytes(32), "Cat", "Test", BORN, "ZZ99 3CZ")


def test_a_reader_is_kept_out_by_the_name_alone() -> None:
    assert reader_key(PEPPER, "ADA", "O\u2019Test") == reader_key(PEPPER, "Ada", "O'Test")
    assert reader_key(PEPPER, "Ada", "Test") != key(given="Ada")


def test_a_pair_has_two_sides() -> None:
    assert pair_key(PEPPER, ["a"], ["b"]) != pair_key(PEPPER, ["b"], ["a"])
    assert len(pair_key(PEPPER, ["a", "b"], ["c", "d"])) == 4


@for_all(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@for_all(st.text(max_size=20), st.text(max_size=20))
def test_the_border_between_the_names_counts(given: str, family: str) -> None:
    moved = key(given=f"{given}x", family=family) == key(given=given, family=f"x{family}")
    assert not moved
