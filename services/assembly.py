"""How do three services become one house? Wiring that every root shares; it chooses nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
from fastapi import FastAPI
from sqlalchemy import MetaData

import services.consent.service as consent
import services.directory.service as directory
import services.notify.service as notify
from contracts.agreements import Agreement, load
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.chassis.mail import MailSender
from services.chassis.outbound import WebhookSender
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.chassis.workers import Scheduled, Worker
from services.consent.domain.conditions.register import CONDITIONS


def _several(tables: MetaData | Sequence[MetaData]) -> tuple[MetaData, ...]:
    return (tables,) if isinstance(tables, MetaData) else tuple(tables)


NAMES = ("directory", "consent", "notify")
EVENTS = {"directory": directory.EVENTS, "consent": consent.EVENTS, "notify": notify.EVENTS}
METADATA = {
    "directory": _several(directory.METADATA),
    "consent": _several(consent.METADATA),
    "notify": _several(notify.METADATA),
}

# More rounds than any story needs; a worker that never finds nothing to do is a fault to be seen.
_ROUNDS = 2_000


class NeverSettles(RuntimeError):
    """The workers go on finding work without end."""


@dataclass(frozen=True, kw_only=True)
class Storage:
    """What the composition root opened, by service."""

    stores: dict[str, EventStore]
    databases: dict[str, Database]
    bus: Bus

    async def close(self) -> None:
        """The bus first: what it still hands out would find no store."""
        await self.bus.close()
        for store in self.stores.values():
            await store.close()
        for database in self.databases.values():
            await database.close()


@dataclass(frozen=True, kw_only=True)
class House:
    """All three services in one process, over whatever they were given."""

    services: dict[str, Service]
    bus: Bus
    clock: Clock
    clients: tuple[httpx.AsyncClient, ...]

    @property
    def workers(self) -> tuple[Worker, ...]:
        return tuple(worker for name in NAMES for worker in self.services[name].workers)

    async def settle(self) -> int:
        """Let the workers and the bus run until nothing is left to do now; answer how much it was.

        What is unavailable is left for later. Raises NeverSettles.
        """
        total = 0
        for _ in range(_ROUNDS):
            every: tuple[Worker | Bus, ...] = (*self.workers, self.bus)
            done = sum([await _run(worker) for worker in every])
            if not done:
                return total
            total += done
        raise NeverSettles(f"{total} pieces of work and still more")

    async def next_due(self) -> datetime | None:
        """The earliest instant at which a worker has something to do."""
        moments = [
            await worker.next_due() for worker in self.workers if isinstance(worker, Scheduled)
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()


async def _run(worker: Worker | Bus) -> int:
    try:
        return await worker.run_once()
    except Unavailable:
        return 0


class NoSuchAgreement(ValueError):
    """A story or setting names an agreement that is not in the folder."""


def load_agreements(only: Sequence[str] | None = None) -> tuple[Agreement, ...]:
    """Every version of every agreement, or of those named. Raises NoSuchAgreement."""
    every = load(known=set(CONDITIONS))
    if only is None:
        return every
    unknown = set(only) - {agreement.id for agreement in every}
    if unknown:
        raise NoSuchAgreement(", ".join(sorted(unknown)))
    return tuple(agreement for agreement in every if agreement.id in only)


class _Later(httpx.AsyncBaseTransport):
    """To a service that is built after the one that asks it."""

    def __init__(self, app: Callable[[], FastAPI]) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await httpx.ASGITransport(app=self._app()).handle_async_request(request)


def assemble(
    storage: Storage,
    *,
    settings: Settings,
    clock: Clock,
    agreements: Sequence[Agreement],
    mail: MailSender,
    webhooks: WebhookSender,
    between: Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport] = lambda inner: inner,
) -> House:
    """The three services over one bus, in one process.

    `between` may stand in front of the calls that one service makes to another.
    """
    stores, databases, bus = storage.stores, storage.databases, storage.bus
    telling = httpx.AsyncClient(
        transport=_Later(lambda: built["notify"].app), base_url="http://notify"
    )
    built = {
        "directory": directory.build(
            store=stores["directory"],
            database=databases["directory"],
            bus=bus,
            clock=clock,
            settings=settings,
        ),
        "consent": consent.build(
            store=stores["consent"],
            database=databases["consent"],
            bus=bus,
            clock=clock,
            settings=settings,
            agreements=agreements,
            notify=telling,
        ),
    }
    asking = httpx.AsyncClient(
        transport=between(httpx.ASGITransport(app=built["consent"].app)), base_url="http://consent"
    )
    built["notify"] = notify.build(
        store=stores["notify"],
        database=databases["notify"],
        bus=bus,
        clock=clock,
        settings=settings,
        mail=mail,
        webhooks=webhooks,
        consent=asking,
    )
    return House(services=built, bus=bus, clock=clock, clients=(asking, telling))
