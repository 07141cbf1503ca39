"""Which events must this person of the sender not even see? Those in which they are named."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.readmodels.barred import Barred, Known
from services.notify.receipts.projection import OUTCOMES


async def kept_from(
    tx: AsyncConnection, person: Known | None, receipts: Sequence[UUID], barred: Barred, day: date
) -> set[UUID]:
    if person is None:
        return set()
    asked = select(OUTCOMES.c.receipt, OUTCOMES.c.barred_readers)
    rows = await tx.execute(asked.where(OUTCOMES.c.receipt.in_(receipts)))
    return {row.receipt for row in rows if barred.keeps_out(person, row.barred_readers, day)}
