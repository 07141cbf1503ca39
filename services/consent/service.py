"""How is consent put together? From its parts, by hand and in order; it chooses nothing.

A new line belongs where its slice is wired: `deciding`, `agreed` or `governed`.
"""

from collections.abc import Sequence

import httpx
from sqlalchemy import MetaData

from contracts.agreements import Agreement
from services.chassis.apikeys import ApiKeys, authenticator
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.outbound import internal_client
from services.chassis.relay import Relay
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.chassis.web import application
from services.consent import agreed, deciding, governed
from services.consent.directory import AreaBook
from services.consent.parts import Parts
from services.consent.telling import told

EVENTS = (*deciding.EVENTS, *agreed.EVENTS, *governed.EVENTS)
METADATA = MetaData()
for _metadata in (deciding.METADATA, governed.METADATA):
    for _table in _metadata.sorted_tables:
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
    parts = Parts(
        store=store,
        database=database,
        bus=bus,
        clock=clock,
        settings=settings,
        agreements=agreements,
        notify=notify or internal_client(settings.notify_url),
    )
    keys = ApiKeys(database)
    AreaBook(database, keys).subscribe(bus)
    every = (
        deciding.build_deciding(parts),
        agreed.build_agreed(parts),
        governed.build_governed(parts),
    )
    app = application(
        "consent",
        [router for part in every for router in part.routers],
        authenticate=authenticator(keys, service_token=settings.service_token),
        checks={"log": store.head},
        clock=clock,
    )
    workers = tuple(worker for part in every for worker in part.workers)
    relay = Relay(store, bus, database, told, "consent")
    return Service(name="consent", app=app, workers=(*workers, relay))
