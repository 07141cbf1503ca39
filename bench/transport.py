"""What do the product's own parts make of one event: from the log to a webhook that is recorded?

Append, relay, bus, consumer, signed POST, record: the chassis as the services use it, each person's
data sealed and every event in the hash chain. No decision lies in between.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson

from bench import percentiles
from bench.logs_and_buses import Opened
from bench.payload import incident
from bench.raw import SECRET, SECRETS, WINDOW
from bench.receiver import Receiver, free_desk, receiving, with_secrets
from bench.row import Place, Sample
from services.chassis.bus import Bus, Message
from services.chassis.codec import EventCodec
from services.chassis.database import Database
from services.chassis.outbound import AiohttpWebhookSender, Delivered
from services.chassis.relay import Relay
from services.chassis.sealing import Sealed
from services.chassis.standard_webhooks import sign
from services.chassis.store import AlreadyRecorded, Context, EventStore, NewEvent, Recorded
from services.chassis.workers import Supervisor

Logs = Callable[[Place, EventCodec], AbstractAsyncContextManager[Opened]]
Buses = Callable[[Place], AbstractAsyncContextManager[Bus]]
GROUP, EXCHANGE, TYPE = "bench", "events", "event.accepted"
APPENDERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What is to be told."""

    reference: UUID
    content: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivered:
    """What was told."""

    reference: UUID
    status: int
    at: datetime


CODEC = EventCodec(Happened, WebhookDelivered)


class Transport:
    """`log` is the teller's, `records` the log of who delivers, as between two services."""

    def __init__(
        self, log: EventStore, records: EventStore, database: Database, bus: Bus, receiver: Receiver
    ) -> None:
        self._log = log
        self._records = records
        self.receiver = receiver
        self.sender = AiohttpWebhookSender(allow_private=True)
        self._window = asyncio.Semaphore(WINDOW)
        self._began: dict[UUID, float] = {}
        self.delays: list[float] = []
        self.accepted = 0
        self._all_recorded = asyncio.Event()
        kinds = frozenset({TYPE})
        bus.subscribe(
            GROUP, EXCHANGE, kinds, self._deliver, ordered=True, together=self._deliver_all
        )
        self.relay = Relay(log, bus, database, told, "bench")

    async def run(self, seconds: float) -> Sample:
        """As fast as it goes, with a bounded number under way."""
        heads = await self._start()
        began = time.perf_counter()

        async def append() -> None:
            while time.perf_counter() - began < seconds:
                await self._window.acquire()
                await self.append()

        await asyncio.gather(*(append() for _ in range(APPENDERS)))
        return await self._sample(began, heads)

    async def at_a_rate(self, rate: float, seconds: float) -> Sample:
        """So many a second, whether or not the ones before have arrived. `value`: p50 in ms."""
        heads = await self._start()
        began = time.perf_counter()
        appends = []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.perf_counter())
            appends.append(asyncio.create_task(self.append()))
        await asyncio.gather(*appends)
        sample = await self._sample(began, heads)
        also = {"p99 ms": percentiles.at(self.delays, 0.99), "events/s": sample.value}
        return Sample(value=percentiles.at(self.delays, 0.5), counts=sample.counts, also=also)

    async def append(self) -> None:
        name = uuid4()
        happened = Happened(reference=name, content=Sealed(str(name), incident(name)))
        self._began[name] = time.perf_counter()
        await self._log.append(
            f"happened-{name}",
            [NewEvent(event_id=name, event=happened)],
            expected=0,
            context=Context(correlation_id=name, actor="bench"),
        )
        self.accepted += 1
        self._look()

    async def _start(self) -> tuple[int, int]:
        await self.receiver.reset()
        self.accepted = 0
        self.delays.clear()
        self._all_recorded.clear()
        return await self._log.head(), await self._records.head()

    async def _sample(self, began: float, heads: tuple[int, int]) -> Sample:
        await self.receiver.arrived(self.accepted)
        async with asyncio.timeout(60):
            await self._all_recorded.wait()
        took = time.perf_counter() - began
        counts = {
            "accepted": self.accepted,
            "stored": await self._log.head() - heads[0],
            "delivered": (await self.receiver.counts()).delivered,
            "recorded": await self._records.head() - heads[1],
        }
        also = percentiles.shown(self.delays)
        return Sample(value=self.accepted / took, counts=counts, also=also)

    async def _deliver_all(self, messages: Sequence[Message]) -> None:
        """All that the bus has put into our hands, side by side; their records share commits."""
        await asyncio.gather(*(self._deliver(message) for message in messages))

    async def _deliver(self, message: Message) -> None:
        content = orjson.dumps(message.body)
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            **sign(str(message.id), now, content, [SECRET]),
        }
        url = self.receiver.raw_url(message.id.int)
        answer = await self.sender.send(url, headers=headers, body=content)
        if not isinstance(answer, Delivered):
            raise RuntimeError("the receiver took it not")
        record = WebhookDelivered(reference=message.id, status=answer.status, at=now)
        try:
            await self._records.append(
                f"delivery-{message.id}",
                [NewEvent(event_id=uuid5(message.id, "delivered"), event=record)],
                expected=0,
                context=Context(correlation_id=message.correlation_id, causation_id=message.id),
            )
        except AlreadyRecorded:
            return  # a second copy
        self.delays.append(time.perf_counter() - self._began.pop(message.id))
        self._window.release()
        self._look()

    def _look(self) -> None:
        if len(self.delays) == self.accepted:
            self._all_recorded.set()
        else:
            self._all_recorded.clear()


def told(recorded: Recorded) -> Sequence[Message]:
    event: Any = recorded.event
    return [
        Message(
            id=event.reference,
            exchange=EXCHANGE,
            type=TYPE,
            body=event.content.value,
            correlation_id=recorded.context.correlation_id,
        )
    ]


@asynccontextmanager
async def transport(
    place: Place, logs: Logs, buses: Buses, **desk: int
) -> AsyncIterator[Transport]:
    """Two logs, a bus and a receiver with the product between them, until the block ends."""
    async with (
        receiving(with_secrets(free_desk(**desk), SECRETS)) as receiver,
        logs(place, CODEC) as teller,
        logs(place, CODEC) as deliverer,
        buses(place) as bus,
        _running(teller.store, deliverer.store, teller.database, bus, receiver) as built,
    ):
        yield built


@asynccontextmanager
async def _running(
    log: EventStore, records: EventStore, database: Database, bus: Bus, receiver: Receiver
) -> AsyncIterator[Transport]:
    """Under the product's own supervisor."""
    built = Transport(log, records, database, bus, receiver)
    await bus.declare()
    supervisor = Supervisor((built.relay, *bus.workers()))
    await supervisor.start()
    try:
        yield built
    finally:
        await supervisor.stop()
        await built.sender.close()
