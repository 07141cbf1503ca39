"""How is something put right that must not be altered? By the person's own words beside it.

Rectification of what somebody believed at the time is a statement attached, and a corrected event
from the agency where a fact was wrong; nothing is overwritten.
"""

import hmac
import json
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.persons import Whom, keys_of
from services.consent.readmodels import decisions
from services.consent.readmodels.retained import is_erased
from services.consent.readmodels.statements import case_of_event
from services.consent.rights.finding import Finding
from services.consent.streams.annotations import StatementAttached, annotation_stream

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]

_ATTACH: Decider[StatementAttached, None, StatementAttached] = Decider(
    initial=None, decide=lambda said, _: (said,), evolve=lambda *_: None
)


class AnnotationIn(BaseModel):
    """On one decision, or on one event by `<source>|<id>`."""

    model_config = ConfigDict(extra="forbid")

    person: Whom
    decision: UUID | None = None
    event: Annotated[str, Field(max_length=500)] | None = None
    statement: Annotated[str, Field(min_length=1, max_length=10_000)]
    received_on: date
    by: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _on_one(self) -> Self:
        if (self.decision is None) == (self.event is None):
            raise ValueError("a statement is on a decision or on an event")
        return self


def routes(*, store: EventStore, clock: Clock, finding: Finding, pepper: bytes) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/rights", tags=["rights"])
    commands = Commands(store, _ATTACH)

    @router.post("/annotations", status_code=status.HTTP_201_CREATED)
    async def attach(principal: Governor, told: AnnotationIn) -> dict[str, Any]:
        """The same words on the same thing again are the same statement."""
        speaks_for_self(principal, told.by)
        keys = keys_of(told.person, pepper)
        async with finding.of(keys) as found:
            case = await _case(found.tx, told)
            if await is_erased(found.tx, case):
                raise Problem(410, "What it says has been erased at the end of its retention")
            if str(case) not in found.cases:
                detail = {"pointer": "/person", "detail": "Nobody like this is in it"}
                raise Problem(422, "The person does not appear in it", [detail])
        statement = _named(told, case, pepper)
        attached = StatementAttached(
            statement=statement,
            case=case,
            decision=told.decision,
            keys=keys,
            said=Sealed(f"statement-{statement}", told.statement),
            received_on=told.received_on.isoformat(),
            by=told.by,
            at=clock.now(),
        )
        context = Context(
            correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
        )
        await commands.handle(annotation_stream(case), attached, context, key=statement)
        return {"statement": str(statement), "case": str(case)}

    return router


def _named(told: AnnotationIn, case: UUID, pepper: bytes) -> UUID:
    """Keyed: it is made of what is personal, and must not be found by trying."""
    said = json.dumps([str(case), told.model_dump(mode="json", exclude={"by"})])
    return UUID(bytes=hmac.digest(pepper, said.encode(), "sha256")[:16], version=4)


async def _case(tx: AsyncConnection, told: AnnotationIn) -> UUID:
    case: UUID | None = None
    if told.decision is not None:
        standing = await decisions.one(tx, told.decision)
        case = standing.message.case if standing else None
    elif told.event is not None:
        source, _, event_id = told.event.partition("|")
        case = await case_of_event(tx, source, event_id)
    if case is None:
        raise Problem(404, "Nothing was decided on such an event")
    return case
