"""Do three other languages come to the kernel's outcomes, and does a difference fail the run?"""

from collections import Counter
from collections.abc import Callable

import pytest

from bench.cases import cases
from bench.languages import Language, in_cedar, in_cel, in_rego
from bench.rows.deciding import deciding

EVERY = cases()


def test_the_cases_are_always_the_same_and_reach_every_outcome() -> None:
    outcomes = [case.core() for case in EVERY]

    assert outcomes == [case.whole() for case in cases()]
    assert len(outcomes) == 200
    assert min(Counter(outcomes).values()) >= 40
    assert len(Counter(outcomes)) == 3
    assert {truth for case in EVERY for truth in case.findings.values()} == {
        "true",
        "false",
        "unknown",
    }


@pytest.mark.parametrize("made", [in_cel, in_cedar, in_rego])
def test_a_language_decides_each_case_as_the_kernel_does(made: Callable[[], Language]) -> None:
    language = made()

    assert [language(case.findings) for case in EVERY] == [case.whole() for case in EVERY]


def test_one_outcome_that_differs_does_not_add_up() -> None:
    expected = [case.whole() for case in EVERY]
    assert deciding(EVERY, expected, lambda case: case.core(), 0.0).adds_up()

    assert not deciding(EVERY, expected, lambda case: "withheld", 0.0).adds_up()
