"""Rows 3 to 5: what does a durable append cost, with version check, seal and hash chain?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.peer import Peer, in_postgres_of_peer, in_sqlite_of_peer
from bench.pgbench import inserting
from bench.row import Pair, Place, Row
from bench.stores import appended, in_postgres, in_sqlite

_TASKS = 64
_AT_ONCE = 100


@asynccontextmanager
async def _one_client(place: Place) -> AsyncIterator[Pair]:
    async with in_postgres(place) as store, inserting(place, rows=_AT_ONCE) as baseline:
        yield Pair(
            product=lambda seconds: appended(
                store, seconds, tasks=1, events=_AT_ONCE, streams=place.fresh()
            ),
            baseline=baseline,
        )


@asynccontextmanager
async def _many_on_postgres(place: Place) -> AsyncIterator[Pair]:
    async with in_postgres(place) as store, in_postgres_of_peer(place) as environment:
        peer = await Peer.at_its_best(environment)
        yield Pair(
            product=lambda seconds: appended(
                store, seconds, tasks=_TASKS, events=1, streams=place.fresh()
            ),
            baseline=peer.saved,
        )


@asynccontextmanager
async def _many_on_sqlite(place: Place) -> AsyncIterator[Pair]:
    async with in_sqlite(place) as store:
        peer = await Peer.at_its_best(in_sqlite_of_peer(place))
        yield Pair(
            product=lambda seconds: appended(
                store, seconds, tasks=_TASKS, events=1, streams=place.fresh()
            ),
            baseline=peer.saved,
        )


APPEND = Row(
    number="3",
    title="append of 100 events, PostgreSQL, one client",
    unit="events/s",
    baseline="pgbench, one statement of 100 rows, one client",
    goal=0.35,
    prepare=_one_client,
    note="pgbench sends the content of a row once for all hundred, unsealed and unhashed",
)
ON_POSTGRES = Row(
    number="4",
    title="64 appends of one event at a time, PostgreSQL",
    unit="events/s",
    baseline="eventsourcing 9.5, best of 1, 4 and 16 threads",
    goal=6,
    prepare=_many_on_postgres,
)
ON_SQLITE = Row(
    number="5",
    title="64 appends of one event at a time, SQLite",
    unit="events/s",
    baseline="eventsourcing 9.5, best of 1, 4 and 16 threads",
    goal=4,
    prepare=_many_on_sqlite,
)
