"""What happens by chance here, and always the same way? A source of it for each thing by name."""

from collections.abc import Sequence
from math import exp
from random import Random
from typing import TypeVar

SEED = "northshire"
T = TypeVar("T")


def chance(*named: object) -> Random:
    """The same names give the same numbers, in every process and on every machine."""
    return Random("/".join([SEED, *map(str, named)]))  # noqa: S311 - makes up people, no secret


def weighted(rng: Random, among: Sequence[tuple[T, float]]) -> T:
    return rng.choices([one for one, _ in among], [weight for _, weight in among])[0]


def poisson(rng: Random, mean: float) -> int:
    """How many of something rare, where `mean` are usual (Knuth)."""
    floor, count, product = exp(-mean), 0, rng.random()
    while product > floor:
        count += 1
        product *= rng.random()
    return count
