"""Which people of an organisation are told, and which must not even see that there is something?"""

from collections.abc import Callable, Sequence
from datetime import date

from contracts.messages import Contact, Organisation
from services.notify.domain.placement import SCHOOLS

KEY_ADULTS = frozenset({"designated-safeguarding-lead", "deputy"})
OFFICER_ROLES = {
    "home-education-officer": "home-education-officer",
    "children-missing-education": "children-missing-education-officer",
}
LAST_RESORT = "education-safeguarding"

Barred = Callable[[Contact], bool]


def serving(organisation: Organisation, day: date) -> list[Contact]:
    return [one for one in organisation.contacts if one.until is None or day <= one.until]


def told(
    organisation: Organisation,
    authority: Organisation | None,
    audience: str,
    barred: Barred,
    day: date,
) -> tuple[tuple[str, ...], str | None]:
    """The contacts in order of call, and the authority's id where only its desk is left."""
    able = [one for one in serving(organisation, day) if one.email and not barred(one)]
    for circle in _circles(organisation, audience, able):
        if circle:
            return tuple(one.id for one in circle), None
    if organisation.kind in SCHOOLS and authority is not None:
        desk = [
            one.id
            for one in serving(authority, day)
            if one.role == LAST_RESORT and one.email and not barred(one)
        ]
        if desk:
            return tuple(desk), authority.id
    return (), None


def _circles(
    organisation: Organisation, audience: str, able: Sequence[Contact]
) -> list[list[Contact]]:
    """From the people who should read it to those who read it when none of them can."""
    if organisation.kind in SCHOOLS:
        return [
            [one for one in able if one.role in KEY_ADULTS],
            [one for one in able if one.role == "head"],
            [one for one in able if one.role == "chair-of-governors"],
        ]
    if role := OFFICER_ROLES.get(audience):
        return [[one for one in able if one.role == role], _but_desks(able)]
    return [list(able)]


def _but_desks(able: Sequence[Contact]) -> list[Contact]:
    desks = [one for one in able if one.role == LAST_RESORT]
    return desks or list(able)
