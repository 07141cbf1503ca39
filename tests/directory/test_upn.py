"""Is it a unique pupil number? The published vectors, and every way of being wrong."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.directory.domain.upn import MalformedUpn, check_letter, read_upn


@pytest.mark.parametrize(
    "upn",
    [
        "B801200005001",
        "A80120000501A",  # temporary
        "P207000016049",  # the worked example on suppliers' pages says Q, and is wrong
        "W999400018001",
    ],
)
def test_a_right_number_is_taken(upn: str) -> None:
    assert read_upn(upn) == upn


def test_spaces_and_case_do_not_matter() -> None:
    assert read_upn(" w999 4000 18001 ") == "W999400018001"


@pytest.mark.parametrize("nothing", ["", "  ", "UN1", "un5", "UN3 "])
def test_no_number_known_is_no_number(nothing: str) -> None:
    assert read_upn(nothing) is None


@pytest.mark.parametrize(
    "upn",
    [
        "Q207000016049",
        "B801200005002",
        "801200005001B",
        "B80120000500",
        "B8012000050011",
        "I801200005001",
        "B80120000500O",
        "UN6",
        "\u0042801200005\u0660\u0660\u0661",  # digits of another script
    ],
)
def test_a_wrong_number_is_refused_without_being_repeated(upn: str) -> None:
    with pytest.raises(MalformedUpn) as refused:
        read_upn(upn)
    assert upn not in str(refused.value)


def test_the_check_letter_is_judged_only_where_it_is_asked_for() -> None:
    assert read_upn("B801200005002", check=False) == "B801200005002"
    with pytest.raises(MalformedUpn):
        read_upn("B80120000500", check=False)


@for_all(st.from_regex(r"\A[0-9]{12}\Z"), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(rest: str, place: int, by: int) -> None:
    """Modulo 23, a prime: a place times a difference of one digit is never a multiple of it."""
    wrong = rest[:place] + str((int(rest[place]) + by) % 10) + rest[place + 1 :]
    assert check_letter(rest) != check_letter(wrong)


@pytest.mark.parametrize("authority", ["838", "839", "940", "943", "660", "681", "000", "999"])
def test_every_authority_code_is_possible(authority: str) -> None:
    rest = f"{authority}400018001"
    assert read_upn(check_letter(rest) + rest) is not None
