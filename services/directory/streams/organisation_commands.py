"""What may be asked of one organisation, and what follows? Asking twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from typing import Any, TypeAlias

from contracts.contacts import Confirmation
from contracts.messages import Contact
from services.directory.streams import calendar_wishes
from services.directory.streams.calendar_wishes import CalendarWish
from services.directory.streams.organisation import (
    ContactRemoved,
    ContactsConfirmed,
    ContactSet,
    Known,
    OrganisationClosed,
    OrganisationEvent,
    OrganisationReopened,
    OrganisationSet,
    Part,
    Profile,
    evolve,
    sealed,
)


class OrganisationUnknown(Exception):
    """Nothing may be said of an organisation before it was set."""


class KindMissing(Exception):
    """A new organisation needs a kind."""


class Overtaken(Exception):
    """Somebody else changed it after it was read by who asks now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetProfile:
    """`changes` are fields of Profile; what is left out stays as it is."""

    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Without a successor, one that is known already stays."""

    on: date
    successor: str | None = None
    by_register: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContact:
    """Without a place a known contact keeps its own and a new one is called last."""

    contact: Contact
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveContact:
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContacts:
    """All of them, in order of call."""

    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmContacts:
    """They are right as they stand; `by` says so. None named: all."""

    contacts: tuple[str, ...] | None = None
    by: str


Wish: TypeAlias = (
    SetProfile
    | Close
    | Reopen
    | CalendarWish
    | SetContact
    | RemoveContact
    | SetContacts
    | ConfirmContacts
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the editor had before them: a part, in one of these editions."""

    part: Part
    editions: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Several wishes for one organisation, granted together or not at all."""

    organisation: str
    wishes: tuple[Wish, ...] = field(default=())
    at: datetime
    read: Read | None = None


def decide(change: Change, known: Known) -> tuple[OrganisationEvent, ...]:
    """Raises OrganisationUnknown, KindMissing, Overtaken or BadCalendar."""
    if change.read is not None and known.edition(change.read.part) not in change.read.editions:
        raise Overtaken
    said: list[OrganisationEvent] = []
    for wish in change.wishes:
        events = _grant(change, wish, known)
        known = reduce(evolve, events, known)
        said.extend(events)
    return tuple(said)


def _grant(change: Change, wish: Wish, known: Known) -> Sequence[OrganisationEvent]:
    organisation, at = change.organisation, change.at
    if isinstance(wish, SetProfile):
        return _set_profile(change, wish, known)
    if known.profile is None:
        raise OrganisationUnknown
    match wish:
        case Close():
            return _close(change, wish, known)
        case Reopen():
            if known.closed_on is None:
                return ()
            return (OrganisationReopened(organisation=organisation, reopened_at=at),)
        case SetContact() | RemoveContact() | SetContacts() | ConfirmContacts():
            return _call(change, wish, known)
        case _:
            return calendar_wishes.decide(wish, known.year, organisation, at)


def _call(
    change: Change,
    wish: SetContact | RemoveContact | SetContacts | ConfirmContacts,
    known: Known,
) -> Sequence[OrganisationEvent]:
    match wish:
        case ConfirmContacts():
            return _confirm(change, wish, known)
        case SetContact():
            return _set_contact(change, wish.contact, wish.place, known)
        case RemoveContact():
            return _remove(change, [wish.contact], known)
        case SetContacts():
            return _set_contacts(change, wish.contacts, known)


def _close(change: Change, wish: Close, known: Known) -> Sequence[OrganisationEvent]:
    successor = wish.successor or known.successor
    if (known.closed_on, known.successor) == (wish.on, successor):
        return ()
    return (
        OrganisationClosed(
            organisation=change.organisation,
            on=wish.on,
            successor=successor,
            by_register=wish.by_register,
            closed_at=change.at,
        ),
    )


def _set_profile(change: Change, wish: SetProfile, known: Known) -> Sequence[OrganisationEvent]:
    if known.profile is None and not wish.changes.get("kind"):
        raise KindMissing
    before = known.profile or Profile(kind=wish.changes["kind"])
    after = replace(before, **wish.changes)
    if known.profile == after:
        return ()
    return (OrganisationSet(organisation=change.organisation, profile=after, set_at=change.at),)


def _set_contact(
    change: Change, contact: Contact, place: int | None, known: Known
) -> Sequence[OrganisationEvent]:
    order = [each.id for each in known.contacts]
    here = order.index(contact.id) if contact.id in order else None
    last = len(order) - (here is not None)
    wanted = min(place, last) if place is not None else here if here is not None else last
    if here is not None and (here, known.contacts[here]) == (wanted, contact):
        return ()
    return (
        ContactSet(
            organisation=change.organisation,
            contact=contact.id,
            role=contact.role,
            since=contact.since,
            until=contact.until,
            confirmation=contact.confirmation,
            place=wanted,
            details=sealed(change.organisation, contact),
            set_at=change.at,
        ),
    )


def _confirm(change: Change, wish: ConfirmContacts, known: Known) -> Sequence[OrganisationEvent]:
    said = Confirmation(state="confirmed", at=change.at, by=wish.by)
    meant = tuple(
        one.id
        for one in known.contacts
        if (wish.contacts is None or one.id in wish.contacts) and one.confirmation != said
    )
    if not meant:
        return ()
    return (
        ContactsConfirmed(
            organisation=change.organisation, contacts=meant, by=wish.by, confirmed_at=change.at
        ),
    )


def _remove(change: Change, gone: Sequence[str], known: Known) -> Sequence[OrganisationEvent]:
    there = {contact.id for contact in known.contacts}
    return [
        ContactRemoved(organisation=change.organisation, contact=each, removed_at=change.at)
        for each in gone
        if each in there
    ]


def _set_contacts(
    change: Change, contacts: tuple[Contact, ...], known: Known
) -> Sequence[OrganisationEvent]:
    kept = {contact.id for contact in contacts}
    gone = [contact.id for contact in known.contacts if contact.id not in kept]
    said = list(_remove(change, gone, known))
    now = reduce(evolve, said, known)
    for place, contact in enumerate(contacts):
        events = _set_contact(change, contact, place, now)
        now = reduce(evolve, events, now)
        said.extend(events)
    return said
