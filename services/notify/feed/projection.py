"""In which order did a recipient's notifications come? Each has its own count, without a gap."""

from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Uuid, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant
from services.chassis.store import Row
from services.notify.domain.notification import (
    NotificationCancelled,
    NotificationMadeAvailable,
    NotificationSuperseded,
    NotificationTakenBack,
    NotificationWithdrawn,
)
from services.notify.readmodels.pages import among
from services.notify.readmodels.told import Kinds, Told

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

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        told = list(_KINDS.of(page))
        if not told:
            return
        counted = await _counted(tx, [one.position for one in told])
        new = [one for one in told if one.position not in counted]
        entries = await _entries(tx, new)
        # The projector holds the lock of its checkpoint: nobody else counts meanwhile.
        last = await _last(tx, {organisation for organisation, _, _ in entries})
        rows = []
        for organisation, kind, one in entries:
            last[organisation] = last.get(organisation, 0) + 1
            row = {
                "organisation": organisation,
                "counter": last[organisation],
                "position": one.position,
                "notification": one.event.notification,
                "type": kind,
                "at": one.event.at,
            }
            rows.append(row)
        if rows:
            await tx.execute(FEED.insert(), rows)


_CLOSED: dict[type, str] = {
    NotificationCancelled: "notification.cancelled",
    NotificationWithdrawn: "notification.withdrawn",
    NotificationTakenBack: "notification.withdrawn",
    NotificationSuperseded: "notification.superseded",
}


_KINDS = Kinds(NotificationMadeAvailable, *_CLOSED)
Entry: TypeAlias = tuple[str, str, Told[Any]]  # whose, of which kind, what


async def _counted(tx: AsyncConnection, positions: Sequence[int]) -> set[int]:
    query = select(FEED.c.position).where(among(FEED.c.position, positions))
    return {row.position for row in await tx.execute(query)}


async def _entries(tx: AsyncConnection, told: Sequence[Told[Any]]) -> list[Entry]:
    """Only what somebody has been able to fetch can be closed before their eyes."""
    closed = {one.event.notification for one in told if type(one.event) in _CLOSED}
    recipients: dict[UUID, str] = {}
    if closed:
        query = select(FEED.c.notification, FEED.c.organisation).where(
            among(FEED.c.notification, sorted(closed)), FEED.c.type == AVAILABLE
        )
        recipients = {row.notification: row.organisation for row in await tx.execute(query)}
    entries: list[Entry] = []
    for one in told:
        event = one.event
        if isinstance(event, NotificationMadeAvailable) and event.quiet:
            continue  # not counted either: a gap would say that there is something (ADR 0030)
        if isinstance(event, NotificationMadeAvailable):
            recipients[event.notification] = event.organisation
            entries.append((event.organisation, AVAILABLE, one))
        elif event.notification in recipients:
            entries.append((recipients[event.notification], _CLOSED[type(event)], one))
    return entries


async def _last(tx: AsyncConnection, organisations: set[str]) -> dict[str, int]:
    """The highest counter of each, found from the end of its own part of the key."""
    highest = func.max(FEED.c.counter)
    query = select(FEED.c.organisation, highest.label("last")).group_by(FEED.c.organisation)
    found = await tx.execute(query.where(among(FEED.c.organisation, sorted(organisations))))
    return {row.organisation: int(row.last) for row in found}
