"""Which rows of the schools register may be told of a child, and as what kind of organisation?

Domestic Abuse Act 2021 section 49A: a school in England or Wales, an institution of further
education, a 16 to 19 academy. Type, group and ages decide. The phase cannot: pupil referral
units, special and independent schools all carry "not applicable" (ADR 0019).
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

# Independent, maintained, special, Welsh, academies, free schools.
_SCHOOL_GROUPS = frozenset({3, 4, 5, 6, 10, 11})
_COLLEGE_TYPES = frozenset({18, 31, 39, 45, 46, 57})  # FE, sixth form, 16 to 19
_NURSERY_TYPES = frozenset({15})
_RECEPTION_AGE = 4  # a reception pupil may be four; who is older than none is in a nursery
_ADULT_AGE = 18


class Status(IntEnum):
    OPEN = 1
    CLOSED = 2
    CLOSING = 3  # open, but proposed to close
    PROPOSED = 4  # proposed to open


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    """The few facts of one row that Daybreak takes. Head teachers' names are never read."""

    urn: str
    name: str
    type: int
    group: int
    status: Status
    opened: date | None = None
    closed: date | None = None
    low_age: int | None = None
    high_age: int | None = None
    local_authority: str | None = None  # GSS code
    number: str | None = None  # of local authority and establishment, seven digits
    former_number: str | None = None
    town: str = ""
    postcode: str = ""
    groups: tuple[int, ...] = ()  # the trust, then the federation, by the register's numbers

    @property
    def kind(self) -> str | None:
        return kind_of(self.type, self.group, self.low_age, self.high_age)


def kind_of(type: int, group: int, low_age: int | None, high_age: int | None) -> str | None:
    """`school`, `college` or `nursery`; None for what is no relevant establishment."""
    if low_age is not None and low_age >= _ADULT_AGE:
        return None  # a child is under eighteen
    if type in _COLLEGE_TYPES:
        return "college"
    if group not in _SCHOOL_GROUPS:
        return None  # universities, offshore, British schools overseas, online providers, the rest
    if type in _NURSERY_TYPES or (high_age is not None and high_age <= _RECEPTION_AGE):
        return "nursery"
    return "school"
