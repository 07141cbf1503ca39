"""Do the sentences of the morning board say what its numbers say?"""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.front import board

NOW = datetime(2026, 11, 2, 7, 42, tzinfo=UTC)


def totals(**more: int) -> dict[str, int]:
    names = [name for name, _ in board.COLUMNS] + ["opened", "promised", "unexplained"]
    return {**dict.fromkeys(names, 0), **more}


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (
            totals(received=20, told=14, open=3, held=1, withheld=2),
            "14 of 18 are told; 3 are still open and 1 is held for a person to decide.",
        ),
        (totals(received=1, told=1), "1 of 1 is told."),
        (totals(received=3, told=1, no_longer=2), "1 of 3 is told; 2 are no longer needed."),
        (totals(), "Nobody was to be told this morning."),
        (totals(received=4, withheld=4), "Nobody was to be told this morning."),
    ],
)
def test_the_promise_of_the_day_adds_up(numbers: dict[str, int], said: str) -> None:
    assert board.promise(numbers) == said


def test_what_nobody_is_to_be_told_is_said_apart() -> None:
    assert board.withheld(totals(received=20, withheld=2)) == (
        "20 decisions in all: in 2 of them nobody is to be told."
    )
    assert board.withheld(totals(received=20)) == ""


def test_read_in_time_and_late_and_not_at_all_add_up_to_what_was_told() -> None:
    assert board.in_time(totals(told=14, opened=12, in_time=11, late=2)) == (
        "Of the 14 told, 11 were read in time, 1 was read late and 2 are not read yet, "
        "1 of them overdue."
    )
    assert board.in_time(totals(told=2, opened=2, in_time=2)) == (
        "Of the 2 told, 2 were read in time."
    )


def test_a_difference_is_shown() -> None:
    assert board.unexplained(totals(unexplained=0)) == ""
    assert board.unexplained(totals(unexplained=-1)) == "1 does not add up. Look for it now."


def waiting(establishment: str, due: str, overdue: bool = False) -> dict[str, Any]:
    return {
        "establishment": establishment,
        "receipt": "r",
        "audience": "marac",
        "due": due,
        "overdue": overdue,
    }


def test_the_late_come_first_with_their_names_and_clocks_in_words() -> None:
    found = [
        waiting("alder", "2026-11-02T08:10:00+00:00"),
        waiting("north-marac", "2026-11-02T07:30:00+00:00", overdue=True),
    ]
    first, second = board.open_ones(found, {"alder": "Alder Primary"}, NOW)
    assert (first.called, first.how_far, first.audience) == (
        "north-marac",
        "12 minutes late",
        "MARAC",
    )
    assert (second.called, second.how_far) == ("Alder Primary", "in 28 minutes")


def test_a_task_says_why_it_is_there_and_to_whom_it_was_passed_on() -> None:
    found = {
        "kind": "confirm-contact",
        "owner": "north-la",
        "due": "2026-11-02T07:30:00+00:00",
        "overdue": True,
        "why": "nobody-there-may-read-it",
        "escalated_to": "north-police",
    }
    plain = {**found, "why": None, "escalated_to": None, "overdue": False}
    names = {"north-police": "North Police", "north-la": "North Council"}
    passed, open_ = board.tasks([plain, found], names, NOW)
    assert (passed.why, passed.passed_on) == (
        "Nobody there may read it: find somebody who may.",
        "North Police",
    )
    assert (open_.why, open_.passed_on) == ("", "")


def test_a_day_that_is_none_is_today() -> None:
    today = date(2026, 11, 2)
    assert board.day_wanted("2026-10-23", today) == date(2026, 10, 23)
    assert board.day_wanted("tomorrow", today) == board.day_wanted("", today) == today
