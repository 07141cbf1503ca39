"""Row 1: what does an accepted event cost beside an endpoint that only checks the model?

Accepted means: key checked, content checked, digest in the log, message confirmed by the bus.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bench.doors import EVENTS_PATH, Door, distributed_door, embedded_door
from bench.load import Job, send
from bench.processes import running
from bench.row import Pair, Place, Prepare, Row, Sample
from tests.servers.machine import free_port

_BASELINE = "bare FastAPI endpoint, same model, no I/O"


def _prepared(opening: Callable[[Place], AbstractAsyncContextManager[Door]]) -> Prepare:
    @asynccontextmanager
    async def prepared(place: Place) -> AsyncIterator[Pair]:
        port = free_port()
        command = ("-m", "uvicorn", "bench.bare:app", "--no-access-log", "--port", str(port))
        async with (
            running(command, port=port, log=place.folder / "bare.log"),
            opening(place) as door,
        ):
            yield Pair(
                product=lambda seconds: offered(door, seconds),
                baseline=lambda seconds: _bare(port, seconds),
            )

    return prepared


async def offered(door: Door, seconds: float, *, connections: int = 64, batch: int = 0) -> Sample:
    """What the load generator was told, held against the log and the bus."""
    await door.empty()
    before = await door.stored()
    job = Job(
        port=door.port,
        path=EVENTS_PATH,
        seconds=seconds,
        connections=connections,
        batch=batch,
        token=door.token,
    )
    told = await send(job)
    counts = {
        "sent": told.accepted + told.refused,
        "accepted": told.accepted,
        "stored": await door.stored() - before,
        "delivered": await door.delivered(),
    }
    also = {"p50 ms": told.p50_ms, "p99 ms": told.p99_ms}
    return Sample(value=told.per_second, counts=counts, also=also)


async def _bare(port: int, seconds: float) -> Sample:
    told = await send(Job(port=port, path="/", seconds=seconds))
    return Sample(
        value=told.per_second,
        counts={"sent": told.accepted + told.refused, "accepted": told.accepted},
        also={"p50 ms": told.p50_ms, "p99 ms": told.p99_ms},
    )


EMBEDDED = Row(
    number="1",
    title="accept, embedded, c=64",
    unit="events/s",
    baseline=_BASELINE,
    goal=0.60,
    prepare=_prepared(embedded_door),
)
DISTRIBUTED = Row(
    number="1b",
    title="accept, PostgreSQL and RabbitMQ, c=64",
    unit="events/s",
    baseline=_BASELINE,
    goal=None,
    prepare=_prepared(distributed_door),
)
