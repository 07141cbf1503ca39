"""Which establishment took a closed one's place? One answer, or none: a split is for a person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

DEEPEST = 8  # the longest chain seen in the register is four

Why: TypeAlias = Literal["none", "several", "circle", "too-deep", "unknown"]


@dataclass(frozen=True, slots=True)
class Successor:
    urn: str


@dataclass(frozen=True, slots=True)
class Unclear:
    why: Why


def successor_of(
    urn: str,
    links: Mapping[str, frozenset[str]],
    is_open: Callable[[str], bool | None],
) -> Successor | Unclear:
    """Follow the links until an open establishment. `is_open` answers None for an unknown URN.

    A chain that ends in a closed one without a successor of its own has no answer: to name the
    closed one would send a child's notification to an empty building.
    """
    visited = {urn}
    at = urn
    for _ in range(DEEPEST):
        nexts = links.get(at, frozenset()) - {at}
        if not nexts:
            return Unclear("none")
        if len(nexts) > 1:
            return Unclear("several")
        (at,) = nexts
        if at in visited:
            return Unclear("circle")
        visited.add(at)
        match is_open(at):
            case None:
                return Unclear("unknown")
            case True:
                return Successor(at)
            case False:
                continue
    return Unclear("too-deep")
