"""How does a row come by a real deployment with a real key? Both kinds, thrown away afterwards."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aio_pika

from bench.payload import AGENCY
from bench.row import Place
from services.assembly import House, Storage, assemble, load_agreements
from services.chassis.bus_rabbit import RabbitBus
from services.chassis.clock import Clock, SystemClock
from services.chassis.mail import SmtpSender
from services.chassis.outbound import AiohttpWebhookSender
from services.chassis.settings import SECRETS, Settings, ephemeral_settings
from services.commands.opening import opened
from services.distributed import drop_schemas, open_distributed
from services.doors import Doors


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A folder with everything in it; nobody has it open."""

    folder: Path
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributed:
    """Schemas and queues of its own, and what a process of it needs in its environment."""

    settings: Settings = field(repr=False)
    token: str = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        names = (*SECRETS, "database_url", "broker_url", "namespace")
        named = {f"DAYBREAK_{name.upper()}": getattr(self.settings, name) for name in names}
        return {**named, "DAYBREAK_ALLOW_PRIVATE_WEBHOOKS": "true"}


async def embedded(place: Place) -> Embedded:
    folder = place.folder / place.fresh()
    async with opened(folder, serving=True) as house:
        token = await house.doors.key(AGENCY)
    return Embedded(folder=folder, token=token)


Furnish = Callable[[House, Doors], Awaitable[object]]


@asynccontextmanager
async def distributed(
    place: Place, *, clock: Clock | None = None, furnish: Furnish | None = None
) -> AsyncIterator[Distributed]:
    """Made by the deployment's own steps, and removed at the end."""
    clock = clock or SystemClock()
    settings = ephemeral_settings(
        database_url=place.dsn,
        broker_url=place.broker,
        namespace=place.fresh(),
        allow_private_webhooks=True,
    )
    storage = await open_distributed(settings=settings, clock=clock)
    assert isinstance(storage.bus, RabbitBus)
    try:
        house = _assembled(storage, settings, clock)
        await storage.bus.declare()
        doors = Doors(house, settings)
        if furnish:
            await furnish(house, doors)
        token = await doors.key(AGENCY)
        await doors.close()
        await house.close()
        await storage.bus.close()  # or its consumers would take what a row wants to count
        yield Distributed(settings=settings, token=token)
    finally:
        await storage.bus.remove()  # opens a connection of its own once more
        await storage.close()
        await drop_schemas(settings, settings.namespace)


def _assembled(storage: Storage, settings: Settings, clock: Clock) -> House:
    return assemble(
        storage,
        settings=settings,
        clock=clock,
        agreements=load_agreements(None),
        mail=SmtpSender("127.0.0.1", 25, "no-reply@daybreak.example"),
        webhooks=AiohttpWebhookSender(allow_private=True),
    )


class QueueDepth:
    """How many messages wait in one queue of the broker?"""

    def __init__(self, connection: aio_pika.abc.AbstractConnection, queue: str) -> None:
        self._connection = connection
        self._queue = queue

    async def count(self) -> int:
        async with self._connection.channel() as channel:
            raw = await channel.get_underlay_channel()
            return (await raw.queue_declare(self._queue, passive=True)).message_count or 0

    async def empty(self) -> None:
        async with self._connection.channel() as channel:
            raw = await channel.get_underlay_channel()
            await raw.queue_purge(self._queue)
