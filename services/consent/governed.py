"""What may information governance ask and keep, what may people ask for, and what ends?"""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import MetaData

from services.chassis.projections import Projector
from services.consent.parts import Part, Parts
from services.consent.readmodels import access, retained
from services.consent.readmodels.access import AccessRequests
from services.consent.retention import legal_holds
from services.consent.retention.ending import Ending
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
from services.consent.streams.retention import LegalHoldEvent, RetentionEvent
from services.consent.streams.searches import SearchEvent

EVENTS = (
    RetentionEvent,
    LegalHoldEvent,
    AnnotationEvent,
    RequestEvent,
    AccessEvent,
    SearchEvent,
)
METADATA = MetaData()
for _metadata in (retained.METADATA, access.METADATA):
    for _table in _metadata.sorted_tables:
        _table.to_metadata(METADATA)


def build_governed(parts: Parts) -> Part:
    asked: dict[str, Any] = {
        "store": parts.store,
        "database": parts.database,
        "clock": parts.clock,
        "register": parts.register,
        "retained": parts.retained,
    }
    return Part(
        routers=(
            legal_holds.routes(**asked, pepper=parts.pepper),
            searching.routes(**asked, pepper=parts.pepper),
            refusals.routes(database=parts.database, register=parts.register),
            *_rights(parts),
        ),
        workers=(Ending(**asked),),
    )


def _rights(parts: Parts) -> tuple[APIRouter, ...]:
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
        erasure_requests.routes(**asked, finding=finding),
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
