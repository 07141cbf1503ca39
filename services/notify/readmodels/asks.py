"""On which day is an organisation to be asked about its contacts? Kept as its state arrives."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Column, Date, MetaData, String, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Organisation
from services.chassis.database import upsert
from services.notify.domain.contact_needs import next_look

METADATA = MetaData()
ASKS = Table(
    "contact_asks",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("ask_on", Date, nullable=False, index=True),
)


async def keep(tx: AsyncConnection, one: Organisation) -> None:
    """Nothing is written of those of whose contacts nothing was said, which are most."""
    day = next_look(one)
    if day is not None:
        await upsert(tx, ASKS, {"organisation": one.id, "ask_on": day}, key=["organisation"])
    elif one.contacts:
        await tx.execute(delete(ASKS).where(ASKS.c.organisation == one.id))


async def due(tx: AsyncConnection, day: date) -> Sequence[str]:
    query = select(ASKS.c.organisation).where(ASKS.c.ask_on <= day)
    return (await tx.execute(query)).scalars().all()


async def next_day(tx: AsyncConnection, after: date) -> date | None:
    found: date | None = await tx.scalar(
        select(func.min(ASKS.c.ask_on)).where(ASKS.c.ask_on > after)
    )
    return found
