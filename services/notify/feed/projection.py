"""In which order did a recipient's notifications come? Each has its own count, without a gap."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant
from services.chassis.store import Row
from services.notify.domain.notification import (
    AnnouncementBegun,
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
    "feeds",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("counter", BigInteger, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("notification", Uuid, nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("position", "organisation"),
)
AVAILABLE = "notification.available"


class Feed:
    """The projection. Its counter follows from the order of the log alone, so a rebuild gives every
    entry the same number; a receiver that has counted to five can rely on what six will be."""

    name = "notify.feeds"
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
                "at": one.event.begun_at
                if isinstance(one.event, AnnouncementBegun)
                else one.event.at,
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


_KINDS = Kinds(NotificationMadeAvailable, AnnouncementBegun, *_CLOSED)
Entry: TypeAlias = tuple[str, str, Told[Any]]  # whose, of which kind, what


async def _counted(tx: AsyncConnection, positions: Sequence[int]) -> set[int]:
    query = select(FEED.c.position).where(among(FEED.c.position, positions))
    return {row.position for row in await tx.execute(query)}


async def _entries(tx: AsyncConnection, told: Sequence[Told[Any]]) -> list[Entry]:
    """Only what somebody has been able to fetch can be closed before their eyes.

    Whoever reads it in the place of another counts it from then on. What is quiet is not counted
    either: a gap would say that there is something (ADR 0030).
    """
    recipients = await _recipients(tx, told)
    entries: list[Entry] = []
    for one in told:
        event = one.event
        match event:
            case NotificationMadeAvailable():
                new = None if event.quiet else event.organisation
            case AnnouncementBegun():
                new = None if event.quiet else event.diverted_to
            case _:
                kind = _CLOSED[type(event)]
                entries += [(who, kind, one) for who in recipients[event.notification]]
                continue
        if new is not None and new not in recipients[event.notification]:
            recipients[event.notification].append(new)
            entries.append((new, AVAILABLE, one))
    return entries


async def _recipients(tx: AsyncConnection, told: Sequence[Told[Any]]) -> dict[UUID, list[str]]:
    """Who has each of these in their feed already; what becomes available now is in none."""
    asked = {
        one.event.notification
        for one in told
        if type(one.event) in _CLOSED or getattr(one.event, "diverted_to", None) is not None
    }
    found: dict[UUID, list[str]] = defaultdict(list)
    if asked:
        query = select(FEED.c.notification, FEED.c.organisation).where(
            among(FEED.c.notification, sorted(asked)), FEED.c.type == AVAILABLE
        )
        for row in await tx.execute(query.order_by(FEED.c.organisation)):
            found[row.notification].append(row.organisation)
    return found


async def _last(tx: AsyncConnection, organisations: set[str]) -> dict[str, int]:
    """The highest counter of each, found from the end of its own part of the key."""
    highest = func.max(FEED.c.counter)
    query = select(FEED.c.organisation, highest.label("last")).group_by(FEED.c.organisation)
    found = await tx.execute(query.where(among(FEED.c.organisation, sorted(organisations))))
    return {row.organisation: int(row.last) for row in found}
