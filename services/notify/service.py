"""How is notify wired? One function that is given everything and chooses nothing."""

import httpx
from sqlalchemy import MetaData

from services.chassis.apikeys import ApiKeys, authenticator
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.mail import MailSender
from services.chassis.outbound import WebhookSender
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.chassis.web import application
from services.notify import back, front

EVENTS = (*back.EVENTS, *front.EVENTS)
METADATA = MetaData()
for _metadata in (back.METADATA, front.METADATA):
    for _table in _metadata.sorted_tables:
        _table.to_metadata(METADATA)


def build(
    *,
    store: EventStore,
    database: Database,
    bus: Bus,
    clock: Clock,
    settings: Settings,
    mail: MailSender,
    webhooks: WebhookSender,
    consent: httpx.AsyncClient,
) -> Service:
    keys = ApiKeys(database)
    towards_agencies = front.build_front(
        store=store,
        database=database,
        bus=bus,
        clock=clock,
        settings=settings,
        webhooks=webhooks,
        keys=keys,
    )
    behind_the_decision = back.build_back(
        store=store,
        database=database,
        bus=bus,
        clock=clock,
        settings=settings,
        mail=mail,
        consent=consent,
        keys=keys,
    )
    parts = (towards_agencies, behind_the_decision)
    app = application(
        "notify",
        [router for part in parts for router in part.routers],
        authenticate=authenticator(keys, service_token=settings.service_token),
        checks={"log": store.head},
        clock=clock,
        body_limits=front.BODY_LIMITS,
    )
    workers = tuple(worker for part in parts for worker in part.workers)
    return Service(name="notify", app=app, workers=workers)
