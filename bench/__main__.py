"""How fast is it beside what it is built on? `python -m bench [ROW ...]`, or `make bench`.

Exits with 1 when numbers do not add up or, with --gate, when a row is under 75 % of its goal.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench.catalogue import ROWS
from bench.durability import shown
from bench.growth import SIZES, growth
from bench.measure import GATE, Outcome, measure
from bench.report import as_json, markdown
from bench.row import CannotMeasure, Place, Row
from services.chassis.logs import configure_logs
from tests.servers.__main__ import BROKER, DSN, read_environment

ROUNDS, SECONDS = 5, 5.0
_CACHE = Path(__file__).resolve().parents[1] / ".cache"


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    configure_logs("error")
    try:
        if options.growth is not None:
            uvloop.run(_grow(options.growth or SIZES, options))
            return 0
        chosen = _chosen(options.rows)
        outcomes = uvloop.run(_run(chosen, options))
    except CannotMeasure as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 2
    return verdict(outcomes, gate=options.gate)


def verdict(outcomes: Sequence[Outcome], *, gate: bool) -> int:
    """0 when the run counts."""
    if any(outcome.miscounts() for outcome in outcomes):
        return 1
    return int(gate and not all(outcome.meets(GATE) for outcome in outcomes))


async def _run(rows: Sequence[Row], options: argparse.Namespace) -> list[Outcome]:
    _CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=_CACHE) as folder:
        place = _place(Path(folder))
        head = [*await shown(place), ("rounds", f"{options.rounds} of {options.seconds:g} s")]
        for name, what in head:
            print(f"{name}: {what}", flush=True)
        outcomes: list[Outcome] = []
        for row in rows:
            outcomes.append(
                await measure(row, place, rounds=options.rounds, seconds=options.seconds, say=_say)
            )
            if options.json:
                options.json.write_text(as_json(head, outcomes))
            if options.markdown:
                options.markdown.write_text(markdown(head, outcomes))
    print(f"\n{markdown(head, outcomes)}")
    return outcomes


async def _grow(sizes: Sequence[int], options: argparse.Namespace) -> None:
    """A table of its own: no baseline but the shorter log."""
    _CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=_CACHE) as folder:
        place = _place(Path(folder))
        head = [*await shown(place), ("rounds", f"{options.rounds}, in turns")]
        print("\n".join(f"- {name}: {what}" for name, what in head), flush=True)
        table = await growth(place, sizes, options.rounds, _say)
    print(f"\n{table}")
    if options.markdown:
        lines = [f"- {name}: {what}" for name, what in head]
        options.markdown.write_text("\n".join([*lines, "", table, ""]))


def _say(text: str) -> None:
    print(text, flush=True)


def _place(folder: Path) -> Place:
    """The folder lies beside the sources: a temporary one is often in memory, where syncing is
    free."""
    found = read_environment()
    missing = [name for name in (DSN, BROKER) if not found.get(name)]
    if missing:
        raise CannotMeasure(f"{' and '.join(missing)} not set: run `make bench`")
    return Place(dsn=found[DSN], broker=found[BROKER], folder=folder)


def _chosen(numbers: Sequence[str]) -> list[Row]:
    by_number = {row.number: row for row in ROWS}
    unknown = [number for number in numbers if number not in by_number]
    if unknown:
        raise CannotMeasure(f"no row {', '.join(unknown)}; there are {', '.join(by_number)}")
    return [by_number[number] for number in numbers] or list(ROWS)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="numbers of rows; default all")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds in turns (%(default)s)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each side in a round")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the report there")
    parser.add_argument("--gate", action="store_true", help="fail under 75 %% of a goal")
    parser.add_argument(
        "--growth",
        nargs="*",
        type=int,
        metavar="EVENTS",
        help="instead of the rows: each path's cost upon so many events (10000 100000)",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
