"""What was read from a file of calendar entries, and what became of each part of it?"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.directory.domain.calendars import BadCalendar
from services.directory.domain.entries import Entry, calendar_from, in_order, year_of

_TERMS = ("term", "half-term")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`at`: a pointer to it. Either an entry, or `says` why it is none."""

    at: str
    name: str
    entry: Entry | None = None
    says: str = ""


class Refused(Exception):
    """Nothing of the file is taken. Pointers, and what is wrong there."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(len(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`source`: ical or csv."""

    source: str
    parts: tuple[Part, ...]

    def entries(self) -> tuple[Entry, ...]:
        return in_order(part.entry for part in self.parts if part.entry is not None)

    def replaces(self, entry: Entry) -> bool:
        """A file speaks of the school years and the kinds that are in it, and of no other."""
        mine = self.entries()
        years = {year_of(one.start) for one in mine}
        return year_of(entry.start) in years and _group(entry) in {_group(one) for one in mine}

    def check(self) -> None:
        """Raises Refused: nothing in it, or what is in it contradicts itself."""
        placed = [part for part in self.parts if part.entry is not None]
        if not placed:
            raise Refused([("", "has nothing in it that could be placed in a school's year")])
        try:
            calendar_from([part.entry for part in placed if part.entry is not None])
        except BadCalendar as bad:
            number = bad.where.removeprefix("/entries/")
            at = placed[int(number)].at if number.isdecimal() else ""
            raise Refused([(at, bad.says)]) from None


def _group(entry: Entry) -> str:
    return "terms" if entry.kind in _TERMS else entry.kind
