"""What can be done with an endpoint, and what came of the webhooks that went to it?"""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.notify.endpoints.http import MAY, PREFIX, described, existing
from services.notify.endpoints.keys import issued, shown
from services.notify.on_behalf import OrganisationId, ThingId, spoken_for
from services.notify.readmodels.webhook_tables import ATTEMPTS
from services.notify.streams.endpoint_book import EndpointBook
from services.notify.streams.endpoints import (
    GRACE,
    EnableEndpoint,
    ResendAsked,
    RotateKey,
    Signing,
    TrialAsked,
)

LONGEST_GRACE = 7 * 24
PAGE = 100


class RotateIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    signing: Signing | None = None
    grace_hours: Annotated[int, Field(ge=0, le=LONGEST_GRACE)] = int(GRACE / timedelta(hours=1))


class ResendIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    since: AwareDatetime


def router(book: EndpointBook, database: Database, projector: Projector, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix=PREFIX + "/{endpoint}", tags=["endpoints"])

    @routes.post("/test", status_code=status.HTTP_202_ACCEPTED)
    async def test_endpoint(
        endpoint: ThingId, principal: MAY, organisation: OrganisationId | None = None
    ) -> dict[str, Any]:
        """One webhook of type endpoint.test, sent once; what came of it is among the attempts."""
        whose = spoken_for(principal, organisation)
        await existing(book, whose, endpoint)
        test = TrialAsked(endpoint=endpoint, organisation=whose, test=uuid4(), asked_at=clock.now())
        await book.handle(test, whose, endpoint, principal.agency)
        return {"delivery": test.test}

    @routes.post("/rotate")
    async def rotate_key(
        endpoint: ThingId,
        principal: MAY,
        body: RotateIn | None = None,
        organisation: OrganisationId | None = None,
    ) -> dict[str, Any]:
        """The old key signs beside the new one until its grace is over."""
        asked = body or RotateIn()
        whose = spoken_for(principal, organisation)
        known = await existing(book, whose, endpoint)
        signing = asked.signing or known.keys[0].signing
        grace = timedelta(hours=asked.grace_hours)
        key = issued(whose, endpoint, signing, clock.now(), grace)
        await book.handle(RotateKey(key=key), whose, endpoint, principal.agency)
        return described(endpoint, await book.of(whose, endpoint)) | shown(key, now_made=True)

    @routes.post("/enable")
    async def enable_endpoint(
        endpoint: ThingId, principal: MAY, organisation: OrganisationId | None = None
    ) -> dict[str, Any]:
        """Switched on again, with a clean record. What waited is sent; the rest by resend."""
        whose = spoken_for(principal, organisation)
        await existing(book, whose, endpoint)
        enable = EnableEndpoint(endpoint=endpoint, organisation=whose, at=clock.now())
        await book.handle(enable, whose, endpoint, principal.agency)
        return described(endpoint, await book.of(whose, endpoint))

    @routes.post("/resend", status_code=status.HTTP_202_ACCEPTED)
    async def resend_since(
        endpoint: ThingId,
        body: ResendIn,
        principal: MAY,
        organisation: OrganisationId | None = None,
    ) -> dict[str, Any]:
        """Everything announced since then and not closed, once more, each under a new id."""
        whose = spoken_for(principal, organisation)
        await existing(book, whose, endpoint)
        if body.since > clock.now():
            errors = [{"pointer": "/since", "detail": "has not come yet"}]
            raise Problem(422, "There is nothing to send again", errors)
        resend = ResendAsked(
            endpoint=endpoint,
            organisation=whose,
            resend=uuid4(),
            since=body.since,
            asked_by=principal.agency,
            asked_at=clock.now(),
        )
        await book.handle(resend, whose, endpoint, principal.agency)
        return {"resend": resend.resend}

    @routes.get("/attempts")
    async def list_attempts(
        endpoint: ThingId,
        principal: MAY,
        organisation: OrganisationId | None = None,
        before: AwareDatetime | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
    ) -> dict[str, Any]:
        """The newest first."""
        whose = spoken_for(principal, organisation)
        await projector.catch_up()
        return {"attempts": await _attempts(database, whose, endpoint, before, limit)}

    return routes


async def _attempts(
    database: Database, organisation: str, endpoint: str, before: datetime | None, limit: int
) -> list[dict[str, Any]]:
    names = "delivery attempt kind notification outcome status reason attempted_at again_at"
    chosen = (
        select(*(ATTEMPTS.c[name] for name in names.split()))
        .where(ATTEMPTS.c.organisation == organisation, ATTEMPTS.c.endpoint == endpoint)
        .order_by(ATTEMPTS.c.attempted_at.desc(), ATTEMPTS.c.delivery, ATTEMPTS.c.attempt.desc())
        .limit(limit)
    )
    if before is not None:
        chosen = chosen.where(ATTEMPTS.c.attempted_at < before)
    async with database.reading() as tx:
        return [dict(row._mapping) for row in await tx.execute(chosen)]
