"""For how many months is kept what no agreement covers? The defaults, and what the area settled."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.consent.domain.retention import GROUNDS

METADATA = MetaData()
SETTLED = Table(
    "retention_grounds",
    METADATA,
    Column("ground", String, primary_key=True),
    Column("months", Integer, nullable=False),
)


async def months_of_grounds(tx: AsyncConnection) -> Mapping[str, int]:
    rows = await tx.execute(select(SETTLED))
    return {**GROUNDS, **{row.ground: row.months for row in rows}}


async def settle(tx: AsyncConnection, told: Mapping[str, Any]) -> None:
    """What is not settled any more has its default again."""
    await tx.execute(delete(SETTLED))
    rows = [{"ground": one, "months": months} for one, months in told["months"].items()]
    await upsert(tx, SETTLED, rows, key=["ground"])
