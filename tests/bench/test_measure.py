"""Does a run measure in turns, compare within a round, and fail when numbers do not add up?"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import main, verdict
from bench.measure import Outcome, Round, measure
from bench.report import as_json, markdown, said
from bench.row import Pair, Place, Row, Sample

PLACE = Place(dsn="", broker="", folder=Path())


def nothing(_: Place) -> AbstractAsyncContextManager[Pair]:
    raise AssertionError("is not run")


def row(**changes: Any) -> Row:
    given: dict[str, Any] = {
        "number": "1",
        "title": "a thing",
        "unit": "events/s",
        "baseline": "a bare thing",
        "goal": 0.6,
        "prepare": nothing,
        **changes,
    }
    return Row(**given)


def outcome(*ratios: float, counts: Mapping[str, int] | None = None, **changes: Any) -> Outcome:
    also = changes.pop("also", {})
    rounds = [
        Round(
            spin=1.0,
            baseline=Sample(value=100.0),
            product=Sample(value=100.0 * ratio, counts=counts or {}, also=also),
        )
        for ratio in ratios
    ]
    return Outcome(row=row(**changes), rounds=tuple(rounds))


async def test_the_sides_are_measured_in_turns_after_one_warm_up() -> None:
    told: list[tuple[str, float]] = []

    @asynccontextmanager
    async def prepared(_: Place) -> AsyncIterator[Pair]:
        async def side(name: str, value: float, seconds: float) -> Sample:
            told.append((name, seconds))
            return Sample(value=value)

        yield Pair(
            product=lambda seconds: side("product", 30.0, seconds),
            baseline=lambda seconds: side("baseline", 40.0, seconds),
        )
        told.append(("closed", 0.0))

    said: list[str] = []
    measured = await measure(row(prepare=prepared), PLACE, rounds=2, seconds=5.0, say=said.append)
    turn = [("baseline", 5.0), ("product", 5.0)]
    assert told == [("baseline", 2.0), ("product", 2.0), *turn, *turn, ("closed", 0.0)]
    assert measured.ratios == [0.75, 0.75]
    assert "ratio 0.75" in said[-1]
    assert "spin" in said[-1]


def test_what_counts_is_the_median_of_the_ratios_of_each_round() -> None:
    rounds = tuple(
        Round(spin=1.0, baseline=Sample(value=base), product=Sample(value=mine))
        for base, mine in [(100.0, 50.0), (10.0, 9.0), (1000.0, 700.0)]
    )
    assert Outcome(row=row(), rounds=rounds).reached == 0.7


@pytest.mark.parametrize(
    ("better", "ratio", "meets", "passes"),
    [
        ("higher", 0.60, True, True),
        ("higher", 0.46, False, True),
        ("higher", 0.44, False, False),
        ("lower", 0.60, True, True),
        ("lower", 0.79, False, True),
        ("lower", 0.81, False, False),
    ],
)
def test_a_row_passes_the_gate_at_three_quarters_of_its_goal(
    better: str, ratio: float, meets: bool, passes: bool
) -> None:
    one = outcome(ratio, better=better)
    assert (one.meets(), one.meets(0.75)) == (meets, passes)
    assert verdict([one], gate=True) == int(not passes)
    assert verdict([one], gate=False) == 0


def test_a_ceiling_is_held_as_well_as_the_goal() -> None:
    slow = outcome(0.9, also={"p99 ms": 300.0}, ceilings={"p99 ms": 150.0})
    assert not slow.meets()
    assert verdict([slow], gate=True) == 1


def test_numbers_that_differ_fail_the_run_whatever_the_speed() -> None:
    lost = outcome(5.0, 5.0, counts={"accepted": 10, "stored": 9, "delivered": 10})
    assert verdict([lost], gate=False) == 1
    assert lost.miscounts()[0] == "row 1, round 1, product: accepted 10, stored 9, delivered 10"
    assert "DOES NOT ADD UP" in markdown([], [lost])


def test_the_report_says_goal_reached_range_and_what_it_was_compared_with() -> None:
    report = markdown([("machine", "2 cores")], [outcome(0.5, 0.7, 0.65, note="a reason")])
    [line] = [line for line in report.splitlines() if "a thing" in line]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[:4] == ["1", "a thing", ">= 0.60", "0.65 [0.50-0.70]"]
    assert {"met", said(65), said(100), "events/s", "a bare thing"} <= set(cells)
    assert "- machine: 2 cores" in report
    assert "a reason" in report


def test_the_figures_can_be_read_by_a_program() -> None:
    read = json.loads(as_json([("machine", "2 cores")], [outcome(0.5, 0.7, 0.65)]))
    assert read["head"] == {"machine": "2 cores"}
    assert read["rows"][0]["ratio"] == 0.65
    assert [each["ratio"] for each in read["rows"][0]["rounds"]] == [0.5, 0.7, 0.65]


def test_a_row_that_there_is_not_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-row"]) == 2
    assert "no row no-such-row; there are 1," in capsys.readouterr().err
