"""What does notify have towards the agencies, and how is it wired?"""

from sqlalchemy import MetaData

from contracts import mapping
from services.chassis.apikeys import ApiKeys
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.outbound import WebhookSender
from services.chassis.projections import Projector
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.notify.domain.intake import EventOffered
from services.notify.domain.subscriptions import SubscriptionEvent
from services.notify.domain.webhooks import WebhookEvent
from services.notify.endpoints import actions as endpoint_actions
from services.notify.endpoints import http as endpoints
from services.notify.feed import http as feed
from services.notify.feed.projection import Feed
from services.notify.hooks import definitions as hooks
from services.notify.hooks import deliveries, desk
from services.notify.hooks.definitions import Definitions
from services.notify.hooks.done import KeptUntilDone
from services.notify.hooks.reading import Reader
from services.notify.hooks.unmapped import UnmappedDeliveries
from services.notify.intake import agencies
from services.notify.intake import http as intake
from services.notify.intake.body import BATCH_BYTES
from services.notify.intake.gate import Gate
from services.notify.part import Part
from services.notify.readmodels.barred import Barred
from services.notify.readmodels.projection import StateProjection
from services.notify.readmodels.subscriptions import Subscriptions
from services.notify.readmodels.webhooks import Webhooks
from services.notify.receipts import http as receipts
from services.notify.receipts.projection import Receipts
from services.notify.streams.endpoint_book import EndpointBook
from services.notify.streams.endpoints import EndpointEvent
from services.notify.streams.hooks import HookEvent
from services.notify.subscriptions import http as subscriptions
from services.notify.webhooks.worker import WebhookWorker

EVENTS = (EventOffered, HookEvent, SubscriptionEvent, EndpointEvent, WebhookEvent)
_PROJECTIONS = (Receipts(), Feed(), Subscriptions(), Webhooks())
METADATA = MetaData()
for _projection in _PROJECTIONS:
    for _table in _projection.metadata.sorted_tables:
        _table.to_metadata(METADATA)
BODY_LIMITS = {"/notify/v1/events": BATCH_BYTES}


def build_front(
    *,
    store: EventStore,
    database: Database,
    bus: Bus,
    clock: Clock,
    settings: Settings,
    webhooks: WebhookSender,
    keys: ApiKeys,
) -> Part:
    gate = Gate(store, bus, clock)
    agencies.subscribe(bus, gate, store, clock)
    mappings = mapping.load()
    hooked, unmapped = Definitions(store), UnmappedDeliveries(store, clock)
    reader = Reader(mappings, gate.take_one)
    book = EndpointBook(store)
    received, fed, subscribed, called = (
        Projector(store, database, projection) for projection in _PROJECTIONS
    )
    state = Projector(store, database, StateProjection())  # the other half runs it as a worker
    return Part(
        routers=(
            intake.router(gate),
            hooks.router(hooked, mappings, clock),
            deliveries.router(hooked, unmapped, reader, clock),
            desk.router(hooked, unmapped, reader),
            receipts.router(store, database, received, state, Barred(settings.pepper_bytes), clock),
            feed.router(database, fed),
            subscriptions.router(store, database, subscribed, clock),
            endpoints.router(
                book, database, called, clock, allow_private=settings.allow_private_webhooks
            ),
            endpoint_actions.router(book, database, called, clock),
        ),
        workers=(
            received,
            fed,
            subscribed,
            called,
            Projector(store, database, KeptUntilDone(store)),
            WebhookWorker(store, database, called, webhooks, clock),
        ),
    )
