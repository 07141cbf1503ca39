"""Of which case is each fact of a page? What is told of one case keeps its order."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.store import Recorded
from services.notify.readmodels.lookups import Rows
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS

_PART = 500


class CasesOf:
    """By position. A fact of none, and one whose case is not known, is left out."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def __call__(self, page: Sequence[Recorded]) -> Mapping[int, Hashable]:
        named = {one.position: one.event for one in page}
        decisions = {at: _id(event, "decision") for at, event in named.items()}
        notifications = {at: _id(event, "notification") for at, event in named.items()}
        async with self._rows() as tx:
            by_decision = await _cases(tx, DECISIONS.c.decision, decisions.values())
            by_notification = await _cases(tx, NOTIFICATIONS.c.notification, notifications.values())
        cases: dict[int, Hashable] = {}
        for at, event in named.items():
            found = (
                _id(event, "case")
                or by_notification.get(notifications[at])
                or by_decision.get(decisions[at])
            )
            if found is not None:
                cases[at] = found
        return cases


def _id(event: Any, name: str) -> UUID | None:
    value = getattr(event, name, None)
    return value if isinstance(value, UUID) else None


async def _cases(
    tx: AsyncConnection, key: Column[Any], ids: Iterable[UUID | None]
) -> dict[UUID | None, UUID]:
    wanted = sorted({one for one in ids if one is not None})
    found: dict[UUID | None, UUID] = {}
    for start in range(0, len(wanted), _PART):
        query = select(key, key.table.c.case_id).where(among(key, wanted[start : start + _PART]))
        found |= {row[0]: row[1] for row in await tx.execute(query)}
    return found
