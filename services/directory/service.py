"""How is the directory put together? By hand and in order; it chooses nothing."""

from services.chassis.apikeys import ApiKeys, authenticator
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.relay import Relay
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.chassis.web import application
from services.directory import handles
from services.directory.calendars import editing as calendar_days
from services.directory.calendars import files as calendar_files
from services.directory.calendars import http as calendars
from services.directory.calendars import known_until, missing
from services.directory.choosing import http as choosing
from services.directory.contacts import http as contacts
from services.directory.finding import http as finding
from services.directory.finding import tables as findings
from services.directory.history import http as history
from services.directory.keys import http as keys
from services.directory.offers import http as offers
from services.directory.open_referral import http as open_referral
from services.directory.open_referral.openness import OpenToAll
from services.directory.organisations import http as organisations
from services.directory.outdated import http as outdated
from services.directory.people import addresses
from services.directory.people import http as people
from services.directory.pupils import http as pupils
from services.directory.readmodels import offer_tables, schools, tables
from services.directory.searching import http as searching
from services.directory.state import http as state
from services.directory.state.telling import Telling

EVENTS = handles.EVENTS
METADATA = (
    tables.METADATA,
    addresses.METADATA,
    known_until.METADATA,
    schools.METADATA,
    offer_tables.METADATA,
    findings.METADATA,
)

_UPLOAD = 8 * 1024 * 1024  # the export of a large secondary school, with every column


def build(
    *,
    store: EventStore,
    database: Database,
    bus: Bus,
    clock: Clock,
    settings: Settings,
) -> Service:
    directory = handles.open_directory(
        store=store, database=database, clock=clock, settings=settings
    )
    findable = people.projector(directory)
    pupils_found = finding.projector(directory)
    reaching = known_until.projector(directory)
    slices = (
        organisations,
        contacts,
        history,
        calendars,
        calendar_days,
        calendar_files,
        pupils,
        keys,
        offers,
        state,
        searching,
        outdated,
        choosing,
    )
    app = application(
        "directory",
        [
            *(each.routes(directory) for each in slices),
            people.routes(directory, findable),
            finding.routes(directory, pupils_found),
            missing.routes(directory, reaching),
            open_referral.routes(directory, settings.public_url),
        ],
        authenticate=authenticator(ApiKeys(database), service_token=settings.service_token),
        checks={"log": store.head},
        clock=clock,
        body_limits={"/directory/v1/organisations/{organisation}/pupils": _UPLOAD},
    )
    app.add_middleware(OpenToAll)
    relay = Relay(store, bus, database, Telling(store), "directory")
    projectors = (
        directory.book,
        directory.schools,
        directory.offered,
        findable,
        pupils_found,
        reaching,
    )
    return Service(name="directory", app=app, workers=(*projectors, relay))
