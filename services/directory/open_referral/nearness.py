"""How far is it? From the middle of a postcode, as far as what is published knows the postcode."""

from collections.abc import Iterable, Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Any, TypeAlias

from services.directory.forms import refusal

Position: TypeAlias = tuple[float, float]  # latitude and longitude in degrees

USUAL_METRES = 10_000  # where no proximity is asked
_EARTH = 6_371_000


def middle_of(postcode: str, rows: Iterable[Any]) -> Position:
    """Of the published locations there; else of those in its district. Raises Problem for neither.

    There is no register of postcodes here: one that nothing is published near is not known.
    """
    asked = "".join(postcode.split()).upper()
    placed = [row for row in rows if row.postcode and row.latitude is not None]
    here = [row for row in placed if row.postcode == asked]
    near = here or [row for row in placed if row.postcode[:-3] in (asked, asked[:-3])]
    if not near:
        raise refusal("", "query parameter postcode: no place is known for it here")
    return (
        sum(row.latitude for row in near) / len(near),
        sum(row.longitude for row in near) / len(near),
    )


def within(rows: Iterable[Any], middle: Position, metres: int) -> Sequence[Any]:
    return [
        row
        for row in rows
        if row.latitude is not None and distance(middle, (row.latitude, row.longitude)) <= metres
    ]


def distance(one: Position, other: Position) -> float:
    """In metres, along a great circle."""
    (up, along), (up_there, along_there) = one, other
    rise, turn = radians(up_there - up) / 2, radians(along_there - along) / 2
    share = sin(rise) ** 2 + cos(radians(up)) * cos(radians(up_there)) * sin(turn) ** 2
    return 2 * _EARTH * asin(sqrt(share))
