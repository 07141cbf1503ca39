"""What became of it? Told to the agency that sent it, and to nobody else."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Database
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.notify.receipts.projection import OUTCOMES, RECEIPTS, TELLINGS


def router(database: Database, projector: Projector) -> APIRouter:
    routes = APIRouter(tags=["receipts"])

    @routes.get("/notify/v1/receipts/{receipt}")
    async def get_receipt(
        receipt: UUID, principal: Annotated[Principal, Depends(guard("publisher"))]
    ) -> dict[str, Any]:
        await projector.catch_up()
        async with database.reading() as tx:
            found = (
                await tx.execute(
                    select(RECEIPTS).where(
                        RECEIPTS.c.receipt == receipt, RECEIPTS.c.agency == principal.agency
                    )
                )
            ).one_or_none()
            if found is None:  # also for another's: that it exists is not told
                raise Problem(404, "There is no such receipt of yours")
            return {**_event(found), "outcomes": await _outcomes(tx, receipt)}

    return routes


async def _outcomes(tx: AsyncConnection, receipt: UUID) -> list[dict[str, Any]]:
    decisions = await tx.execute(
        select(OUTCOMES)
        .where(OUTCOMES.c.receipt == receipt)
        .order_by(OUTCOMES.c.audience, OUTCOMES.c.decided_at, OUTCOMES.c.decision)
    )
    tellings = await tx.execute(
        select(TELLINGS).where(TELLINGS.c.receipt == receipt).order_by(TELLINGS.c.notification)
    )
    told: dict[UUID, list[dict[str, Any]]] = {}
    for row in tellings:
        told.setdefault(row.decision, []).append(_telling(row))
    return [
        {
            "audience": row.audience,
            "outcome": row.outcome,
            "decided_at": row.decided_at,
            "superseded": row.superseded,
            "told": told.get(row.decision, []),
        }
        for row in decisions
    ]


def _event(row: Row[Any]) -> dict[str, Any]:
    return {
        "receipt": row.receipt,
        "source": row.source,
        "id": row.event,
        "type": row.type,
        "received_at": row.received_at,
        "decided_at": row.decided_at,
    }


def _telling(row: Row[Any]) -> dict[str, Any]:
    return {
        "state": row.state,
        "told_at": row.told_at,
        "opened_at": row.opened_at,
        "acknowledged_at": row.acknowledged_at,
    }
