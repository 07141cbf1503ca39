"""May this go before its retention ends? It may not, and the refusal is kept with its reason.

Shared under a legal obligation or public task, it is kept until its retention ends; then it goes
by itself (the article is to be confirmed by the area).
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.persons import Whom, keys_of
from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.closed import refusals
from services.consent.readmodels.retained import CASES
from services.consent.rights.finding import Finding
from services.consent.streams.requests import REQUEST, ErasureRefused, request_stream

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]

_MOST = 200
BECAUSE = "kept-until-its-retention-ends"
SAYS = (
    "What was shared is kept under a legal obligation or a task in the public interest until its"
    " retention ends, and is destroyed then. A statement can be attached to it now."
)
CITES = {
    "title": "UK GDPR article 17(3), where the right to erasure does not apply",
    "url": "https://www.legislation.gov.uk/eur/2016/679/article/17",
    "status": "to be confirmed by the area",
}


class ErasureRequestIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: Whom
    received_on: date
    by: Annotated[str, Field(min_length=1, max_length=200)]


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    finding: Finding,
    closed: Projector,
    pepper: bytes,
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/rights", tags=["rights"])
    commands = Commands(store, REQUEST)

    @router.post("/erasure-requests", status_code=status.HTTP_201_CREATED)
    async def ask(principal: Governor, told: ErasureRequestIn) -> dict[str, Any]:
        """Refused while anything is kept, with the day on which the last of it goes."""
        speaks_for_self(principal, told.by)
        keys = keys_of(told.person, pepper)
        async with finding.of(keys) as found:
            ends = await _kept(found.tx, found.cases)
        if not ends:
            return {"outcome": "nothing-held", "cases": 0}
        request = uuid7()
        refused = ErasureRefused(
            request=request,
            keys=keys,
            received_on=told.received_on,
            cases=len(ends),
            because=BECAUSE,
            told=Sealed(request_stream(request), told.person.model_dump(mode="json")),
            by=told.by,
            at=clock.now(),
        )
        await commands.handle(request_stream(request), refused, _context(principal))
        return {"id": str(request), "outcome": "refused", **_answer(ends)}

    @router.get("/erasure-requests")
    async def listed(_: Governor) -> dict[str, Any]:
        """What was answered, the latest first; not who asked."""
        await closed.catch_up()
        async with database.reading() as tx:
            streams = await refusals(tx, _MOST)
        said = [each.event for one in streams for each in await store.read_stream(one)]
        return {"requests": [_shown(each) for each in said]}

    @router.get("/erasure-requests/{request}")
    async def one(_: Governor, request: UUID) -> dict[str, Any]:
        """What was answered, by whom and when; not who asked."""
        said = [each.event for each in await store.read_stream(request_stream(request))]
        return {"requests": [_shown(each) for each in said]}

    return router


def _context(principal: Principal) -> Context:
    return Context(
        correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
    )


async def _kept(tx: AsyncConnection, cases: frozenset[str]) -> list[str | None]:
    """When each case ends that is still there; None for one that nothing gives an end."""
    found: list[str | None] = []
    for part in in_parts(cases):
        asked = select(CASES.c.due, CASES.c.erased).where(CASES.c.case_id.in_(part))
        for due, erased in await tx.execute(asked):
            if erased is None or due > erased:
                found.append(due.isoformat() if due else None)
    return found


def _answer(ends: list[str | None]) -> dict[str, Any]:
    known = [moment for moment in ends if moment is not None]
    return {
        "cases": len(ends),
        "because": [{"rule": BECAUSE, "says": SAYS, "cites": CITES}],
        "last_ends": max(known) if known else None,
        "without_an_end": len(ends) - len(known),
    }


def _shown(refused: ErasureRefused) -> dict[str, Any]:
    return {
        "id": str(refused.request),
        "outcome": "refused",
        "because": refused.because,
        "cases": refused.cases,
        "received_on": refused.received_on.isoformat(),
        "by": refused.by,
        "at": refused.at.isoformat(),
    }
