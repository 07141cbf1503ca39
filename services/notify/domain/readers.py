"""Which people of an organisation are told, and which must not even see that there is something?"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from contracts.messages import Contact, Organisation
from services.notify.domain.on_call import (
    FOR_WANT_OF_BETTER,
    IN_ORDER,
    Moment,
    Roster,
    Way,
    training_lapsed,
)
from services.notify.domain.placement import SCHOOLS

KEY_ADULTS = frozenset({"designated-safeguarding-lead", "deputy"})
OFFICER_ROLES = {
    "home-education-officer": "home-education-officer",
    "children-missing-education": "children-missing-education-officer",
}
LAST_RESORT = "education-safeguarding"

Barred = Callable[[Contact], bool]


def serving(organisation: Organisation, day: date) -> list[Contact]:
    """From their first day to their last, where these are known."""
    return [
        one
        for one in organisation.contacts
        if (one.since is None or one.since <= day) and (one.until is None or day <= one.until)
    ]


def lapsed(organisation: Organisation, audience: str, day: date) -> tuple[str, ...]:
    """Whose training has run out, of those who would be told first."""
    first = next(_circles(organisation, audience, serving(organisation, day)), [])
    return tuple(one.id for one in first if training_lapsed(one, day))


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
    moment: Moment,
    works_at: Container[str] = (),
) -> Told:
    """Divert, never suppress: the alternate, the head, the authority's education safeguarding."""
    day = moment.day
    contacts, diverted = told(organisation, authority, audience, barred, moment)
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
    moment: Moment,
) -> tuple[tuple[str, ...], str | None]:
    """The contacts in order of call, and the authority's id where only its desk is left.

    Whoever is away without cover, untrained, or behind a dead mailbox is told where nobody else is.
    """
    here = Roster(able=_able(organisation, barred, moment.day), moment=moment)
    if found := _first(here, organisation, audience, IN_ORDER):
        return found, None
    if organisation.kind in SCHOOLS and authority is not None:
        able = _able(authority, barred, moment.day)
        there = Roster(able=able, moment=replace(moment, unreachable=frozenset()))
        desk = [one for one in able if one.role == LAST_RESORT]
        for way in (*IN_ORDER, *FOR_WANT_OF_BETTER):
            if answers := there.of(desk, way):
                return tuple(one.id for one in answers), authority.id
    return _first(here, organisation, audience, FOR_WANT_OF_BETTER), None


def _first(
    roster: Roster, organisation: Organisation, audience: str, ways: Sequence[Way]
) -> tuple[str, ...]:
    for way in ways:
        for circle in _circles(organisation, audience, roster.able):
            if answers := roster.of(circle, way):
                return tuple(one.id for one in answers)
    return ()


def _able(organisation: Organisation, barred: Barred, day: date) -> list[Contact]:
    out = kept_out(organisation, barred, day)
    return [one for one in serving(organisation, day) if one.email and one.id not in out]


def _circles(
    organisation: Organisation, audience: str, able: Sequence[Contact]
) -> Iterator[list[Contact]]:
    """From the people who should read it to those who read it when none of them can."""
    if organisation.kind in SCHOOLS:
        yield [one for one in able if one.role in KEY_ADULTS]
        yield [one for one in able if one.role == "head"]
        yield [one for one in able if one.role == "chair-of-governors"]
    elif role := OFFICER_ROLES.get(audience):
        yield [one for one in able if one.role == role]
        yield _but_desks(able)
    else:
        yield list(able)


def _but_desks(able: Sequence[Contact]) -> list[Contact]:
    desks = [one for one in able if one.role == LAST_RESORT]
    return desks or list(able)
