"""Which requests, refusals, searches and legal holds are over, since when, and by whose keys?"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Column, Index, MetaData, String, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant, upsert
from services.chassis.store import Row
from services.consent.domain.retention import LEGAL_HOLD, REQUEST
from services.consent.streams.access import AccessRefused, AccessReleased, AccessRequested
from services.consent.streams.requests import ErasureRefused, request_stream
from services.consent.streams.retention import LegalHoldLifted, LegalHoldPlaced, RecordForgotten
from services.consent.streams.searches import AccessSearched

METADATA = MetaData()
RECORDS = Table(
    "closed_records",
    METADATA,
    Column("subject", String, primary_key=True),  # the name of the key that it is sealed under
    Column("record", String, nullable=False),
    Column("ground", String, nullable=False),
    Column("since", Instant),  # None: it is not over
    Column("forgotten", Instant),
    Index("closed_waiting", "forgotten", "since"),
)
RECORD_KEYS = Table(
    "closed_record_keys",
    METADATA,
    Column("subject", String, primary_key=True),
    Column("key", String, primary_key=True),
    Index("closed_record_keys_key", "key"),
)
Values = dict[str, Any]


class Closed:
    """A PageProjection; whom a record is about stands in it as keyed hashes only."""

    name = "consent-closed"
    metadata = METADATA

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        for row in page:
            if row.type in _OPENS:
                event = orjson.loads(row.data)
                await _open(tx, row.type, event)
            elif row.type in _CLOSES:
                event = orjson.loads(row.data)
                one = RECORDS.c.record == _record(event)
                await tx.execute(update(RECORDS).where(one).values(_CLOSES[row.type](event)))


async def refusals(tx: AsyncConnection, limit: int) -> list[str]:
    """The streams of requests for erasure that were refused, the latest first."""
    of_erasure = RECORDS.c.subject.startswith(request_stream(""), autoescape=True)
    asked = select(RECORDS.c.subject).where(of_erasure).order_by(RECORDS.c.since.desc())
    return list((await tx.execute(asked.limit(limit))).scalars())


async def _open(tx: AsyncConnection, kind: str, event: Values) -> None:
    """A legal hold that is placed again is not over any more."""
    ground, sealed, is_over = _OPENS[kind]
    subject = event[sealed]["subject"]
    opened = {
        "subject": subject,
        "record": _record(event),
        "ground": ground,
        "since": datetime.fromisoformat(event["at"]) if is_over else None,
        "forgotten": None,
    }
    await upsert(tx, RECORDS, opened, key=["subject"])
    keys = [{"subject": subject, "key": key} for key in event["keys"]]
    await upsert(tx, RECORD_KEYS, keys, key=["subject", "key"])


def _record(event: Values) -> str:
    names = ("request", "hold", "search", "record")
    return str(next(event[name] for name in names if name in event))


def _since(event: Values) -> Values:
    return {"since": datetime.fromisoformat(event["at"])}


# What opens one: its ground, the field that is sealed, and whether it is over at once.
_OPENS: dict[str, tuple[str, str, bool]] = {
    AccessRequested.__name__: (REQUEST, "told", False),
    ErasureRefused.__name__: (REQUEST, "told", True),
    AccessSearched.__name__: (REQUEST, "reason", True),
    LegalHoldPlaced.__name__: (LEGAL_HOLD, "told", False),
}
_CLOSES: dict[str, Callable[[Values], Values]] = {
    AccessReleased.__name__: _since,
    AccessRefused.__name__: _since,
    LegalHoldLifted.__name__: _since,
    RecordForgotten.__name__: lambda event: {
        "forgotten": datetime.fromisoformat(event["ended_at"])
    },
}
