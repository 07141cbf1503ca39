"""Who was whose contact on a day? From what was said, and when it was said.

Two times that must not be mixed: from when somebody serves (`since`, else the moment of saying),
and when the directory heard of it. A later word counts from the day that it names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.contacts import Contact

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`contact` is None for a removal, and where `erased`: the key of that person is destroyed."""

    id: str
    at: datetime
    role: str = ""
    since: date | None = None
    until: date | None = None
    contact: Contact | None = None
    removed: bool = False

    @property
    def begins(self) -> datetime:
        return _midnight(self.since) if self.since is not None else self.at

    @property
    def ends(self) -> datetime | None:
        return _midnight(self.until + timedelta(days=1)) if self.until is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """One person in one role, as last described; `ends` is None while nothing has ended it."""

    id: str
    role: str
    begins: datetime
    ends: datetime | None
    contact: Contact | None

    def same(self, other: "Tenure") -> bool:
        """Nobody knows whether two whose names are destroyed were one."""
        mine, theirs = self.contact, other.contact
        return (
            (self.id, self.role) == (other.id, other.role)
            and mine is not None
            and theirs is not None
            and (mine.given_name, mine.family_name) == (theirs.given_name, theirs.family_name)
        )


def on(day: date, told: Iterable[Said]) -> list[Tenure]:
    """Everybody who served on some part of that local day, in the order in which they began."""
    start, end = _midnight(day), _midnight(day + timedelta(days=1))
    there = [
        one for one in tenures(told) if one.begins < end and (one.ends is None or one.ends > start)
    ]
    return sorted(there, key=lambda one: (one.begins, one.id))


def tenures(told: Iterable[Said]) -> list[Tenure]:
    """`told` in the order in which it was heard."""
    found: dict[str, list[Tenure]] = {}
    former: dict[str, Said] = {}
    for said in told:
        begins = _counts_from(said, former.get(said.id))
        mine = _cut(found.get(said.id, []), begins)
        found[said.id] = mine if said.removed else _added(mine, said, begins)
        former[said.id] = said
    return [one for each in found.values() for one in each]


def _counts_from(said: Said, former: Said | None) -> datetime:
    """A first day that was said before dates that word, and not a new role or number."""
    if said.removed:
        return said.at
    if former is not None and not former.removed and former.since == said.since:
        return max(said.at, said.begins)
    return said.begins


def _added(mine: list[Tenure], said: Said, begins: datetime) -> list[Tenure]:
    one = Tenure(id=said.id, role=said.role, begins=begins, ends=said.ends, contact=said.contact)
    if one.ends is not None and one.ends <= one.begins:
        return mine
    if mine and mine[-1].same(one) and mine[-1].ends == one.begins:
        return [*mine[:-1], replace(one, begins=mine[-1].begins)]
    return [*mine, one]


def _cut(mine: list[Tenure], at: datetime) -> list[Tenure]:
    return [
        replace(one, ends=at) if one.ends is None or one.ends > at else one
        for one in mine
        if one.begins < at
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON)
