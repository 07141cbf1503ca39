"""What does a public register say of an establishment that only the directory needs?

Numbers, places and groups. Nothing of it travels to the other services.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

Register: TypeAlias = Literal["gias", "gias-groups", "wales"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number beside the URN, and from which day to which; None is not known.

    The number of local authority and establishment (LAESTAB, seven digits) is used again: a school
    that becomes an academy may hand it on, so it is an alias with dates and never a key.
    """

    number: str
    since: date | None = None
    until: date | None = None  # the last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`type` is the register's own code; `groups` are the numbers of the groups that run it."""

    register: Register
    type: int | None = None
    numbers: tuple[Numbered, ...] = ()  # the present one last
    town: str = ""
    postcode: str = ""
    groups: tuple[int, ...] = ()
    language: Literal["cy", "en"] | None = None

    @property
    def number(self) -> str | None:
        return self.numbers[-1].number if self.numbers else None


def after(known: Listing | None, said: Listing, today: date) -> Listing:
    """What the register leaves out clears nothing; a number that changed keeps its days."""
    if known is None:
        return said
    return replace(
        said,
        numbers=_numbers(known.numbers, said.numbers, today),
        town=said.town or known.town,
        postcode=said.postcode or known.postcode,
        language=said.language or known.language,
    )


def _numbers(
    known: tuple[Numbered, ...], said: tuple[Numbered, ...], today: date
) -> tuple[Numbered, ...]:
    have = {each.number for each in known}
    formerly = tuple(each for each in said[:-1] if each.number not in have)
    if not said:
        return known
    present = said[-1]
    if not known:
        return said
    if known[-1].number == present.number:
        return (*formerly, *known)
    ended = replace(known[-1], until=today - timedelta(days=1))
    return (*formerly, *known[:-1], ended, Numbered(number=present.number, since=today))
