"""Whose calendar decides of each day? The layers of one organisation, laid over one another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

from contracts import school_days
from contracts.messages import Calendar
from contracts.school_days import AUTHORITY, NOBODY, SCHOOL, TRUST, Ruling, newest_first
from services.directory.handles import Directory
from services.directory.readmodels.queries import organisation_ids
from services.directory.streams.organisation import Known

_SAYS = {
    school_days.WEEKEND: "It is the weekend.",
    school_days.BANK_HOLIDAY: "It is a bank holiday in England and Wales.",
    school_days.TERM: "It is in term.",
    school_days.HOLIDAY: "It is not in term.",
    school_days.INSET: "It is an INSET day: staff are in, pupils are not.",
    school_days.CLOSURE: "It is closed.",
    school_days.ASSUMED: "No calendar says anything of it: Monday to Friday is assumed.",
}
_WHOSE = {
    SCHOOL: "By its own calendar.",
    TRUST: "By the calendar of its trust.",
    AUTHORITY: "By the calendar of its local authority.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The most specific first; the organisation itself is always the first."""

    layers: tuple[tuple[str, Known], ...]

    def calendars(self) -> Sequence[tuple[str, Calendar | None]]:
        return [(name, known.calendar) for name, known in self.layers]

    def ruling(self, day: date) -> Ruling:
        closures = newest_first([(name, one.year.as_closures()) for name, one in self.layers])
        return school_days.ruling(day, self.calendars(), closures, _bank_holidays())

    def speaking(self, day: date) -> Known | None:
        """Whose terms count on that day; None where nobody's reach so far."""
        return next(
            (known for _, known in self.layers if school_days.covers(known.calendar, day)), None
        )

    def ranges(self, first: date, last: date) -> list[dict[str, Any]]:
        """Spans of working days of which the same can be said; weekends are in none."""
        found: list[tuple[date, date, Ruling]] = []
        for day in _weekdays(first, last):
            said = self.ruling(day)
            if found and found[-1][2] == said:
                found[-1] = (found[-1][0], day, said)
            else:
                found.append((day, day, said))
        return [
            {"from": str(start), "to": str(end), **self._shown(said)} for start, end, said in found
        ]

    def on(self, day: date) -> dict[str, Any]:
        """Is it open on this day, and why?"""
        said = self.ruling(day)
        words = [_SAYS[said.kind], _WHOSE.get(said.layer, "")]
        staff = said.pupils or said.kind == school_days.INSET
        told = {"day": str(day), "staff": staff, **self._shown(said)}
        return told | {"says": " ".join(word for word in words if word)}

    def _shown(self, said: Ruling) -> dict[str, Any]:
        whose = {name: known.organisation for name, known in self.layers}
        shown = {"pupils": said.pupils, "kind": said.kind, "layer": said.layer}
        if said.layer != NOBODY:
            shown["by"] = whose[said.layer]
        return shown | ({"reason": said.reason} if said.reason else {})


async def resolve(directory: Directory, known: Known) -> Resolved:
    profile = known.profile
    layers = [(SCHOOL, known)]
    if profile is not None and profile.kind not in ("local-authority", "trust"):
        if profile.trust is not None:
            layers.append((TRUST, await directory.organisation(profile.trust)))
        if (council := await authority_of(directory, profile.local_authority)) is not None:
            layers.append((AUTHORITY, council))
    return Resolved(layers=tuple(one for one in layers if one[1].profile is not None))


async def authority_of(directory: Directory, place: str | None) -> Known | None:
    """The council that the GSS code names."""
    if place is None:
        return None
    await directory.book.catch_up()
    found = await organisation_ids(
        directory.database, kind="local-authority", local_authority=place, limit=1
    )
    return await directory.organisation(found[0]) if found else None


def _weekdays(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        if (day := first + timedelta(days=number)).weekday() < 5:
            yield day


@cache
def _bank_holidays() -> holidays.HolidayBase:
    """Of England, which are those of Wales too; it fills itself with each year it is asked of."""
    return holidays.country_holidays("GB", subdiv="ENG")
