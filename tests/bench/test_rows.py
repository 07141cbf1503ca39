"""Does the bench hold the product to the goals that were set, and show numbers as they are?"""

from collections import Counter

import pytest

from bench.area import Town, incident
from bench.catalogue import ROWS
from bench.report import said
from bench.shifted import MORNING
from contracts.envelope import parse
from contracts.events.police import IncidentRecorded

GOALS = {
    "1": 0.60,
    "2": 0.45,
    "3": 0.35,
    "4": 6,
    "5": 4,
    "6": 0.70,
    "7": 0.45,
    "7p": 0.60,
    "8": 0.55,
    "8b": 0.80,
    "9": 0.30,
    "9b": 0.45,
    "10": 0.80,
    "11": 5.0,
}


def test_every_row_has_a_number_of_its_own() -> None:
    assert max(Counter(row.number for row in ROWS).values()) == 1


@pytest.mark.parametrize("number", GOALS)
def test_the_goals_are_those_that_were_set(number: str) -> None:
    (row,) = [row for row in ROWS if row.number == number]
    assert row.goal == GOALS[number]


def test_a_delay_is_better_when_it_is_shorter_and_has_a_ceiling() -> None:
    (row,) = [row for row in ROWS if row.number == "11"]
    assert row.better == "lower"
    assert row.ceilings == {"p99 ms": 150.0}


@pytest.mark.parametrize(
    ("number", "shown"), [(1234.5, "1,234"), (12.345, "12.35"), (0.0049, "0.0049"), (0, "0.00")]
)
def test_a_small_ratio_is_not_rounded_to_nothing(number: float, shown: str) -> None:
    assert said(number) == shown


def test_an_incident_of_the_bench_is_one_of_the_contract() -> None:
    event = parse(incident(Town(schools=2).pupils, MORNING))
    assert isinstance(event.content, IncidentRecorded)
    assert len(event.content.children) == 2
