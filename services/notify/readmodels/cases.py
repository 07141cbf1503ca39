"""Which facts of a page must keep their order among each other? Those that decide over one case.

All others are ordered by their own stream alone.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.store import Recorded
from services.notify.domain import notification as facts
from services.notify.readmodels.lookups import Rows
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS
from services.notify.streams.case import CaseClosed
from services.notify.streams.decision import DecisionRecorded, Placed, Unplaced

_PART = 500
_CLOSES = (
    facts.NotificationNotOurs,
    facts.NotificationCancelled,
    facts.NotificationWithdrawn,
    facts.NotificationSuperseded,
)


class CasesOf:
    """By position, of those facts that belong to a case in this sense."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def __call__(self, page: Sequence[Recorded]) -> Mapping[int, Hashable]:
        cases: dict[int, Hashable] = {}
        placed: dict[int, UUID] = {}
        closed: dict[int, UUID] = {}
        for recorded in page:
            match recorded.event:
                case DecisionRecorded() | CaseClosed() as event:
                    cases[recorded.position] = event.case
                case Placed() | Unplaced() as event:
                    placed[recorded.position] = event.decision
                case event if isinstance(event, _CLOSES):
                    closed[recorded.position] = event.notification
        if placed or closed:
            async with self._rows() as tx:
                cases |= await _cases(tx, DECISIONS.c.decision, placed)
                cases |= await _cases(tx, NOTIFICATIONS.c.notification, closed)
        return cases


async def _cases(
    tx: AsyncConnection, key: Column[Any], named: Mapping[int, UUID]
) -> dict[int, UUID]:
    wanted = sorted(set(named.values()))
    found: dict[UUID, UUID] = {}
    for start in range(0, len(wanted), _PART):
        query = select(key, key.table.c.case_id).where(among(key, wanted[start : start + _PART]))
        found |= {row[0]: row[1] for row in await tx.execute(query)}
    return {at: found[one] for at, one in named.items() if one in found}
