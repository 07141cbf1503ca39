"""Rows 9: how long does it take to read the whole log again, into tables and into memory?"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import text

from bench.payload import AGENCY, TYPE, incident
from bench.row import Pair, Place, Prepare, Row, Sample
from bench.stores import KEY, Reported, dropped
from contracts.messages import Outcome, Reason
from services.chassis.clock import SystemClock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore, NewEvent
from services.chassis.store_postgres import open_postgres_store
from services.notify.domain.intake import EventOffered
from services.notify.receipts.projection import Receipts
from services.notify.streams.case import EventAnswered
from services.notify.streams.decision import DecisionRecorded

_EVENTS = 20_000
_AT_ONCE = 500
_PAGE = 1_000
_NOW = datetime(2026, 2, 13, 23, 5, tzinfo=UTC)
_BASELINE = "SELECT * of the same events"

Make = Callable[[], list[Any]]
Work = Callable[[EventStore, Database], Awaitable[int]]


def _prepared(make: Make, work: Work) -> Prepare:
    @asynccontextmanager
    async def prepared(place: Place) -> AsyncIterator[Pair]:
        schema = place.fresh()
        codec = EventCodec(EventOffered, EventAnswered, DecisionRecorded, Reported)
        async with dropped(place, schema):
            store = await open_postgres_store(
                place.dsn, schema=schema, codec=codec, clock=SystemClock(), service_key=KEY
            )
            database = await open_database(place.dsn, schema=schema)
            await database.create(Receipts.metadata)
            connection = await asyncpg.connect(place.dsn)
            try:
                count = await _filled(store, make)
                await connection.execute(f'SET search_path = "{schema}"')
                await connection.execute("VACUUM ANALYZE events")
                yield Pair(
                    product=lambda s: _repeated(s, count, lambda: work(store, database)),
                    baseline=lambda s: _repeated(s, count, lambda: _fetched(connection)),
                )
            finally:
                await connection.close()
                await database.close()
                await store.close()

    return prepared


async def _filled(store: EventStore, make: Make) -> int:
    count = 0
    context = Context(correlation_id=uuid4(), actor=AGENCY)
    while count < _EVENTS:
        events: list[Any] = []
        while len(events) < _AT_ONCE:
            events += make()
        new = [NewEvent(event_id=uuid4(), event=event) for event in events]
        await store.append(f"bench-{uuid4()}", new, expected=0, context=context)
        count += len(new)
    return count


async def _repeated(seconds: float, count: int, work: Callable[[], Awaitable[int]]) -> Sample:
    began, done, seen = time.perf_counter(), 0, 0
    while not done or time.perf_counter() - began < seconds:
        seen += await work()
        done += count
    took = time.perf_counter() - began
    return Sample(value=done / took, counts={"stored": done, "delivered": seen})


async def _fetched(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    return len(await connection.fetch("SELECT * FROM events ORDER BY position"))


async def _rebuilt(store: EventStore, database: Database) -> int:
    """Emptied and made again, in one transaction. Every fourth event is an answer, which changes
    a row; each of the others adds one."""
    await Projector(store, database, Receipts()).rebuild()
    async with database.reading() as connection:
        added = await connection.scalar(
            text("SELECT (SELECT count(*) FROM receipts) + (SELECT count(*) FROM receipt_outcomes)")
        )
        changed = await connection.scalar(
            text("SELECT count(*) FROM receipts WHERE decisions IS NOT NULL")
        )
    return int(added or 0) + int(changed or 0)


async def _replayed(store: EventStore, _: Database) -> int:
    position = count = 0
    while page := await store.read_all(position, _PAGE):
        position = page[-1].position
        count += len(page)
    return count


def _one_receipt() -> list[Any]:
    """What notify's own log holds of one event that was decided for two audiences."""
    receipt, case = uuid4(), uuid4()
    source, name = f"/agencies/{AGENCY}", f"syn-{receipt}"
    offered = EventOffered(
        receipt=receipt,
        agency=AGENCY,
        source=source,
        event=name,
        type=TYPE,
        digest="0" * 64,
        door="http",
        offered_at=_NOW,
    )
    decided = [
        DecisionRecorded(
            decision=uuid4(),
            case=case,
            receipt=receipt,
            source=source,
            event_id=name,
            event_type=TYPE,
            about="child",
            subject=uuid4(),
            audience=audience,
            outcome=Outcome.WITHHELD,
            because=(Reason(rule="a-rule", version="1", says="No basis for this audience"),),
            decided_at=_NOW,
            recorded_at=_NOW,
            agreement=None,
            agreement_version=None,
            profile=None,
            shows=(),
            supersedes=None,
            correction=False,
        )
        for audience in ("education", "health-visiting")
    ]
    answered = EventAnswered(
        receipt=receipt,
        case=case,
        source=source,
        event_id=name,
        event_type=TYPE,
        decisions=2,
        note="",
        at=_NOW,
    )
    return [offered, *decided, answered]


def _one_sealed() -> list[Any]:
    """What consent's log holds: an incident under the key of one person, of whom it is the only
    event."""
    name = str(uuid4())
    return [Reported(reference=name, incident=Sealed(subject=name, value=incident(uuid4())))]


PROJECTION = Row(
    number="9",
    title="rebuild of a read model (receipts), PostgreSQL",
    unit="events/s",
    baseline=_BASELINE,
    goal=0.30,
    prepare=_prepared(_one_receipt, _rebuilt),
)
MEMORY = Row(
    number="9b",
    title="replay in memory, each event in its type",
    unit="events/s",
    baseline=_BASELINE,
    goal=0.45,
    prepare=_prepared(_one_receipt, _replayed),
)
SEALED = Row(
    number="9c",
    title="replay in memory of sealed incidents, a key for each",
    unit="events/s",
    baseline=f"{_BASELINE}, unopened",
    goal=None,
    prepare=_prepared(_one_sealed, _replayed),
)
