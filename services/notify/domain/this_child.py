"""Is this entry of a register the child of this event? By keyed hashes, and never in doubt.

First by a number or the name as it is typed, then by the name's letters alone (ADR 0011, 0040).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.messages import PupilKeys


class MayBeTwo(Exception):
    """What is known could be two children: for a person to find out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    organisation: str
    upn: str | None = None
    person: str | None = None
    starts: date | None = None
    until: date | None = None
    nhs: str | None = None
    also: tuple[str, ...] = ()

    def on_roll(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (
            self.until is None or day <= self.until
        )


def is_this_child(enrolment: Enrolment, keys: PupilKeys) -> bool:
    """By UPN, by NHS number and birth, or by name, date of birth and postcode; two different
    numbers are two children."""
    if keys.upn is not None and enrolment.upn == keys.upn:
        return True
    numbered = keys.nhs is not None and enrolment.nhs == keys.nhs
    if not numbered and (enrolment.person is None or enrolment.person not in keys.person):
        return False
    _not_another(enrolment, keys)
    return True


def _not_another(enrolment: Enrolment, keys: PupilKeys) -> None:
    """Raises MayBeTwo where both sides know a number, and it is not the same."""
    for one, other in ((enrolment.upn, keys.upn), (enrolment.nhs, keys.nhs)):
        if one is not None and other is not None and one != other:
            raise MayBeTwo


def spelled_otherwise(
    enrolments: Sequence[Enrolment], keys: PupilKeys, day: date
) -> list[Enrolment]:
    """Of one child beyond doubt, whose name is written with other signs or is a preferred one.

    Raises MayBeTwo where it might be two: that is for a person (ADR 0040).
    """
    wanted = frozenset(keys.also)
    found = [
        one
        for one in enrolments
        if wanted & set(one.also) and (one.until is None or day <= one.until)
    ]
    for one in found:
        _not_another(one, keys)
        if not all(_same_child(one, other) for other in found):
            raise MayBeTwo
    return found


def _same_child(one: Enrolment, other: Enrolment) -> bool:
    """Two enrolments of one child, at two schools: by a number of both, else by the same name."""
    for mine, theirs in ((one.upn, other.upn), (one.nhs, other.nhs)):
        if mine is not None and theirs is not None:
            return mine == theirs
    return one.person is not None and one.person == other.person
