"""Which webhooks are to be sent now, and when will the next one be?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.webhooks import Kind, Tried
from services.notify.readmodels.webhook_tables import DELIVERIES, ENDPOINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    delivery: UUID
    kind: Kind
    notification: UUID | None
    organisation: str
    endpoint: str
    at: datetime
    retried: bool
    tried: Tried
    traceparent: str


async def due(tx: AsyncConnection, now: datetime, at_most: int) -> list[Due]:
    rows = await tx.execute(
        _waiting(select(DELIVERIES))
        .where(DELIVERIES.c.due_at <= now)
        .order_by(DELIVERIES.c.due_at, DELIVERIES.c.delivery)
        .limit(at_most)
    )
    return [
        Due(
            delivery=row.delivery,
            kind=Kind(row.kind),
            notification=row.notification,
            organisation=row.organisation,
            endpoint=row.endpoint,
            at=row.at,
            retried=row.retried,
            tried=Tried(attempts=row.attempts, counted=row.counted, first_at=row.first_at),
            traceparent=row.traceparent,
        )
        for row in rows
    ]


async def next_due(tx: AsyncConnection) -> datetime | None:
    earliest: datetime | None = await tx.scalar(_waiting(select(func.min(DELIVERIES.c.due_at))))
    return earliest


def _waiting(chosen: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    """What its owner has switched off waits until it is switched on again."""
    of_endpoint = and_(
        ENDPOINTS.c.organisation == DELIVERIES.c.organisation,
        ENDPOINTS.c.endpoint == DELIVERIES.c.endpoint,
    )
    return (
        chosen.select_from(DELIVERIES.join(ENDPOINTS, of_endpoint))
        .where(ENDPOINTS.c.enabled)
        .where(DELIVERIES.c.due_at.is_not(None))
    )
