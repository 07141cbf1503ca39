"""Which decisions has this one replaced, and what of theirs is still told?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.notification import LIVE
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS

_LIVE = [state.value for state in LIVE]


async def live_before(tx: AsyncConnection, superseded: UUID | None) -> list[Row[Any]]:
    """Live notifications of the superseded decision and of those that it had superseded itself.

    One that was corrected before it was placed has none of its own: its forerunner's still stand.
    """
    seen: set[UUID] = set()
    while superseded is not None and superseded not in seen:
        seen.add(superseded)
        query = select(DECISIONS.c.supersedes).where(DECISIONS.c.decision == superseded)
        superseded = await tx.scalar(query)
    live = select(NOTIFICATIONS).where(
        NOTIFICATIONS.c.decision.in_(seen), NOTIFICATIONS.c.state.in_(_LIVE)
    )
    return list(await tx.execute(live.order_by(NOTIFICATIONS.c.raised_at)))
