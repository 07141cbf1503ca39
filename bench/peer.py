"""How fast does a peer append? The library eventsourcing, in as many threads as suit it best."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from bench.payload import incident
from bench.row import Place, Sample
from bench.stores import schema

_THREADS = (1, 4, 16)
_TRIAL = 1.5  # seconds

Environment = Mapping[str, str]


class Report(Aggregate):
    def __init__(self, told: str) -> None:
        self.told = told


class Reports(Application[UUID]):
    pass


class Peer:
    """Saves aggregates of one event each. Nothing is encrypted: that is an option of its own."""

    def __init__(self, environment: Environment, threads: int = 1) -> None:
        self._application = Reports(env=dict(environment))
        self._threads = threads

    @classmethod
    async def at_its_best(cls, environment: Environment) -> "Peer":
        peer, rates = cls(environment), {}
        for threads in _THREADS:
            peer._threads = threads
            rates[threads] = (await peer.saved(_TRIAL)).value
        peer._threads = max(rates, key=lambda threads: rates[threads])
        return peer

    async def saved(self, seconds: float) -> Sample:
        before = self._head()
        value, accepted = await asyncio.to_thread(self._save, seconds)
        return Sample(value=value, counts={"accepted": accepted, "stored": self._head() - before})

    def _save(self, seconds: float) -> tuple[float, int]:
        told = orjson.dumps(incident(uuid4())).decode()
        began = time.perf_counter()

        def one(_: int) -> int:
            saved = 0
            while time.perf_counter() - began < seconds:
                self._application.save(Report(told=told))
                saved += 1
            return saved

        with ThreadPoolExecutor(self._threads) as pool:
            accepted = sum(pool.map(one, range(self._threads)))
        return accepted / (time.perf_counter() - began), accepted

    def _head(self) -> int:
        return self._application.recorder.max_notification_id() or 0


@asynccontextmanager
async def in_postgres_of_peer(place: Place) -> AsyncIterator[Environment]:
    parts = urlsplit(place.dsn)
    async with schema(place) as name:
        yield {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": parts.path.lstrip("/"),
            "POSTGRES_HOST": parts.hostname or "",
            "POSTGRES_PORT": str(parts.port or 5432),
            "POSTGRES_USER": parts.username or "",
            "POSTGRES_PASSWORD": parts.password or "",
            "POSTGRES_SCHEMA": name,
            "POSTGRES_POOL_SIZE": str(max(_THREADS)),
            "POSTGRES_MAX_WAITING": "0",
        }


def in_sqlite_of_peer(place: Place) -> Environment:
    return {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(place.folder / f"{place.fresh()}.db"),
        "SQLITE_LOCK_TIMEOUT": "10",
    }
