"""What must not be destroyed yet, on whose word and until which review?"""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Response, status
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Row, select

from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.domain.days import london_day
from services.consent.persons import Whom, keys_of
from services.consent.readmodels.retained import LEGAL_HOLDS
from services.consent.streams.retention import (
    LEGAL_HOLD,
    LegalHoldEvent,
    LegalHoldLifted,
    LegalHoldPlaced,
    NotHeld,
    legal_hold_stream,
)

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class LegalHoldIn(BaseModel):
    """On one case, or on every case in which one person appears, also those that come later."""

    model_config = ConfigDict(extra="forbid")

    case: UUID | None = None
    person: Whom | None = None
    reason: Text
    review_on: date
    by: Name

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.case is None) == (self.person is None):
            raise ValueError("a legal hold is on a case or on a person")
        return self


class Lifting(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Text
    by: Name


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    retained: Projector,
    pepper: bytes,
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1", tags=["retention"])
    commands = Commands(store, LEGAL_HOLD)

    async def keep(principal: Principal, event: LegalHoldEvent) -> Response:
        speaks_for_self(principal, event.by)
        try:
            await commands.handle(legal_hold_stream(event.hold), event, _context(principal))
        except NotHeld:
            raise Problem(404, "No such legal hold") from None
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    @router.put("/legal-holds/{hold}", status_code=status.HTTP_204_NO_CONTENT)
    async def place(principal: Governor, hold: UUID, told: LegalHoldIn) -> Response:
        """Placed again it is replaced: a new review date, another reason."""
        now = clock.now()
        if told.review_on < london_day(now):
            detail = {"pointer": "/review_on", "detail": "A review lies ahead"}
            raise Problem(422, "The legal hold cannot be placed", [detail])
        whom = told.person
        why = {"reason": told.reason, "person": whom and whom.model_dump(mode="json")}
        event = LegalHoldPlaced(
            hold=hold,
            case=told.case,
            keys=keys_of(whom, pepper) if whom else (),
            review_on=told.review_on,
            told=Sealed(legal_hold_stream(hold), why),
            by=told.by,
            at=now,
        )
        return await keep(principal, event)

    @router.delete("/legal-holds/{hold}", status_code=status.HTTP_204_NO_CONTENT)
    async def lift(principal: Governor, hold: UUID, told: Lifting) -> Response:
        """What is due by now is destroyed at the next run of the worker."""
        why = Sealed(legal_hold_stream(hold), {"reason": told.reason})
        return await keep(
            principal, LegalHoldLifted(hold=hold, told=why, by=told.by, at=clock.now())
        )

    @router.get("/legal-holds")
    async def list_holds(_: Governor) -> dict[str, Any]:
        """Those that stand, the earliest review first, and whether that review has lapsed."""
        await retained.catch_up()
        asked = select(LEGAL_HOLDS).where(LEGAL_HOLDS.c.lifted_at.is_(None))
        async with database.reading() as tx:
            rows = list(await tx.execute(asked.order_by(LEGAL_HOLDS.c.review_on)))
        today = london_day(clock.now())
        return {"legal_holds": [{**_shown(row, today), **await _why(store, row)} for row in rows]}

    return router


def _context(principal: Principal) -> Context:
    return Context(
        correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
    )


def _shown(row: "Row[Any]", today: date) -> dict[str, Any]:
    return {
        "id": row.hold,
        "case": row.case_id,
        "review_on": row.review_on.isoformat(),
        "review_lapsed": row.review_on < today,
        "placed_by": row.placed_by,
        "placed_at": row.placed_at.isoformat(),
    }


async def _why(store: EventStore, row: "Row[Any]") -> dict[str, Any]:
    said = [each.event for each in await store.read_stream(legal_hold_stream(UUID(row.hold)))]
    placed = [each for each in said if isinstance(each, LegalHoldPlaced)]
    return dict(placed[-1].told.value or {})
