"""What do the rows of the log have in common? An event whose content is sealed, and its stores."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import asyncpg

from bench.payload import incident
from bench.row import Place, Sample
from services.chassis.clock import SystemClock
from services.chassis.codec import EventCodec
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore, NewEvent
from services.chassis.store_postgres import open_postgres_store
from services.chassis.store_sqlite import open_sqlite_store

KEY = bytes(32)
_CONTENTS = 100
_CONTEXT = Context(correlation_id=uuid4(), actor="bench")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An incident of 1.4 KB, sealed under the key of one person."""

    reference: str
    incident: Sealed


@asynccontextmanager
async def in_postgres(place: Place) -> AsyncIterator[EventStore]:
    async with schema(place) as name:
        store = await open_postgres_store(
            place.dsn,
            schema=name,
            codec=EventCodec(Reported),
            clock=SystemClock(),
            service_key=KEY,
        )
        try:
            yield store
        finally:
            await store.close()


@asynccontextmanager
async def in_sqlite(place: Place) -> AsyncIterator[EventStore]:
    store = await open_sqlite_store(
        place.folder / f"{place.fresh()}.db",
        codec=EventCodec(Reported),
        clock=SystemClock(),
        service_key=KEY,
    )
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def schema(place: Place) -> AsyncIterator[str]:
    """The name of an empty schema, which is dropped at the end."""
    name = place.fresh()
    async with dropped(place, name) as connection:
        await connection.execute(f'CREATE SCHEMA "{name}"')
        yield name


@asynccontextmanager
async def dropped(place: Place, name: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Whatever is made in the schema meanwhile is gone at the end."""
    connection = await asyncpg.connect(place.dsn)
    try:
        yield connection
    finally:
        await connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        await connection.close()


async def appended(
    store: EventStore, seconds: float, *, tasks: int, events: int, streams: str
) -> Sample:
    """So many tasks, each appending so many events to a new stream at a time, again and again."""
    contents = [incident(uuid4()) for _ in range(_CONTENTS)]  # making them is nobody's work
    before, began = await store.head(), time.perf_counter()
    numbers = count()

    async def one() -> int:
        accepted = 0
        while time.perf_counter() - began < seconds:
            stream = f"{streams}-{next(numbers)}"
            await store.append(stream, _new(stream, events, contents), expected=0, context=_CONTEXT)
            accepted += events
        return accepted

    accepted = sum(await asyncio.gather(*(one() for _ in range(tasks))))
    took = time.perf_counter() - began
    counts = {"accepted": accepted, "stored": await store.head() - before}
    return Sample(value=accepted / took, counts=counts)


def _new(stream: str, events: int, contents: Sequence[Any]) -> Sequence[NewEvent]:
    made = []
    for number in range(events):
        told = Sealed(subject=stream, value=contents[number % _CONTENTS])
        made.append(NewEvent(event_id=uuid4(), event=Reported(reference=stream, incident=told)))
    return made
