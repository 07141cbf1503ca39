"""Which school is it? Organisations by name, place, number and day, with who is there to be told.

A projection beside the address book: that one serves the other services, this one people who look.
"""

import unicodedata
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.contacts import Confirmation
from contracts.messages import Calendar
from services.chassis.database import upsert
from services.chassis.store import Recorded
from services.directory.streams.calendar_layer import CalendarSet
from services.directory.streams.listing import Listing
from services.directory.streams.organisation import (
    ContactRemoved,
    ContactsConfirmed,
    ContactSet,
    OrganisationClosed,
    OrganisationReopened,
    OrganisationSet,
    Profile,
)
from services.directory.streams.succession import (
    PeopleCarriedOver,
    SuccessionEvent,
    SuccessionSettled,
    SuccessionUnclear,
)

METADATA = MetaData()
SCHOOLS = Table(
    "listed_organisations",  # of every kind; most of them are schools
    METADATA,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("urn", String, index=True),
    Column("local_authority", String, index=True),
    Column("police_area", String, index=True),
    Column("low_age", Integer),
    Column("high_age", Integer),
    Column("open_from", Date),
    Column("closed_on", Date),
    Column("closed_by_register", Boolean),
    Column("successor", String, index=True),
    Column("trust", String, index=True),
    Column("postcode", String),  # as the register writes it
    Column("words", String, nullable=False),  # what is searched, between spaces
    Column("listing", JSON),
    Column("calendar_until", Date),  # the last day of which a calendar of its own speaks
    Column("carried_from", String),  # whose contacts were carried over to it
)
NUMBERS = Table(
    "listed_numbers",
    METADATA,
    Column("number", String, primary_key=True),
    Column("organisation", String, primary_key=True, index=True),
    Column("since", Date),
    Column("until", Date),
)
CONTACTS = Table(
    "listed_contacts",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("contact", String, primary_key=True),
    Column("since", Date),
    Column("until", Date),
    Column("state", String),  # confirmed, to-confirm; None: nobody has said
    Column("why", String),
    Column("confirmed_on", Date),  # or asked for, by the state
)
UNCLEAR = Table(
    "unclear_successions",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("why", String, nullable=False),
    Column("candidates", JSON, nullable=False),
)
LISTING: TypeAdapter[Listing] = TypeAdapter(Listing)


def plain(text: str) -> str:
    """Letters and digits as they are typed in a hurry: no accents, no capitals, no apostrophes."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    kept = (each for each in flat if not unicodedata.combining(each) and each not in "'’`.")
    return " ".join("".join(each if each.isalnum() else " " for each in kept).split())


class Schools:
    name = "directory.schools"
    metadata = METADATA

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        match recorded.event:
            case OrganisationSet() as said:
                await _set(tx, said.organisation, said.profile, new=recorded.version == 1)
            case OrganisationClosed() as said:
                closed = {"closed_on": said.on, "successor": said.successor}
                await _change(tx, said.organisation, **closed, closed_by_register=said.by_register)
            case OrganisationReopened() as said:
                await _change(tx, said.organisation, closed_on=None, successor=None)
                await _clear(tx, said.organisation)
            case CalendarSet() as said:
                await _change(tx, said.organisation, calendar_until=_speaks_until(said.calendar))
            case ContactSet() | ContactRemoved() | ContactsConfirmed() as said:
                await _contact(tx, said)
            case SuccessionUnclear() | SuccessionSettled() | PeopleCarriedOver() as said:
                await _succession(tx, said)
            case _:
                pass


async def _contact(
    tx: AsyncConnection, said: ContactSet | ContactRemoved | ContactsConfirmed
) -> None:
    at = CONTACTS.c.organisation == said.organisation
    match said:
        case ContactSet():
            row = {"organisation": said.organisation, "contact": said.contact}
            told = {"since": said.since, "until": said.until, **_confirmation(said.confirmation)}
            await upsert(tx, CONTACTS, row | told, key=["organisation", "contact"])
        case ContactsConfirmed():
            day = said.confirmed_at.date()
            confirmed = {"state": "confirmed", "why": None, "confirmed_on": day}
            them = CONTACTS.c.contact.in_(said.contacts)
            await tx.execute(update(CONTACTS).where(at, them).values(**confirmed))
        case ContactRemoved():
            await tx.execute(delete(CONTACTS).where(at, CONTACTS.c.contact == said.contact))


async def _succession(tx: AsyncConnection, said: SuccessionEvent) -> None:
    match said:
        case SuccessionUnclear():
            row = {"organisation": said.organisation, "why": said.why}
            candidates = {"candidates": list(said.candidates)}
            await upsert(tx, UNCLEAR, row | candidates, key=["organisation"])
        case SuccessionSettled():
            await _clear(tx, said.organisation)
        case PeopleCarriedOver():
            await _change(tx, said.successor, carried_from=said.organisation)


async def _set(tx: AsyncConnection, organisation: str, profile: Profile, *, new: bool) -> None:
    listing = profile.listing
    low, high = profile.ages or (None, None)
    row: dict[str, Any] = {
        "kind": profile.kind,
        "name": profile.name,
        "urn": profile.urn,
        "local_authority": profile.local_authority,
        "police_area": profile.police_area,
        "low_age": low,
        "high_age": high,
        "open_from": profile.open_from,
        "trust": profile.trust,
        "postcode": listing.postcode if listing else None,
        "words": f" {plain(f'{profile.name} {listing.town if listing else str()}')} ",
        "listing": LISTING.dump_python(listing, mode="json") if listing else None,
    }
    if new:
        await tx.execute(insert(SCHOOLS), {"id": organisation, **row})
    else:
        await _change(tx, organisation, **row)
        await tx.execute(delete(NUMBERS).where(NUMBERS.c.organisation == organisation))
    numbers = {each.number: each for each in listing.numbers} if listing else {}
    for each in numbers.values():
        number = {"number": each.number, "since": each.since, "until": each.until}
        await tx.execute(insert(NUMBERS), {"organisation": organisation, **number})


def _confirmation(said: Confirmation | None) -> dict[str, Any]:
    if said is None:
        return {"state": None, "why": None, "confirmed_on": None}
    return {"state": said.state, "why": said.why, "confirmed_on": said.at.date()}


def _speaks_until(calendar: Calendar | None) -> date | None:
    """After its last term it says nothing, unless it says for how long it is valid (ADR 0039)."""
    if calendar is None:
        return None
    return calendar.valid_to or max((term.end for term in calendar.terms), default=None)


async def _change(tx: AsyncConnection, organisation: str, **changed: Any) -> None:
    await tx.execute(update(SCHOOLS).where(SCHOOLS.c.id == organisation).values(**changed))


async def _clear(tx: AsyncConnection, organisation: str) -> None:
    await tx.execute(delete(UNCLEAR).where(UNCLEAR.c.organisation == organisation))


async def every_school(tx: AsyncConnection) -> list[dict[str, Any]]:
    """Every establishment with a number, for comparing a whole register with what is known."""
    query = select(SCHOOLS).where(SCHOOLS.c.urn.is_not(None))
    return [dict(row._mapping) for row in await tx.execute(query)]


async def with_contacts(tx: AsyncConnection) -> frozenset[str]:
    return frozenset((await tx.execute(select(CONTACTS.c.organisation).distinct())).scalars())


async def unclear_ones(tx: AsyncConnection) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Why it is unclear who took each one's place, and who may have."""
    rows = await tx.execute(select(UNCLEAR))
    return {row.organisation: (row.why, tuple(row.candidates)) for row in rows}


async def every_group(tx: AsyncConnection) -> dict[str, dict[str, Any]]:
    """Trusts and federations, by id."""
    query = select(SCHOOLS).where(SCHOOLS.c.kind == "trust")
    return {row.id: dict(row._mapping) for row in await tx.execute(query)}
