"""Which kinds of enrolment put a child on a roll? The letters of the schools' transfer file."""

from typing import Literal, TypeAlias

Status: TypeAlias = Literal["C", "M", "S", "F", "G"]
"""Current, main of two, subsidiary of two, further education, guest."""

STATUSES: frozenset[str] = frozenset({"C", "M", "S", "F", "G"})
_GUEST = "G"


class UnknownStatus(Exception):
    """Not one of the letters."""


def read_status(text: str) -> str | None:
    """The letter; None for nothing. School systems write the word after it, or the word alone."""
    letter = text.strip()[:1].upper()
    if not letter:
        return None
    if letter not in STATUSES:
        raise UnknownStatus("is not one of C, M, S, F and G")
    return letter


def is_registered(status: str | None) -> bool:
    """A guest sits in a lesson there and is registered elsewhere; both of two schools register.

    The duty is to every school at which the child is a registered pupil (Victims and Prisoners Act
    2024, section 20). That a guest is not one is a reading, to be confirmed by the area.
    """
    return status != _GUEST
