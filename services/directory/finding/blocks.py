"""Which entries of the registers are worth weighing? Those that share a keyed hash with the asked.

Each is of two or more facts together, so that no table says who shares a surname or a birthday
with whom, and without the pepper none of them can be tried (ADR 0040).
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from contracts import identity
from services.directory.domain.birthdays import nearby
from services.directory.domain.sounding import sound

Name = tuple[str, str]
_BITS = 63  # a signed column holds it; two that meet by chance are told apart when weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A child as a register or an asker describes one. `names`: given and family, legal first."""

    names: tuple[Name, ...] = field(repr=False)
    born: date | None = field(default=None, repr=False)
    postcode: str = field(default="", repr=False)


def blocks_held(pepper: bytes, child: Described) -> set[int]:
    """Under which an entry lies."""
    return _hashed(pepper, _held(child, [child.born] if child.born else []))


def blocks_asked(pepper: bytes, child: Described) -> set[int]:
    """Under which to look: also for a swapped day and month, and for names changed over."""
    over = tuple((family, given) for given, family in child.names)
    wider = Described(names=(*child.names, *over), born=child.born, postcode=child.postcode)
    return _hashed(pepper, _held(wider, list(nearby(child.born)) if child.born else []))


def _held(child: Described, days: Sequence[date]) -> Iterator[tuple[str, ...]]:
    home = identity.postcode(child.postcode)
    for given, family in {(sound(given), sound(family)) for given, family in child.names}:
        for day in days:
            if given:
                yield "given-day", given, day.isoformat()
            if family:
                yield "family-day", family, day.isoformat()
            yield "names-year", given, family, f"{day.year}"
            yield "names-date", given, family, f"{day:%m-%d}"
        if home and given:
            yield "given-home", given, home
    if home:
        for day in days:
            yield "home-day", home, day.isoformat()


def _hashed(pepper: bytes, parts: Iterable[tuple[str, ...]]) -> set[int]:
    return {_one(pepper, each) for each in parts}


def _one(pepper: bytes, parts: tuple[str, ...]) -> int:
    made = hmac.digest(pepper, "\x1f".join(("block", *parts)).encode(), "sha256")
    return int.from_bytes(made[:8], "big") >> (64 - _BITS)
