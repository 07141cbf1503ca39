"""Who has confirmed that what was taken back is deleted, and when? A role of an organisation."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from services.notify.domain.task import TaskKind
from services.notify.ledger import Ledger

Json = dict[str, Any]


async def deletion(ledger: Ledger, row: Row[Any]) -> Json:
    """Of a task. Who did it is no more than a role here: the organisation's own list names them."""
    return {
        "organisation": row.owner,
        "role": await _role(ledger, row.owner, row.closed_by),
        "audience": row.audience,
        "state": row.state,
        "due": row.due.isoformat(),
        "overdue": row.overdue,
        "confirmed_at": _text(row.closed_at) if row.state == "done" else None,
    }


def asks_for_deletion(row: Row[Any]) -> bool:
    return bool(row.kind == TaskKind.CONFIRM_DELETION.value)


async def _role(ledger: Ledger, organisation: str, contact: str | None) -> str | None:
    known = await ledger.look.organisation(organisation) if contact is not None else None
    listed = known.contacts if known is not None else ()
    return next((one.role for one in listed if one.id == contact), None)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
