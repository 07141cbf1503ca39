"""What may the log say of one organisation? Its facts, who is called first, and when it is open."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeAlias

from contracts.contacts import Confirmation
from contracts.messages import Calendar, Contact, Organisation
from services.chassis.sealing import Sealed
from services.directory.streams import calendar_layer
from services.directory.streams.calendar_layer import (
    CalendarConfirmed,
    CalendarSet,
    ClosureAnnounced,
    ClosureWithdrawn,
    Layer,
)
from services.directory.streams.listing import Listing


def stream_of(organisation: str) -> str:
    return f"organisation-{organisation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an administrator or the schools register says; contacts and calendar are its own."""

    kind: str
    name: str = ""
    urn: str | None = None
    local_authority: str | None = None
    police_area: str | None = None
    ages: tuple[int, int] | None = None
    opens: time | None = None
    lead_minutes: int | None = None
    open_from: date | None = None
    trust: str | None = None  # the organisation of kind `trust` that runs it
    listing: Listing | None = None  # for the directory alone


# What of it the other services hear.
TOLD = tuple(name for name in Profile.__dataclass_fields__ if name != "listing")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSet:
    organisation: str
    profile: Profile
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationClosed:
    """From the day `on` it is told of nobody. Said again when its successor becomes known."""

    organisation: str
    on: date
    successor: str | None
    by_register: bool  # by the schools register, which may then open it again
    closed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationReopened:
    organisation: str
    reopened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSet:
    """`place` is the place in the order of call, from 0. All that is of the person is sealed."""

    organisation: str
    contact: str
    role: str
    until: date | None
    place: int
    details: Sealed
    set_at: datetime
    since: date | None = None
    confirmation: Confirmation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsConfirmed:
    """Somebody has said that they are right as they stand. `by`: agency, or agency/person."""

    organisation: str
    contacts: tuple[str, ...]
    by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRemoved:
    organisation: str
    contact: str
    removed_at: datetime


OrganisationEvent: TypeAlias = (
    OrganisationSet
    | OrganisationClosed
    | OrganisationReopened
    | CalendarSet
    | CalendarConfirmed
    | ClosureAnnounced
    | ClosureWithdrawn
    | ContactSet
    | ContactRemoved
    | ContactsConfirmed
)


class Part(StrEnum):
    """What is edited by itself: a new closing day is no reason to refuse a new telephone number."""

    WHOLE = "organisation"
    CONTACTS = "contacts"
    CALENDAR = "calendar"


def part_of(event: OrganisationEvent) -> Part:
    match event:
        case ContactSet() | ContactRemoved() | ContactsConfirmed():
            return Part.CONTACTS
        case CalendarSet() | CalendarConfirmed() | ClosureAnnounced() | ClosureWithdrawn():
            return Part.CALENDAR
        case _:
            return Part.WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One organisation as the log tells it. Without a profile it was never set.

    Versions are places in its stream, from 1: of the last event, and of the last of each part.
    """

    organisation: str = ""
    profile: Profile | None = None
    contacts: tuple[Contact, ...] = ()
    year: Layer = calendar_layer.EMPTY
    closed_on: date | None = None
    successor: str | None = None
    version: int = 0
    contacts_version: int = 0
    calendar_version: int = 0

    @property
    def calendar(self) -> Calendar | None:
        return self.year.calendar

    def edition(self, part: Part) -> int:
        """The version of what one editor reads; 0 before anything was said of it."""
        match part:
            case Part.CONTACTS:
                return self.contacts_version
            case Part.CALENDAR:
                return self.calendar_version
            case Part.WHOLE:
                return self.version

    def as_message(self) -> Organisation:
        """The whole state, for those who keep an address book."""
        if self.profile is None:
            raise ValueError("an organisation that was never set has no state")
        profile = {name: getattr(self.profile, name) for name in TOLD}
        return Organisation(
            id=self.organisation,
            **profile,
            contacts=self.contacts,
            calendar=self.calendar,
            closed_on=self.closed_on,
            successor=self.successor,
            closures=self.year.as_closures(),
        )


UNKNOWN = Known()
_IN_THE_CLEAR = {"id", "role", "since", "until", "confirmation"}


def evolve(known: Known, event: OrganisationEvent) -> Known:
    version = known.version + 1
    after = replace(_evolved(known, event), version=version)
    match part_of(event):
        case Part.CONTACTS:
            return replace(after, contacts_version=version)
        case Part.CALENDAR:
            return replace(after, calendar_version=version)
        case Part.WHOLE:
            return after


def _evolved(known: Known, event: OrganisationEvent) -> Known:
    match event:
        case OrganisationSet():
            return replace(known, organisation=event.organisation, profile=event.profile)
        case OrganisationClosed():
            return replace(known, closed_on=event.on, successor=event.successor)
        case OrganisationReopened():
            return replace(known, closed_on=None, successor=None)
        case CalendarSet() | CalendarConfirmed() | ClosureAnnounced() | ClosureWithdrawn():
            return replace(known, year=calendar_layer.evolve(known.year, event))
        case ContactSet():
            others = _without(known.contacts, event.contact)
            contact = contact_of(event)
            if contact is None:  # the key of this person was destroyed
                return replace(known, contacts=others)
            place = min(event.place, len(others))
            return replace(known, contacts=(*others[:place], contact, *others[place:]))
        case ContactRemoved():
            return replace(known, contacts=_without(known.contacts, event.contact))
        case ContactsConfirmed():
            return replace(known, contacts=tuple(_confirmed(event, one) for one in known.contacts))


def _confirmed(event: ContactsConfirmed, contact: Contact) -> Contact:
    if contact.id not in event.contacts:
        return contact
    said = Confirmation(state="confirmed", at=event.confirmed_at, by=event.by)
    return contact.model_copy(update={"confirmation": said})


def sealed(organisation: str, contact: Contact) -> Sealed:
    """A contact's personal part, under a key of its own."""
    personal: dict[str, Any] = contact.model_dump(mode="json", exclude=_IN_THE_CLEAR)
    return Sealed(f"contact-{organisation}-{contact.id}", personal)


def contact_of(event: ContactSet) -> Contact | None:
    """None once the key of that person is destroyed."""
    if event.details.value is None:
        return None
    return Contact(
        id=event.contact,
        role=event.role,
        since=event.since,
        until=event.until,
        confirmation=event.confirmation,
        **event.details.value,
    )


def _without(contacts: tuple[Contact, ...], gone: str) -> tuple[Contact, ...]:
    return tuple(contact for contact in contacts if contact.id != gone)
