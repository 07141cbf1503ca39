"""What has the broker put into this process's hands for one group, and is it still listening?"""

import asyncio
from collections.abc import Sequence
from typing import Protocol
from uuid import uuid4

from aio_pika.abc import AbstractChannel
from aiormq import spec
from aiormq.abc import AbstractChannel as RawChannel
from aiormq.abc import DeliveredMessage

from services.chassis.bus import BusUnavailable, Message
from services.chassis.bus_groups import Delivery
from services.chassis.bus_link import ANSWER, Link, answered
from services.chassis.bus_parcels import MARK
from services.chassis.workers import heard

IN_HAND = 100
HOLD = 20 * 60.0  # the broker closes the channel of who has held a message for 30 minutes
WATCH = 10.0
RENEW = 60.0  # a consumer that has heard nothing for so long begins anew, whatever the broker says


class Post(Protocol):
    """What a consumer needs of its bus."""

    def read(self, delivered: DeliveredMessage) -> Message | None: ...

    async def bury(self, queue: str, dead: Sequence[Delivery]) -> None: ...

    async def mark(self, queue: str, mark: str) -> None: ...


class BrokerQueue:
    """A consumer that only collects. Handlers run in tasks of ours, so that a lost connection
    cancels nobody; what was in hand then comes again, and acknowledging it late is no fault."""

    def __init__(self, post: Post, name: str, link: Link) -> None:
        self._post = post
        self._name = name
        self._link = link
        self._channel: AbstractChannel | None = None
        self.raw: RawChannel | None = None
        self._in_hand: dict[int, Delivery] = {}
        self._news = asyncio.Event()
        self._marks: set[str] = set()
        self._watched = self._heard = 0.0

    async def take(self, *, everything: bool) -> list[Delivery]:
        self._news.clear()
        try:
            await self._listen()
            if everything and len(self._in_hand) < IN_HAND:
                await answered(self._reach_mark(), 3 * ANSWER)
        except BusUnavailable:
            await self._let_go()
            raise
        return list(self._in_hand.values())

    async def settle(self, done: list[Delivery], dead: list[Delivery]) -> None:
        await self._post.bury(self._name, dead)
        try:
            await answered(self._acknowledge(done, dead))
        except BusUnavailable:
            await self._let_go()
            raise

    async def wait(self, timeout: float) -> None:
        await heard(self._news, timeout)

    async def _listen(self) -> None:
        """Be a consumer, and know it: a queue that is made anew, or a leader that moves, can end
        one without a word, or lose on the way what the broker counts as delivered."""
        now = _now()
        too_long = any(now - delivery.since > HOLD for delivery in self._in_hand.values())
        silent = not self._in_hand and now - self._heard > RENEW
        if self.raw is None or self.raw.is_closed or too_long or silent:
            await self._let_go()
            await self._consume()
            self._heard = self._watched = now
        elif now - self._watched > WATCH:
            state = await answered(self.raw.queue_declare(self._name, passive=True))
            if not state.consumer_count:
                raise BusUnavailable("ConsumerLost")
            self._watched = now

    async def _consume(self) -> None:
        self._channel = await self._link.channel()
        self.raw = raw = await self._channel.get_underlay_channel()

        async def collect(delivered: DeliveredMessage) -> None:
            if self.raw is raw and delivered.delivery_tag is not None:
                await self._collect(raw, delivered.delivery_tag, delivered)

        def cancelled(_: spec.Basic.Cancel) -> None:
            if self.raw is raw:
                self.raw = None

        raw.on_consumer_cancel_callbacks.add(cancelled)
        await answered(raw.basic_qos(prefetch_count=IN_HAND))
        await answered(raw.basic_consume(self._name, collect))

    async def _collect(self, raw: RawChannel, tag: int, delivered: DeliveredMessage) -> None:
        if delivered.exchange == "" and delivered.header.properties.content_type == MARK:
            self._marks.add(delivered.body.decode())
            await raw.basic_ack(tag, wait=False)
        else:
            self._heard = _now()
            message = self._post.read(delivered)
            self._in_hand[tag] = Delivery(message=message, token=tag, since=self._heard)
        self._news.set()

    async def _reach_mark(self) -> None:
        """Until a mark that is put behind everything has come in, or the hands are full."""
        mark = str(uuid4())
        self._marks.clear()
        await self._post.mark(self._name, mark)
        while mark not in self._marks and len(self._in_hand) < IN_HAND:
            self._news.clear()
            await self._news.wait()

    async def _acknowledge(self, done: list[Delivery], dead: list[Delivery]) -> None:
        if self.raw is None:
            raise BusUnavailable("ConsumerLost")
        for delivery in (*done, *dead):
            if delivery.message is None:
                await self.raw.basic_reject(delivery.token, requeue=False)  # the broker buries it
            else:
                await self.raw.basic_ack(delivery.token, wait=False)
            self._in_hand.pop(delivery.token, None)

    async def _let_go(self) -> None:
        """What was in hand goes back to the queue, near its head, and comes again."""
        channel, self._channel, self.raw = self._channel, None, None
        self._in_hand.clear()
        if channel is not None and not channel.is_closed:
            try:
                await answered(channel.close(), 1)
            except BusUnavailable:
                self._link.drop()


def _now() -> float:
    return asyncio.get_running_loop().time()
