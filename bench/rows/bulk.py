"""Row 2: what do a hundred events in one POST cost beside inserting a hundred rows?"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import uuid4

import asyncpg
import orjson

from bench.doors import Door, distributed_door, embedded_door
from bench.payload import incident
from bench.row import Pair, Place, Prepare, Row, Sample
from bench.rows.accept import offered
from bench.stores import schema

_AT_ONCE = 100
_CONNECTIONS = 4
_TABLE = """
CREATE TABLE rows (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL,
    version integer NOT NULL, data bytea NOT NULL, UNIQUE (stream, version))
"""
_INSERT = """
INSERT INTO rows (stream, version, data) SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[])
"""
_BASELINE = "asyncpg, unnest of 100 rows, one connection"


def _prepared(opening: Callable[[Place], AbstractAsyncContextManager[Door]]) -> Prepare:
    @asynccontextmanager
    async def prepared(place: Place) -> AsyncIterator[Pair]:
        async with opening(place) as door, _inserting(place) as connection:
            yield Pair(
                product=lambda seconds: offered(
                    door, seconds, connections=_CONNECTIONS, batch=_AT_ONCE
                ),
                baseline=lambda seconds: _inserted(connection, seconds),
            )

    return prepared


@asynccontextmanager
async def _inserting(place: Place) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    async with schema(place) as name:
        connection = await asyncpg.connect(place.dsn)
        try:
            await connection.execute(f'SET search_path = "{name}"; {_TABLE}')
            yield connection
        finally:
            await connection.close()


async def _inserted(connection: "asyncpg.Connection[asyncpg.Record]", seconds: float) -> Sample:
    before = await connection.fetchval("SELECT count(*) FROM rows")
    began, accepted = time.perf_counter(), 0
    statement = await connection.prepare(_INSERT)
    while time.perf_counter() - began < seconds:
        names = [uuid4() for _ in range(_AT_ONCE)]
        data = [orjson.dumps(incident(name)) for name in names]
        await statement.fetch([str(name) for name in names], [1] * _AT_ONCE, data)
        accepted += _AT_ONCE
    took = time.perf_counter() - began
    stored = await connection.fetchval("SELECT count(*) FROM rows") - before
    return Sample(value=accepted / took, counts={"accepted": accepted, "stored": stored})


EMBEDDED = Row(
    number="2",
    title="bulk accept, 100 in a POST, embedded",
    unit="events/s",
    baseline=_BASELINE,
    goal=0.45,
    prepare=_prepared(embedded_door),
)
DISTRIBUTED = Row(
    number="2b",
    title="bulk accept, 100 in a POST, PostgreSQL and RabbitMQ",
    unit="events/s",
    baseline=_BASELINE,
    goal=None,
    prepare=_prepared(distributed_door),
)
