"""Which events must this person of the sender not even see? Those in which they are named."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Contact
from services.notify.readmodels.barred import Barred
from services.notify.receipts.projection import OUTCOMES


async def kept_from(
    tx: AsyncConnection, person: Contact | None, receipts: Sequence[UUID], barred: Barred
) -> set[UUID]:
    if person is None:
        return set()
    asked = select(OUTCOMES.c.receipt, OUTCOMES.c.barred_readers)
    rows = await tx.execute(asked.where(OUTCOMES.c.receipt.in_(receipts)))
    return {row.receipt for row in rows if barred(person, row.barred_readers)}
