"""How is a calendar shown? In the form in which it is put, and with where each part came from."""

from datetime import date
from typing import Any

from services.directory.calendars.resolving import Resolved
from services.directory.domain.entries import year_of
from services.directory.forms import not_known
from services.directory.streams.calendar_layer import ClosureAnnounced, Kept
from services.directory.streams.organisation import Known, Part

Json = dict[str, Any]


def shown(known: Known) -> Json:
    """In the form in which it is put. `own` says that it is not somebody else's or a default."""
    if known.profile is None:
        raise not_known("organisation")
    calendar = known.calendar
    told: Json = {
        "own": calendar is not None,
        "terms": [f"{term.start}/{term.end}" for term in calendar.terms] if calendar else [],
        "inset": [str(day) for day in calendar.inset] if calendar else [],
        "closed": [str(day) for day in calendar.closed] if calendar else [],
    }
    if calendar is not None:
        validity = calendar.model_dump(mode="json", include={"valid_from", "valid_to"})
        told |= {name: day for name, day in validity.items() if day is not None}
    return told


def shown_whole(resolved: Resolved, today: date, first: date | None, last: date | None) -> Json:
    """`first` and `last`: the days to resolve; this school year where they are left out."""
    own = resolved.layers[0][1]
    begins = date(year_of(today), 9, 1)
    first = first or begins
    last = last or date(begins.year + 1, 8, 31)
    return {
        **shown(own),
        "edition": own.edition(Part.CALENDAR),  # what If-Match takes
        "layers": [_layer(name, known) for name, known in resolved.layers],
        "resolved": resolved.ranges(first, last),
    }


def _layer(name: str, known: Known) -> Json:
    return {
        "layer": name,
        "organisation": known.organisation,
        "name": known.profile.name if known.profile else "",
        "published": known.calendar is not None,
        "entries": [entry(known.organisation, one) for one in known.year.entries],
        "closures": [closure(one) for one in known.year.closures],
    }


def entry(organisation: str, one: Kept) -> Json:
    confirmed = one.confirmed_at
    return {
        "id": str(one.entry.id_of(organisation)),
        "kind": one.entry.kind,
        "start": str(one.entry.start),
        "end": str(one.entry.end),
        "name": one.entry.name,
        "source": one.source,
        "put_by": one.by,
        "put_at": one.at.isoformat(),
        **({"confirmed_by": one.confirmed_by} if one.confirmed_by is not None else {}),
        **({"confirmed_on": confirmed.isoformat()} if confirmed is not None else {}),
    }


def closure(one: ClosureAnnounced) -> Json:
    return {
        "id": str(one.closure),
        "start": str(one.start),
        "end": str(one.end),
        "reason": one.reason,
        "open": one.open,
        "by": one.by,
        "announced_at": one.announced_at.isoformat(),
    }
