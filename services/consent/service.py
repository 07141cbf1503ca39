"""How is consent put together? By hand and in order; it chooses nothing."""

from collections.abc import Sequence
from typing import Any

import httpx
import structlog

from contracts.agreements import Agreement, in_force
from contracts.messages import EVENT_ACCEPTED
from contracts.messages import EVENTS as ACCEPTED
from services.chassis.apikeys import ApiKeys, authenticator
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.outbound import internal_client
from services.chassis.projections import Projector
from services.chassis.relay import Relay
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.chassis.web import application
from services.consent.cases.deliberation import Deliberation
from services.consent.cases.regrounding import Regrounding
from services.consent.cases.resting import Resting
from services.consent.cases.taking import Taking
from services.consent.directory import AreaBook
from services.consent.domain.days import london_day
from services.consent.domain.signing import is_unreviewed
from services.consent.explaining import http as explaining
from services.consent.overriding import http as overriding
from services.consent.overriding import reviews
from services.consent.readmodels.access import METADATA as ACCESS
from services.consent.readmodels.access import AccessRequests
from services.consent.readmodels.register import Register
from services.consent.readmodels.retained import METADATA as RETAINED
from services.consent.readmodels.retained import Retained
from services.consent.readmodels.tables import METADATA as METADATA
from services.consent.registering import history
from services.consent.registering import http as registering
from services.consent.retention import legal_holds
from services.consent.retention.ending import Ending
from services.consent.reviewing import http as reviewing
from services.consent.rights import annotations, erasure_requests, subject_access
from services.consent.rights.collecting import Collecting
from services.consent.searching import http as searching
from services.consent.searching import refusals
from services.consent.settling import http as settling
from services.consent.settling import signatories
from services.consent.streams.access import AccessEvent
from services.consent.streams.annotations import AnnotationEvent
from services.consent.streams.case import CASE
from services.consent.streams.events import CaseEvent, SettingEvent
from services.consent.streams.requests import RequestEvent
from services.consent.streams.retention import LegalHoldEvent, RetentionEvent
from services.consent.streams.searches import SearchEvent
from services.consent.telling import told

EVENTS = (
    CaseEvent,
    SettingEvent,
    RetentionEvent,
    LegalHoldEvent,
    AnnotationEvent,
    RequestEvent,
    AccessEvent,
    SearchEvent,
)
# What information governance asks for: each slice is given the same parts.
_GOVERNED = (
    legal_holds.routes,
    annotations.routes,
    erasure_requests.routes,
    searching.routes,
    refusals.routes,
)
for _table in (*RETAINED.sorted_tables, *ACCESS.sorted_tables):
    _table.to_metadata(METADATA)


def build(
    *,
    store: EventStore,
    database: Database,
    bus: Bus,
    clock: Clock,
    settings: Settings,
    agreements: Sequence[Agreement],
    notify: httpx.AsyncClient | None = None,
) -> Service:
    """`notify` is asked who was told, for those who ask what is held of them."""
    pepper = settings.pepper_bytes
    _warn_of_lapsed_reviews(agreements, clock)
    keys = ApiKeys(database)
    register = Projector(store, database, Register())
    months = {f"{one.id}@{one.version}": one.retention.months for one in agreements}
    retained = Projector(store, database, Retained(months))
    governed: dict[str, Any] = {
        "store": store,
        "database": database,
        "clock": clock,
        "register": register,
        "retained": retained,
        "pepper": pepper,
    }
    requests = Projector(store, database, AccessRequests())
    collecting = Collecting(
        store=store,
        database=database,
        register=register,
        retained=retained,
        notify=notify or internal_client(settings.notify_url),
        service_token=settings.service_token,
    )
    commands = Commands(store, CASE)
    deliberation = Deliberation(database, agreements, pepper)
    resting = Resting(database=database, register=register, commands=commands, pepper=pepper)
    taking = Taking(
        clock=clock,
        register=register,
        commands=commands,
        deliberation=deliberation,
        resting=resting,
        regrounding=Regrounding(
            store=store,
            database=database,
            register=register,
            commands=commands,
            deliberation=deliberation,
            pepper=pepper,
        ),
        pepper=pepper,
    )
    AreaBook(database, keys).subscribe(bus)
    bus.subscribe(
        "consent.events",
        ACCEPTED,
        frozenset({EVENT_ACCEPTED}),
        taking.on_event_accepted,
        ordered=True,
        together=taking.on_events_accepted,
    )
    app = application(
        "consent",
        [
            registering.routes(taking, store, clock),
            history.routes(
                store=store, database=database, clock=clock, register=register, pepper=pepper
            ),
            settling.routes(store, agreements),
            signatories.routes(store, agreements, clock),
            overriding.routes(
                store=store,
                database=database,
                clock=clock,
                register=register,
                commands=commands,
                deliberation=deliberation,
                agreements=agreements,
                pepper=pepper,
            ),
            reviews.routes(
                store=store, database=database, clock=clock, register=register, commands=commands
            ),
            reviewing.routes(
                store=store,
                database=database,
                clock=clock,
                register=register,
                commands=commands,
            ),
            *(routes(**governed) for routes in _GOVERNED),
            subject_access.routes(
                store=store,
                database=database,
                clock=clock,
                requests=requests,
                collecting=collecting,
                pepper=pepper,
            ),
            explaining.routes(
                store=store,
                clock=clock,
                register=register,
                deliberation=deliberation,
                agreements=agreements,
            ),
        ],
        authenticate=authenticator(keys, service_token=settings.service_token),
        checks={"log": store.head},
        clock=clock,
    )
    relay = Relay(store, bus, database, told, "consent")
    ending = Ending(
        store=store, database=database, clock=clock, register=register, retained=retained
    )
    return Service(name="consent", app=app, workers=(register, relay, ending))


def _warn_of_lapsed_reviews(agreements: Sequence[Agreement], clock: Clock) -> None:
    """Once at the start, for whoever runs it: such an agreement is relied on as before."""
    today = london_day(clock.now())
    for agreement in in_force(agreements, today):
        if is_unreviewed(agreement, today):
            structlog.get_logger().warning(
                "agreement review overdue",
                agreement=agreement.id,
                agreement_version=agreement.version,
                review_on=agreement.review_on.isoformat(),
            )
