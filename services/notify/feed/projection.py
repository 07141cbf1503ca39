"""In which order did a recipient's notifications come? Each has its own count, without a gap."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Uuid, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant
from services.chassis.store import Recorded
from services.notify.domain.notification import (
    NotificationCancelled,
    NotificationMadeAvailable,
    NotificationSuperseded,
    NotificationWithdrawn,
)

METADATA = MetaData()
FEED = Table(
    "feed",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("counter", BigInteger, primary_key=True),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("notification", Uuid, nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("at", Instant, nullable=False),
)
AVAILABLE = "notification.available"


class Feed:
    """The projection. Its counter follows from the order of the log alone, so a rebuild gives every
    entry the same number; a receiver that has counted to five can rely on what six will be."""

    name = "notify.feed"
    metadata = METADATA

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case NotificationMadeAvailable():
                await _add(tx, recorded, event.organisation, event.notification, AVAILABLE)
            case NotificationCancelled() | NotificationWithdrawn() | NotificationSuperseded():
                # Only what somebody has been able to fetch can be closed before their eyes.
                seen = await _recipient(tx, event.notification)
                if seen:
                    await _add(tx, recorded, seen, event.notification, _CLOSED[type(event)])
            case _:
                pass


_CLOSED: dict[type, str] = {
    NotificationCancelled: "notification.cancelled",
    NotificationWithdrawn: "notification.withdrawn",
    NotificationSuperseded: "notification.superseded",
}


async def _recipient(tx: AsyncConnection, notification: UUID) -> str | None:
    chosen = select(FEED.c.organisation).where(
        FEED.c.notification == notification, FEED.c.type == AVAILABLE
    )
    found: str | None = await tx.scalar(chosen)
    return found


async def _add(
    tx: AsyncConnection, recorded: Recorded, organisation: str, notification: UUID, kind: str
) -> None:
    if await tx.scalar(select(FEED.c.counter).where(FEED.c.position == recorded.position)):
        return  # counted already
    # The projector holds the lock of its checkpoint: nobody else counts meanwhile.
    highest = select(func.coalesce(func.max(FEED.c.counter), 0))
    last = await tx.scalar(highest.where(FEED.c.organisation == organisation))
    at: datetime = recorded.event.at
    row = {
        "organisation": organisation,
        "counter": int(last or 0) + 1,
        "position": recorded.position,
        "notification": notification,
        "type": kind,
        "at": at,
    }
    await tx.execute(FEED.insert().values(row))
