"""Which days of birth are one slip of the pen away from this one?"""

from collections.abc import Iterator
from datetime import date


def swapped(born: date) -> date | None:
    """Day and month changed over; None where that is no other day."""
    if born.day > 12 or born.day == born.month:
        return None
    return date(born.year, born.day, born.month)


def slip(one: date, other: date) -> str | None:
    """What differs between two days, in words that name neither; None where too much does."""
    if swapped(one) == other:
        return "day and month are swapped"
    if (one.day, one.month) == (other.day, other.month):
        same = _one_digit(f"{one.year}", f"{other.year}") or abs(one.year - other.year) == 1
        return "the year differs by a digit" if same else None
    if one.year == other.year:
        if one.month == other.month and _one_digit(f"{one.day:02}", f"{other.day:02}"):
            return "one digit of the day differs"
        if one.day == other.day and _one_digit(f"{one.month:02}", f"{other.month:02}"):
            return "one digit of the month differs"
    return None


def nearby(born: date) -> Iterator[date]:
    """Itself first, then day and month swapped."""
    yield born
    other = swapped(born)
    if other is not None:
        yield other


def _one_digit(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1
