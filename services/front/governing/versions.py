"""Which version of each agreement is in force on a day, and is its review past?"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

Json = dict[str, Any]


def in_force(version: Json, day: date) -> bool:
    span = version["in_force"]
    until = span.get("until")
    return date.fromisoformat(span["since"]) <= day and (
        until is None or day <= date.fromisoformat(until)
    )


def standing(versions: Sequence[Json], day: date) -> Json:
    """The one in force; where none is, the last that was written."""
    return next((one for one in versions if in_force(one, day)), versions[-1])


def standing_ones(agreements: Iterable[Sequence[Json]], day: date) -> list[Json]:
    return [standing(versions, day) for versions in agreements if versions]


def lapsed(version: Json, day: date) -> bool:
    """A review that is past warns and stops nothing."""
    return date.fromisoformat(version["review_on"]) < day


def state(version: Json, day: date) -> str:
    if in_force(version, day):
        return "In force"
    begins = date.fromisoformat(version["in_force"]["since"])
    return "Not yet in force" if day < begins else "Ended"
