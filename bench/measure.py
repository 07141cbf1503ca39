"""How fast is the product beside its baseline? Rounds in turns, and the median of their ratios.

The speed of a shared machine drifts by tens of per cent within minutes: only what was measured in
the same few seconds is compared.
"""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from bench.row import Pair, Place, Row, Sample

GATE = 0.75  # the part of a goal below which a row fails
WARM_UP = 2.0  # seconds
_SPINS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`spin` is the speed of an empty loop just before, in millions of turns a second."""

    spin: float
    baseline: Sample
    product: Sample

    @property
    def ratio(self) -> float:
        return self.product.value / self.baseline.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    row: Row
    rounds: tuple[Round, ...]

    @property
    def ratios(self) -> list[float]:
        return [each.ratio for each in self.rounds]

    @property
    def reached(self) -> float:
        return median(self.ratios)

    @property
    def product(self) -> float:
        return median(each.product.value for each in self.rounds)

    @property
    def baseline(self) -> float:
        return median(each.baseline.value for each in self.rounds)

    @property
    def also(self) -> Mapping[str, float]:
        """The medians of what the product says beside the value."""
        names = self.rounds[0].product.also
        return {name: median(each.product.also[name] for each in self.rounds) for name in names}

    def meets(self, part: float = 1.0) -> bool:
        """Is the goal, or this part of it, reached, and every ceiling kept?"""
        goal = self.row.goal
        if goal is not None:
            if self.row.better == "higher" and self.reached < goal * part:
                return False
            if self.row.better == "lower" and self.reached > goal / part:
                return False
        also = self.also
        return all(also[name] <= most / part for name, most in self.row.ceilings.items())

    def miscounts(self) -> list[str]:
        """Each round and side whose numbers are not equal."""
        return [
            f"row {self.row.number}, round {number}, {side}: "
            + ", ".join(f"{name} {count:,}" for name, count in sample.counts.items())
            for number, each in enumerate(self.rounds, 1)
            for side, sample in (("baseline", each.baseline), ("product", each.product))
            if not sample.adds_up()
        ]


Say = Callable[[str], None]


async def measure(row: Row, place: Place, *, rounds: int, seconds: float, say: Say) -> Outcome:
    """One warm-up of each side, then `rounds` times the baseline and the product in turns."""
    say(f"row {row.number}: {row.title}")
    async with row.prepare(place) as pair:
        await _turn(pair, min(seconds, WARM_UP))
        gc.freeze()  # what was made for the rounds is looked through in none of them
        done = []
        for number in range(1, rounds + 1):
            each = await _turn(pair, seconds)
            done.append(each)
            say(
                f"  round {number}: product {each.product.value:,.1f}, "
                f"baseline {each.baseline.value:,.1f} {row.unit}, ratio {each.ratio:.3f} "
                f"(spin {each.spin:.1f}M/s)"
            )
    gc.unfreeze()
    return Outcome(row=row, rounds=tuple(done))


async def _turn(pair: Pair, seconds: float) -> Round:
    spin = spin_speed()
    baseline = await pair.baseline(seconds)
    product = await pair.product(seconds)
    return Round(spin=spin, baseline=baseline, product=product)


def spin_speed() -> float:
    """How fast is this machine just now? Millions of turns of an empty loop a second."""
    began = time.perf_counter()
    for _ in range(_SPINS):
        pass
    return _SPINS / (time.perf_counter() - began) / 1e6
