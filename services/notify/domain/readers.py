"""Which people of an organisation are told, and which must not even see that there is something?"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
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


def kept_out(organisation: Organisation, barred: Barred, day: date) -> frozenset[str]:
    """Who of them must not see that there is something, and who shares a mailbox with one of those.

    Mail that reaches the one reaches the other, and so does the link by which either signs in.
    """
    here = serving(organisation, day)
    named = [one for one in here if barred(one)]
    mailboxes = {_mailbox(one) for one in named if one.email}
    shared = [one for one in here if one.email and _mailbox(one) in mailboxes]
    return frozenset(one.id for one in (*named, *shared))


def _mailbox(contact: Contact) -> str:
    return (contact.email or "").strip().casefold()


def works_here(organisation: Organisation, works_at: Container[str]) -> bool:
    """Of a party of whom it is known only where, not that they are among the contacts."""
    return organisation.id in works_at or (organisation.urn or "") in works_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`diverted_to` is the authority, where nobody at the school is left to read it.

    `quiet`: somebody where it is read must not know, so that nothing goes to all there at once;
    `conflict`: somebody at the organisation itself.
    """

    contacts: tuple[str, ...]
    diverted_to: str | None = None
    quiet: bool = False
    conflict: bool = False


def whom_to_tell(
    organisation: Organisation,
    authority: Organisation | None,
    audience: str,
    barred: Barred,
    day: date,
    works_at: Container[str] = (),
) -> Told:
    """Divert, never suppress: the alternate, the head, the authority's education safeguarding."""
    contacts, diverted = told(organisation, authority, audience, barred, day)
    conflict = bool(kept_out(organisation, barred, day)) or works_here(organisation, works_at)
    if authority is None or organisation.kind not in SCHOOLS:
        return Told(contacts=contacts, quiet=conflict, conflict=conflict)
    if not contacts and conflict:
        diverted = authority.id  # its desk has nobody either: it is told by a task (ADR 0030)
    there = kept_out(authority, barred, day) or works_here(authority, works_at)
    quiet = bool(there) if diverted is not None else conflict
    return Told(contacts=contacts, diverted_to=diverted, quiet=quiet, conflict=conflict)


def told(
    organisation: Organisation,
    authority: Organisation | None,
    audience: str,
    barred: Barred,
    day: date,
) -> tuple[tuple[str, ...], str | None]:
    """The contacts in order of call, and the authority's id where only its desk is left."""
    able = _able(organisation, barred, day)
    for circle in _circles(organisation, audience, able):
        if circle:
            return tuple(one.id for one in circle), None
    if organisation.kind in SCHOOLS and authority is not None:
        desk = [one.id for one in _able(authority, barred, day) if one.role == LAST_RESORT]
        if desk:
            return tuple(desk), authority.id
    return (), None


def _able(organisation: Organisation, barred: Barred, day: date) -> list[Contact]:
    out = kept_out(organisation, barred, day)
    return [one for one in serving(organisation, day) if one.email and one.id not in out]


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
