"""What was said of one organisation, when, and by whom? Read from its stream, never kept twice."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, assert_never

from contracts.contacts import Contact
from services.chassis.store import Recorded
from services.directory.domain.tenures import Said
from services.directory.streams.calendar_layer import (
    CalendarConfirmed,
    CalendarSet,
    ClosureAnnounced,
    ClosureWithdrawn,
)
from services.directory.streams.organisation import (
    ContactRemoved,
    ContactsConfirmed,
    ContactSet,
    OrganisationClosed,
    OrganisationEvent,
    OrganisationReopened,
    OrganisationSet,
    Profile,
    contact_of,
)

Json = dict[str, Any]


def said_of_contacts(history: Sequence[Recorded], known_at: datetime | None) -> Iterator[Said]:
    """As it had been heard at `known_at`; all of it where no moment is named."""
    for one in history:
        if known_at is not None and one.recorded_at > known_at:
            return
        match one.event:
            case ContactSet() as event:
                yield Said(
                    id=event.contact,
                    at=event.set_at,
                    role=event.role,
                    since=event.since,
                    until=event.until,
                    contact=contact_of(event),
                )
            case ContactRemoved() as event:
                yield Said(id=event.contact, at=event.removed_at, removed=True)


def changes(history: Sequence[Recorded]) -> list[Json]:
    """One entry for each change, oldest first. `fields` names what is different, never how."""
    former: dict[str, Contact | None] = {}
    profile: Profile | None = None
    found = []
    for one in history:
        event: OrganisationEvent = one.event
        agency, _, person = one.context.actor.partition("/")
        entry: Json = {
            "version": one.version,
            "at": one.recorded_at.isoformat(),
            "agency": agency,
            "person": person or None,
            **_what(event, former, profile),
        }
        found.append(entry)
        match event:
            case ContactSet():
                former[event.contact] = contact_of(event)
            case ContactRemoved():
                former.pop(event.contact, None)
            case OrganisationSet():
                profile = event.profile
    return found


def _what(
    event: OrganisationEvent, former: dict[str, Contact | None], profile: Profile | None
) -> Json:
    match event:
        case OrganisationSet():
            names = Profile.__dataclass_fields__
            new = [
                name
                for name in names
                if profile is None or getattr(profile, name) != getattr(event.profile, name)
            ]
            return {"what": "facts-set", "fields": new}
        case OrganisationClosed():
            return {"what": "closed", "on": event.on.isoformat(), "successor": event.successor}
        case OrganisationReopened():
            return {"what": "reopened"}
        case CalendarSet():
            return {"what": "calendar-set" if event.calendar else "calendar-cleared"}
        case CalendarConfirmed():
            return {"what": "calendar-confirmed"}
        case ClosureAnnounced() | ClosureWithdrawn():
            announced = isinstance(event, ClosureAnnounced)
            return {"what": "closure-announced" if announced else "closure-withdrawn"}
        case ContactSet():
            return _contact(event, former)
        case ContactRemoved():
            gone = former.get(event.contact)
            return {"what": "contact-removed", "contact": named(gone, "", event.contact)}
        case ContactsConfirmed():
            return {
                "what": "contacts-confirmed",
                "contacts": [one for one in event.contacts if former.get(one) is not None],
                "by": event.by,
            }
        case _:
            assert_never(event)


def _contact(event: ContactSet, former: dict[str, Contact | None]) -> Json:
    after, before = contact_of(event), former.get(event.contact)
    fields: list[str] = []
    if after is not None and before is not None:
        names = [name for name in Contact.model_fields if name != "confirmation"]
        fields = [name for name in names if getattr(after, name) != getattr(before, name)]
    what = "contact-changed" if event.contact in former else "contact-added"
    return {
        "what": what,
        "contact": named(after, event.role, event.contact),
        "place": event.place,
        "fields": [name if name != "known_by" else "birth-or-home" for name in fields],
        "since": event.since.isoformat() if event.since else None,
        "until": event.until.isoformat() if event.until else None,
    }


def named(contact: Contact | None, role: str, id_: str) -> Json:
    """That somebody was there, and no more, where the person's key is destroyed."""
    if contact is None:
        return {"erased": True, "role": role or None}
    return {
        "erased": False,
        "id": id_,
        "role": contact.role,
        "given_name": contact.given_name,
        "family_name": contact.family_name,
    }
