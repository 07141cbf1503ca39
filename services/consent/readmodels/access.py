"""Which requests for one's own data are open, and until when?"""

from collections.abc import Sequence
from datetime import date

import orjson
from sqlalchemy import Column, Date, MetaData, String, Table, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import Row
from services.consent.streams.access import AccessReleased, AccessRequested

METADATA = MetaData()
ACCESS = Table(
    "access_requests",
    METADATA,
    Column("request", String, primary_key=True),
    Column("requester", String, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String, nullable=False),  # open, released
)


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
            elif row.type == AccessReleased.__name__:
                one = ACCESS.c.request == orjson.loads(row.data)["request"]
                await tx.execute(update(ACCESS).where(one).values(state="released"))
