"""What does every slice of the directory hold in its hands? The log, the rows, and the commands."""

from dataclasses import dataclass
from functools import reduce
from uuid import uuid4

from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.settings import Settings
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.directory.readmodels.address_book import AddressBook
from services.directory.readmodels.offer_rows import OfferRows
from services.directory.readmodels.schools import Schools
from services.directory.streams import (
    agency_key,
    imports,
    offer,
    organisation,
    organisation_commands,
    register,
    succession,
    uploads,
)
from services.directory.streams.agency_key import AgencyKey, AgencyKeyCommand, AgencyKeyEvent
from services.directory.streams.imports import ImportEvent, NoteImport
from services.directory.streams.offer import KnownOffer, OfferCommand, OfferEvent
from services.directory.streams.organisation import Known, OrganisationEvent
from services.directory.streams.organisation_commands import Change, Read, Wish
from services.directory.streams.pupil_search import SearchEvent
from services.directory.streams.register import Register, RegisterCommand, RegisterEvent
from services.directory.streams.succession import Succession, SuccessionCommand, SuccessionEvent
from services.directory.streams.uploads import UploadEvent, Uploads

EVENTS = (
    OrganisationEvent,
    RegisterEvent,
    AgencyKeyEvent,
    ImportEvent,
    SuccessionEvent,
    OfferEvent,
    UploadEvent,
    SearchEvent,
)


@dataclass(frozen=True, kw_only=True)
class Directory:
    """The organisation's facts are read from its stream: they are as new as the log."""

    store: EventStore
    database: Database
    clock: Clock
    pepper: bytes
    book: Projector
    schools: Projector
    organisations: Commands[Change, Known, OrganisationEvent]
    registers: Commands[RegisterCommand, Register, RegisterEvent]
    uploads: Commands[UploadEvent, Uploads, UploadEvent]
    keys: Commands[AgencyKeyCommand, AgencyKey, AgencyKeyEvent]
    imports: Commands[NoteImport, int, ImportEvent]
    successions: Commands[SuccessionCommand, Succession, SuccessionEvent]
    offered: Projector
    offers: Commands[OfferCommand, KnownOffer, OfferEvent]

    async def organisation(self, name: str) -> Known:
        history = await self.store.read_stream(organisation.stream_of(name))
        return reduce(organisation.evolve, (each.event for each in history), organisation.UNKNOWN)

    async def register(self, name: str) -> Register:
        history = await self.store.read_stream(register.stream_of(name))
        return reduce(register.evolve, (each.event for each in history), register.EMPTY)

    async def offer(self, name: str) -> KnownOffer:
        history = await self.store.read_stream(offer.stream_of(name))
        return reduce(offer.evolve, (each.event for each in history), offer.UNOFFERED)

    async def uploaded(self, name: str) -> Uploads:
        history = await self.store.read_stream(uploads.stream_of(name))
        return reduce(uploads.evolve, (each.event for each in history), uploads.INITIAL)

    async def change(
        self, name: str, *wishes: Wish, actor: str, read: Read | None = None
    ) -> tuple[OrganisationEvent, ...]:
        """Raises OrganisationUnknown, KindMissing, or, where `read` is given, Overtaken."""
        return await self.organisations.handle(
            organisation.stream_of(name),
            Change(organisation=name, wishes=wishes, at=self.clock.now(), read=read),
            acting(actor),
        )


def acting(actor: str) -> Context:
    """Why this is done: somebody asked just now. `actor` is an agency or the name of an import."""
    return Context(correlation_id=uuid4(), traceparent=current_traceparent(), actor=actor)


def open_directory(
    *, store: EventStore, database: Database, clock: Clock, settings: Settings
) -> Directory:
    return Directory(
        store=store,
        database=database,
        clock=clock,
        pepper=settings.pepper_bytes,
        book=Projector(store, database, AddressBook()),
        schools=Projector(store, database, Schools()),
        organisations=Commands(
            store,
            Decider(
                initial=organisation.UNKNOWN,
                decide=organisation_commands.decide,
                evolve=organisation.evolve,
            ),
        ),
        registers=Commands(
            store,
            Decider(initial=register.EMPTY, decide=register.decide, evolve=register.evolve),
        ),
        uploads=Commands(
            store, Decider(initial=uploads.INITIAL, decide=uploads.decide, evolve=uploads.evolve)
        ),
        keys=Commands(
            store,
            Decider(initial=agency_key.UNKNOWN, decide=agency_key.decide, evolve=agency_key.evolve),
        ),
        imports=Commands(store, Decider(initial=0, decide=imports.decide, evolve=imports.evolve)),
        successions=Commands(
            store,
            Decider(initial=succession.PLAIN, decide=succession.decide, evolve=succession.evolve),
        ),
        offered=Projector(store, database, OfferRows(store, settings.pepper_bytes)),
        offers=Commands(
            store,
            Decider(initial=offer.UNOFFERED, decide=offer.decide, evolve=offer.evolve),
        ),
    )
