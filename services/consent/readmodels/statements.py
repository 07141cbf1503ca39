"""What have people said of what is recorded about them? Read from the log, opened as it is read."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.store import EventStore
from services.consent.readmodels import decisions
from services.consent.streams.annotations import StatementAttached, annotation_stream

Json = dict[str, Any]


async def case_of_event(tx: AsyncConnection, source: str, event_id: str) -> UUID | None:
    """Of an event on which something was decided."""
    found = await decisions.all_of(tx, event=(source, event_id))
    return found[0].message.case if found else None


async def attached_to(store: EventStore, case: UUID) -> list[StatementAttached]:
    """The oldest first; one whose key is gone is not shown any more."""
    said = [each.event for each in await store.read_stream(annotation_stream(case))]
    return [one for one in said if one.said.value is not None]


async def shown_with(store: EventStore, case: UUID) -> list[Json]:
    return [
        {
            "statement": str(one.statement),
            "decision": str(one.decision) if one.decision else None,
            "says": one.said.value,
            "received_on": one.received_on,
            "at": one.at.isoformat(),
        }
        for one in await attached_to(store, case)
    ]
