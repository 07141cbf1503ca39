"""What do the figures say to somebody who was not there? A table, and the same as JSON."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from bench.measure import GATE, Outcome

Head = Sequence[tuple[str, str]]

_LEGEND = f"""\
"reached" is the median over the rounds of product / baseline, measured in turns within the same
seconds; what stands in brackets is the lowest and the highest round. Only these ratios can be
compared between machines and days: the speeds beside them are a guide. A row passes the gate at
{GATE:.0%} of its goal. In every row accepted, stored and delivered were counted and equal, or it
says otherwise below."""


def markdown(head: Head, outcomes: Sequence[Outcome]) -> str:
    """The whole report; also what the terminal shows."""
    lines = [f"# Daybreak bench, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", ""]
    lines += [f"- {name}: {what}" for name, what in head]
    lines += ["", *_table(outcomes), "", _LEGEND]
    lines += [f"- Row {o.row.number}: {o.row.note}" for o in outcomes if o.row.note]
    lines += [f"- **Does not add up**: {text}" for o in outcomes for text in o.miscounts()]
    return "\n".join(lines) + "\n"


def _table(outcomes: Iterable[Outcome]) -> list[str]:
    titles = ("row", "measure", "goal", "reached", "", "product", "baseline", "unit", "what is it")
    rows = [titles, *(_cells(outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(titles))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def _cells(outcome: Outcome) -> tuple[str, ...]:
    row = outcome.row
    span = f"{said(outcome.reached)} [{said(min(outcome.ratios))}-{said(max(outcome.ratios))}]"
    sign = ">=" if row.better == "higher" else "<="
    also = "".join(f"; {name} {value:,.1f}" for name, value in outcome.also.items())
    also += "".join(f" (goal {name} <= {most:g})" for name, most in row.ceilings.items())
    return (
        row.number,
        row.title,
        "-" if row.goal is None else f"{sign} {row.goal:.2f}",
        span,
        _verdict(outcome),
        f"{said(outcome.product)}{also}",
        said(outcome.baseline),
        row.unit,
        row.baseline,
    )


def said(number: float) -> str:
    """Two digits behind the point, or as many as a small number needs to be told from nothing."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}" if number >= 0.1 or number == 0 else f"{number:.2g}"


def _verdict(outcome: Outcome) -> str:
    if outcome.miscounts():
        return "DOES NOT ADD UP"
    if outcome.row.goal is None and not outcome.row.ceilings:
        return "reported"
    if outcome.meets():
        return "met"
    return "within the gate" if outcome.meets(GATE) else "MISSED"


def as_json(head: Head, outcomes: Sequence[Outcome]) -> str:
    return json.dumps({"head": dict(head), "rows": [_plain(each) for each in outcomes]}, indent=2)


def _plain(outcome: Outcome) -> dict[str, Any]:
    row = outcome.row
    return {
        "row": row.number,
        "title": row.title,
        "goal": row.goal,
        "better": row.better,
        "unit": row.unit,
        "baseline": row.baseline,
        "ratio": outcome.reached,
        "verdict": _verdict(outcome),
        "also": dict(outcome.also),
        "ceilings": dict(row.ceilings),
        "rounds": [
            {
                "spin": each.spin,
                "ratio": each.ratio,
                "product": _side(each.product),
                "baseline": _side(each.baseline),
            }
            for each in outcome.rounds
        ],
    }


def _side(sample: Any) -> dict[str, Any]:
    return {"value": sample.value, "counts": dict(sample.counts), "also": dict(sample.also)}
