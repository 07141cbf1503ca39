"""Which establishment took a closed one's place? One answer, or none: a split is for a person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

DEEPEST = 8  # the longest chain seen in the register is four

Why: TypeAlias = Literal["none", "several", "circle", "too-deep", "unknown"]
Links: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Successor:
    """`through` are those on the way, from the first successor to the last, which is `urn`."""

    urn: str
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """`candidates` are those that the chain leads to where it stops being plain."""

    why: Why
    candidates: frozenset[str] = frozenset()


def successor_of(
    urn: str, links: Links, is_open: Callable[[str], bool | None]
) -> Successor | Unclear:
    """Follow the links until an open establishment. `is_open` answers None for an unknown URN.

    A chain that ends in a closed one without a successor of its own has no answer: to name the
    closed one would send a child's notification to an empty building. Several ways that all end at
    the same open one are one answer; the longest is the way.
    """
    return _follow(urn, (urn,), links, is_open)


def _follow(
    at: str, way: tuple[str, ...], links: Links, is_open: Callable[[str], bool | None]
) -> Successor | Unclear:
    nexts = links.get(at, frozenset()) - {at}
    if not nexts:
        return Unclear("none")
    if len(way) > DEEPEST:
        return Unclear("too-deep")
    ends = [_step(each, way, links, is_open) for each in sorted(nexts)]
    plain = [end for end in ends if isinstance(end, Successor)]
    if len(plain) == len(ends) and len({end.urn for end in plain}) == 1:
        return max(plain, key=lambda end: len(end.through))
    if len(ends) > 1:
        return Unclear("several", nexts)
    return ends[0]


def _step(
    at: str, way: tuple[str, ...], links: Links, is_open: Callable[[str], bool | None]
) -> Successor | Unclear:
    if at in way:
        return Unclear("circle")
    match is_open(at):
        case None:
            return Unclear("unknown")
        case True:
            return Successor(at, (*way[1:], at))
        case False:
            return _follow(at, (*way, at), links, is_open)


def is_conversion(found: Successor, predecessors: Links) -> bool:
    """Did one school become one school all the way, as when a school becomes an academy?

    Only then are the people who are called likely to be the same.
    """
    return all(len(predecessors.get(each, frozenset())) == 1 for each in found.through)
