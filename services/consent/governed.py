"""What may information governance ask and keep, what may people ask for, and what ends?"""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import MetaData

from services.chassis.projections import Projector
from services.consent.parts import Part, Parts
from services.consent.readmodels import access, closed, retained
from services.consent.readmodels.access import AccessRequests
from services.consent.readmodels.closed import Closed
from services.consent.retention import legal_holds, standing
from services.consent.retention.ending import Ending
from services.consent.retention.records import Records
from services.consent.rights import (
    access_requests,
    annotations,
    erasure_requests,
    subject_access,
)
from services.consent.rights.collecting import Collecting
from services.consent.rights.finding import Finding
from services.consent.rights.requests import Requests
from services.consent.searching import http as searching
from services.consent.searching import refusals
from services.consent.streams.access import AccessEvent
from services.consent.streams.annotations import AnnotationEvent
from services.consent.streams.requests import RequestEvent
from services.consent.streams.retention import GroundsEvent, LegalHoldEvent, RetentionEvent
from services.consent.streams.searches import SearchEvent

EVENTS = (
    RetentionEvent,
    GroundsEvent,
    LegalHoldEvent,
    AnnotationEvent,
    RequestEvent,
    AccessEvent,
    SearchEvent,
)
METADATA = MetaData()
for _metadata in (retained.METADATA, access.METADATA, closed.METADATA):
    for _table in _metadata.sorted_tables:
        _table.to_metadata(METADATA)


def build_governed(parts: Parts) -> Part:
    given: dict[str, Any] = {
        "store": parts.store,
        "database": parts.database,
        "clock": parts.clock,
        "retained": parts.retained,
    }
    asked = {**given, "register": parts.register}
    over = Projector(parts.store, parts.database, Closed())
    return Part(
        routers=(
            legal_holds.routes(**given, pepper=parts.pepper),
            standing.routes(**asked, closed=over),
            searching.routes(**asked, pepper=parts.pepper),
            refusals.routes(database=parts.database, register=parts.register),
            *_rights(parts, over),
        ),
        workers=(Ending(**asked), Records(**asked, closed=over)),
    )


def _rights(parts: Parts, over: Projector) -> tuple[APIRouter, ...]:
    finding = Finding(database=parts.database, register=parts.register, retained=parts.retained)
    asked: dict[str, Any] = {"store": parts.store, "clock": parts.clock, "pepper": parts.pepper}
    collecting = Collecting(
        store=parts.store,
        finding=finding,
        notify=parts.notify,
        service_token=parts.settings.service_token,
    )
    requests = Requests(parts.store)
    return (
        annotations.routes(**asked, finding=finding),
        erasure_requests.routes(**asked, database=parts.database, finding=finding, closed=over),
        access_requests.routes(
            clock=parts.clock,
            database=parts.database,
            requests=requests,
            requested=Projector(parts.store, parts.database, AccessRequests()),
            collecting=collecting,
            pepper=parts.pepper,
        ),
        subject_access.routes(clock=parts.clock, requests=requests, collecting=collecting),
    )
