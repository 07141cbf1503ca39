"""What can be shown of every notification: to whom, about whom, when, why, with which content?

For the story runner and for inspection by whoever runs the deployment; no route leads here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from services.chassis.database import Database
from services.chassis.store import EventStore
from services.notify.readmodels.state import NOTIFICATIONS
from services.notify.streams.decision import DecisionRecorded, stream_of


async def evidence(database: Database, store: EventStore) -> list[dict[str, Any]]:
    async with database.reading() as tx:
        order = (NOTIFICATIONS.c.raised_at, NOTIFICATIONS.c.notification)
        rows = list(await tx.execute(select(NOTIFICATIONS).order_by(*order)))
    return [await _shown(row, store) for row in rows]


async def _shown(row: Row[Any], store: EventStore) -> dict[str, Any]:
    decided = await _decided(store, row)
    content = decided.content.value if decided and decided.content else None
    told = row.told_at or row.opened_at
    return {
        "id": str(row.notification),
        "to": row.organisation,
        "about": row.about,
        "audience": row.audience,
        "agreement": row.agreement,
        "due": row.due.isoformat(),
        "told_at": _text(told),
        "available_at": _text(row.available_at),
        "state": row.state,
        "overdue": row.overdue,
        "shows": content or {},
        "not_readers": list(row.not_readers),
        "because": [reason.rule for reason in decided.because] if decided else [],
    }


async def _decided(store: EventStore, row: Row[Any]) -> DecisionRecorded | None:
    for recorded in await store.read_stream(stream_of(row.decision)):
        if isinstance(recorded.event, DecisionRecorded):
            return recorded.event
    return None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
