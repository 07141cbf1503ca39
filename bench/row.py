"""What is a row of the benchmark? The product and its baseline, measured in turns, and a goal."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from uuid import uuid4


class CannotMeasure(Exception):
    """Something that a row needs is missing or did not start: the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one side did in one round.

    `value` is in the unit of the row. `counts` are numbers that must be equal to one another, such
    as accepted, stored and delivered; any difference fails the whole run. `also` is printed as a
    guide, and held against the `ceilings` of the row.
    """

    value: float
    counts: Mapping[str, int] = field(default_factory=dict)
    also: Mapping[str, float] = field(default_factory=dict)

    def adds_up(self) -> bool:
        return len(set(self.counts.values())) <= 1


Side = Callable[[float], Awaitable[Sample]]  # measures for about so many seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both sides, started and ready. While one is measured the other must be idle."""

    product: Side
    baseline: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row runs: the addresses of the servers and a folder on a real disk."""

    dsn: str = field(repr=False)
    broker: str = field(repr=False)
    folder: Path

    def fresh(self) -> str:
        """A name for a schema, namespace or file that nobody else has."""
        return f"bench_{uuid4().hex[:12]}"


Prepare = Callable[[Place], AbstractAsyncContextManager[Pair]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`goal` is a ratio, product divided by baseline; None: reported only.

    `better`: whether a higher or a lower ratio is the better one. `ceilings` bound the medians of
    what the product's samples say beside the value, by name.
    """

    number: str
    title: str
    unit: str
    baseline: str
    goal: float | None
    prepare: Prepare
    better: Literal["higher", "lower"] = "higher"
    ceilings: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
