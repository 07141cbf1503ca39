"""How like are a child who is asked for and an entry of a register? Facts that agree, and differ.

In words that name no value: who asks learns where to look again in their own papers, and nothing
of the child that they did not say themselves. The score only puts candidates in order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA, JaroWinkler

from contracts import identity
from services.directory.domain.birthdays import slip
from services.directory.domain.sounding import sound
from services.directory.finding.blocks import Described

GIVEN, FAMILY, BORN, HOME = "given_name", "family_name", "date_of_birth", "postcode"
_WEIGHTS = {GIVEN: 30, FAMILY: 30, BORN: 25, HOME: 15}
_LIKE = 0.87  # Jaro-Winkler; below it a short name is another name
_ENOUGH = 60  # a name and one fact, or all with a slip in each


@dataclass(frozen=True, slots=True)
class Compared:
    """`how` is None where one side does not say it."""

    fact: str
    share: float
    how: str
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    score: int
    facts: tuple[Compared, ...]

    @property
    def is_enough(self) -> bool:
        """Twins share all but the forename: with another forename it is another child."""
        by_fact = {one.fact: one for one in self.facts}
        anchored = by_fact[BORN].share > 0 or by_fact[HOME].share > 0
        return self.score >= _ENOUGH and by_fact[GIVEN].share > 0 and anchored


def likeness(asked: Described, entry: Described) -> Likeness:
    given, family = max(_names(asked, entry), key=lambda pair: pair[0].share + pair[1].share)
    facts = (given, family, _born(asked, entry), _home(asked, entry))
    known = {one.fact: one for one in facts if one.agrees is not None}
    total = sum(_WEIGHTS[fact] for fact in known)
    got = sum(_WEIGHTS[fact] * one.share for fact, one in known.items())
    missing = sum(_WEIGHTS.values()) - total  # what is not said counts for a third
    return Likeness(score=round(got + missing / 3), facts=facts)


def _names(asked: Described, entry: Described) -> Iterator[tuple[Compared, Compared]]:
    for given, family in asked.names:
        for at, (theirs, name) in enumerate(entry.names):
            other = "" if at == 0 else " under another name that the register holds"
            yield _name(GIVEN, given, theirs, other), _name(FAMILY, family, name, other)
            if given and family:
                over = " with given and family name changed over"
                yield _name(GIVEN, family, theirs, over), _name(FAMILY, given, name, over)


def _name(fact: str, asked: str, entry: str, where: str) -> Compared:
    one, other = identity.plain(asked), identity.plain(entry)
    if one == other:
        return Compared(fact, 0.9 if where else 1.0, f"the same{where}", True)
    if not one or not other:
        return Compared(fact, 0.3, "not said by both", None)
    slips = OSA.distance(one, other, score_cutoff=1)
    if slips <= 1 and min(len(one), len(other)) > 2:
        return Compared(fact, 0.85, f"one letter differs{where}", False)
    if one.startswith(other) or other.startswith(one):
        return Compared(fact, 0.7, f"one is a part of the other{where}", False)
    near = JaroWinkler.similarity(one, other)
    if near >= _LIKE or (near >= 0.75 and sound(asked) == sound(entry)):
        return Compared(fact, 0.7, f"spelt in another way{where}", False)
    return Compared(fact, 0.0, "differs", False)


def _born(asked: Described, entry: Described) -> Compared:
    if asked.born is None or entry.born is None:
        return Compared(BORN, 0.0, "not said by both", None)
    if asked.born == entry.born:
        return Compared(BORN, 1.0, "the same", True)
    says = slip(asked.born, entry.born)
    return Compared(BORN, 0.8 if says else 0.0, says or "differs", False)


def _home(asked: Described, entry: Described) -> Compared:
    one, other = identity.postcode(asked.postcode), identity.postcode(entry.postcode)
    if not one or not other:
        return Compared(HOME, 0.0, "not said by both", None)
    if one == other:
        return Compared(HOME, 1.0, "the same", True)
    return Compared(HOME, 0.0, "differs: perhaps an earlier address", False)
