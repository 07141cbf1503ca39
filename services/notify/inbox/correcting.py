"""What does a correction change of what this recipient was shown before, and why?"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from services.notify.ledger import Ledger
from services.notify.readmodels.state import NOTIFICATIONS
from services.notify.streams.decision import DecisionRecorded


async def corrected(ledger: Ledger, row: Row[Any], decided: DecisionRecorded) -> dict[str, Any]:
    """Paths only: what was shown before is closed, and the values stand in the content."""
    why = decided.correction_reason
    shown = (decided.content.value if decided.content else None) or {}
    before = await _before(ledger, row)
    changed = None if before is None else sorted(_differing(before, shown))
    return {"reason": why.value if why else None, "changed": changed}


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


async def _before(ledger: Ledger, row: Row[Any]) -> Mapping[str, Any] | None:
    """What the organisation could read last; None where that is erased, or it had nothing."""
    first = await ledger.decided(row.first_decision)
    former = first.supersedes if first else None
    while former is not None:
        decided = await ledger.decided(former)
        if decided is None:
            return None
        if await _could_read(ledger, row.organisation, former):
            return decided.content.value if decided.content else None
        former = decided.supersedes
    return None


async def _could_read(ledger: Ledger, organisation: str, decision: UUID) -> bool:
    of_decision = or_(
        NOTIFICATIONS.c.decision == decision, NOTIFICATIONS.c.first_decision == decision
    )
    mine = (of_decision, NOTIFICATIONS.c.organisation == organisation)
    available = NOTIFICATIONS.c.available_at.is_not(None)
    async with ledger.rows() as tx:
        had = select(NOTIFICATIONS.c.notification).where(*mine, available)
        return (await tx.execute(had)).first() is not None
