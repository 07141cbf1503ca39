"""Which requests for one's own data are open, and until when?"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Column, Date, MetaData, String, Table, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import Row
from services.consent.streams.access import (
    AccessExtended,
    AccessRefused,
    AccessReleased,
    AccessRequested,
)

METADATA = MetaData()
ACCESS = Table(
    "access_requests",
    METADATA,
    Column("request", String, primary_key=True),
    Column("requester", String, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String, nullable=False),  # open, released, refused
)

_CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    AccessExtended.__name__: lambda event: {"due_on": date.fromisoformat(event["due_on"])},
    AccessReleased.__name__: lambda _: {"state": "released"},
    AccessRefused.__name__: lambda _: {"state": "refused"},
}


class AccessRequests:
    """A PageProjection; nothing in it says whom a request is about."""

    name = "consent-access"
    metadata = METADATA

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        for row in page:
            if row.type == AccessRequested.__name__:
                event = orjson.loads(row.data)
                asked = {
                    "request": event["request"],
                    "requester": event["requester"],
                    "received_on": date.fromisoformat(event["received_on"]),
                    "due_on": date.fromisoformat(event["due_on"]),
                    "state": "open",
                }
                await upsert(tx, ACCESS, asked, key=["request"])
            elif row.type in _CHANGES:
                event = orjson.loads(row.data)
                one = ACCESS.c.request == event["request"]
                await tx.execute(update(ACCESS).where(one).values(_CHANGES[row.type](event)))
