"""The bus of many processes: quorum queues of RabbitMQ, published to with confirms (ADR 0005)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from aio_pika.abc import AbstractChannel
from aiormq import spec
from aiormq.abc import DeliveredMessage

from services.chassis.bus import BusUnavailable, DeadLetter, Message
from services.chassis.bus_consumer import BrokerQueue
from services.chassis.bus_groups import Delivery, GroupBus
from services.chassis.bus_link import ANSWER, Link, answered
from services.chassis.bus_parcels import (
    MARK,
    REASON,
    Parcel,
    Parcels,
    Properties,
    reason_of,
    tag_of,
)
from services.chassis.bus_topology import dead_queue, declare, definitions, remove, scoped
from services.chassis.clock import Clock
from services.chassis.message_encoding import OUTSIDE, Seal

WINDOW = 500  # publishes that wait for their confirms together


async def open_rabbit_bus(url: str, *, namespace: str, clock: Clock, key: bytes) -> "RabbitBus":
    """Connects when first used: services and broker start in any order."""
    return RabbitBus(url, namespace, Parcels(namespace, clock, Seal(key)))


class RabbitBus(GroupBus[BrokerQueue]):
    def __init__(self, url: str, namespace: str, parcels: Parcels) -> None:
        super().__init__(lambda group: BrokerQueue(self, scoped(namespace, group), self._consuming))
        self.namespace = namespace
        self._parcels = parcels
        self.read = parcels.read
        self._publishing = Link(url, f"daybreak {namespace} publishing")
        self._consuming = Link(url, f"daybreak {namespace} consuming")
        self._publisher: AbstractChannel | None = None
        self._desk: AbstractChannel | None = None
        self._turn = asyncio.Lock()

    async def publish(self, messages: Sequence[Message]) -> None:
        await self.confirm([self._parcels.pack(message) for message in messages])

    async def publish_as(
        self, user_id: str | None, routing_key: str, body: bytes, reply_to: str | None = None
    ) -> None:
        """Publish like an agency. The broker itself refuses a user who is not the one signed in
        (PermissionError), unless that one may impersonate, as only the one of the tests may."""
        properties = Properties(
            delivery_mode=2, user_id=user_id, reply_to=reply_to, message_id=str(uuid4())
        )
        exchange = scoped(self.namespace, OUTSIDE)
        await self.confirm(
            [Parcel(exchange=exchange, routing_key=routing_key, body=body, properties=properties)]
        )

    async def declare(self) -> None:
        wanted = definitions(self.subscriptions, namespace=self.namespace)
        channel = await self._consuming.channel()
        await answered(declare(channel, wanted), 6 * ANSWER)
        await answered(channel.close())

    async def remove(self) -> None:
        """Take the namespace of a test or story away again."""
        wanted = definitions(self.subscriptions, namespace=self.namespace)
        channel = await self._consuming.channel()
        await answered(remove(channel, wanted), 6 * ANSWER)

    async def dead_letters(self, group: str) -> list[DeadLetter]:
        found = await self._look(group)
        if found:
            last = found[-1]
            await answered(last.channel.basic_nack(tag_of(last), multiple=True, requeue=True))
        return [
            DeadLetter(group=group, message=message, reason=reason_of(delivered))
            for delivered in found
            if (message := self.read(delivered)) is not None
        ]

    async def redrive(self, group: str) -> int:
        queue, moved = scoped(self.namespace, group), 0
        for delivered in await self._look(group):
            message = self.read(delivered)
            if message is None:
                await answered(delivered.channel.basic_nack(tag_of(delivered), requeue=True))
                continue
            await self.confirm(
                [replace(self._parcels.pack(message), exchange="", routing_key=queue)]
            )
            await answered(delivered.channel.basic_ack(tag_of(delivered)))
            moved += 1
        return moved

    async def close(self) -> None:
        await self._consuming.close()
        await self._publishing.close()

    async def confirm(self, parcels: Sequence[Parcel]) -> None:
        """Every parcel is on the disks of a majority when this returns; many wait together."""
        async with self._turn:
            if self._publisher is None or self._publisher.is_closed:
                self._publisher = await self._publishing.channel()
            channel = self._publisher
        try:
            for start in range(0, len(parcels), WINDOW):
                window = parcels[start : start + WINDOW]
                await answered(_confirmed(channel, window), ANSWER + 1)
        except (BusUnavailable, PermissionError):
            if self._publisher is channel:
                self._publisher = None
                self._publishing.drop()
            raise

    async def mark(self, queue: str, mark: str) -> None:
        properties = Properties(delivery_mode=2, content_type=MARK, message_id=mark)
        await self.confirm([Parcel(routing_key=queue, body=mark.encode(), properties=properties)])

    async def bury(self, queue: str, dead: Sequence[Delivery]) -> None:
        """Into the queue of dead letters, with the name of the fault, before it is acknowledged."""
        parcels = []
        for delivery in dead:
            if delivery.message is not None:
                parcel = self._parcels.pack(delivery.message)
                parcel.properties.headers = {REASON: delivery.reason}
                parcels.append(replace(parcel, exchange="", routing_key=dead_queue(queue)))
        if parcels:
            await self.confirm(parcels)

    async def _look(self, group: str) -> list[DeliveredMessage]:
        """All dead letters of a group, in hand on one channel that is kept: order is kept on it."""
        if self._desk is None or self._desk.is_closed:
            self._desk = await self._consuming.channel()
        raw = await self._desk.get_underlay_channel()
        found: list[DeliveredMessage] = []
        while True:
            queue = dead_queue(scoped(self.namespace, group))
            delivered = await answered(raw.basic_get(queue, timeout=ANSWER))
            if isinstance(delivered.delivery, spec.Basic.GetEmpty):
                return found
            found.append(delivered)


async def _confirmed(channel: AbstractChannel, parcels: Sequence[Parcel]) -> None:
    raw = await channel.get_underlay_channel()
    sends = [
        raw.basic_publish(
            parcel.body,
            exchange=parcel.exchange,
            routing_key=parcel.routing_key,
            properties=parcel.properties,
            mandatory=parcel.mandatory,
            timeout=ANSWER,
        )
        for parcel in parcels
    ]
    for result in await asyncio.gather(*sends, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
        if not isinstance(result, spec.Basic.Ack):
            raise BusUnavailable("NotConfirmed")
