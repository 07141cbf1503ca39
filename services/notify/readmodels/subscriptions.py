"""How soon does this recipient want to hear of what this agreement lets it know?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Enum, MetaData, Row, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import Row as Stored
from services.notify.domain.subscriptions import Cadence, SubscriptionEnded, SubscriptionSet
from services.notify.readmodels.pages import among
from services.notify.readmodels.told import Kinds

METADATA = MetaData()
SUBSCRIPTIONS = Table(
    "subscriptions",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("subscription", String, primary_key=True),
    Column("agreement", String, nullable=False),
    Column("cadence", Enum(Cadence, native_enum=False, length=16), nullable=False),
    Column("area", String),
    Column("grading", String),
)
_KINDS = Kinds(SubscriptionSet, SubscriptionEnded)
_SOONEST = (Cadence.AT_ONCE, Cadence.DAILY, Cadence.WEEKLY)


class Subscriptions:
    """The projection."""

    name = "notify.subscriptions"
    metadata = METADATA

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Stored]) -> None:
        for told in _KINDS.of(page):
            await _keep(tx, told.event)


async def _keep(tx: AsyncConnection, event: SubscriptionSet | SubscriptionEnded) -> None:
    match event:
        case SubscriptionSet():
            row = {
                "organisation": event.organisation,
                "subscription": event.subscription,
                "agreement": event.agreement,
                "cadence": event.cadence,
                "area": event.area,
                "grading": event.grading,
            }
            await upsert(tx, SUBSCRIPTIONS, row, key=["organisation", "subscription"])
        case SubscriptionEnded():
            await tx.execute(
                SUBSCRIPTIONS.delete().where(
                    SUBSCRIPTIONS.c.organisation == event.organisation,
                    SUBSCRIPTIONS.c.subscription == event.subscription,
                )
            )


async def of_organisations(
    tx: AsyncConnection, organisations: Sequence[str]
) -> Mapping[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    query = select(SUBSCRIPTIONS).where(among(SUBSCRIPTIONS.c.organisation, organisations))
    for row in await tx.execute(query):
        found[row.organisation].append(row)
    return found


def cadence(
    subscriptions: Iterable[Row[Any]],
    agreement: str | None,
    *,
    area: str | None = None,
    grading: str | None = None,
) -> Cadence:
    """At once when there is no subscription. The most particular one wins, then the soonest."""
    candidates = [
        (-sum(part is not None for part in (row.area, row.grading)), _SOONEST.index(row.cadence))
        for row in subscriptions
        if row.agreement == agreement
        and row.area in (None, area)
        and row.grading in (None, grading)
    ]
    return _SOONEST[min(candidates)[1]] if candidates else Cadence.AT_ONCE


async def subscriptions_of(tx: AsyncConnection, organisation: str) -> list[dict[str, str | None]]:
    table = SUBSCRIPTIONS.c
    columns = (table.subscription, table.agreement, table.cadence, table.area, table.grading)
    found = await tx.execute(
        select(*columns).where(table.organisation == organisation).order_by(table.subscription)
    )
    return [
        {
            "id": row.subscription,
            "organisation": organisation,
            "agreement": row.agreement,
            "cadence": row.cadence.value,
            "area": row.area,
            "grading": row.grading,
        }
        for row in found
    ]
