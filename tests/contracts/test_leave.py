"""May this agency look for a child of this task? Only by a word of ours, and only for a while."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from contracts.leave import LIFE, Leave, read, signed

PEPPER = b"p" * 32
NOON = datetime(2026, 2, 13, 12, tzinfo=UTC)
LEAVE = Leave(task=UUID(int=7), agency="north-police", until=NOON + LIFE)


def test_leave_is_read_as_it_was_given() -> None:
    assert read(PEPPER, signed(PEPPER, LEAVE), NOON) == LEAVE


def test_leave_ends() -> None:
    word = signed(PEPPER, LEAVE)
    assert read(PEPPER, word, NOON + LIFE - timedelta(seconds=1)) == LEAVE
    assert read(PEPPER, word, NOON + LIFE) is None


@pytest.mark.parametrize("word", ["", ".", "a.b", "ä.ö", "W10.W10", signed(b"q" * 32, LEAVE)])
def test_what_is_not_ours_gives_no_leave(word: str) -> None:
    assert read(PEPPER, word, NOON) is None


def test_leave_for_another_agency_cannot_be_made_of_this_one() -> None:
    said, _, sign = signed(PEPPER, LEAVE).partition(".")
    other, _, _ = signed(
        b"q" * 32, Leave(task=LEAVE.task, agency="x", until=LEAVE.until)
    ).partition(".")
    assert said != other
    assert read(PEPPER, f"{other}.{sign}", NOON) is None
