"""What does the person who ran the stories read? One line a file, then the sum."""

import json
from collections.abc import Sequence

from services.scenario.runner import Outcome


def line(outcome: Outcome) -> str:
    return f"{'passed' if outcome.passed else 'FAILED'}  {outcome.name}  ({outcome.path})"


def details(outcome: Outcome) -> list[str]:
    """Expected and actual side by side, with the step where they parted."""
    lines = []
    for where, difference in outcome.differences:
        lines += [
            f"    {where}",
            f"      expected  {difference.expected}",
            f"      actual    {difference.actual}",
        ]
    if outcome.differences:
        lines += [f"    {refusal}" for refusal in outcome.refusals]
    return lines


def summary(outcomes: Sequence[Outcome]) -> str:
    passed = sum(outcome.passed for outcome in outcomes)
    return f"{passed} passed, {len(outcomes) - passed} failed"


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Everything that happened in every story."""
    return json.dumps(
        [
            {
                "name": outcome.name,
                "file": str(outcome.path),
                "passed": outcome.passed,
                "differences": [
                    {"step": where, "expected": one.expected, "actual": one.actual}
                    for where, one in outcome.differences
                ],
                "refusals": outcome.refusals,
                **outcome.happened,
            }
            for outcome in outcomes
        ],
        default=str,
        ensure_ascii=False,
        indent=1,
    )
