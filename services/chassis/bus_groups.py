"""Which handler takes a message, and what becomes of it when the handler fails? For every adapter.

A handler that raises Unavailable keeps its message, uncounted; one that raises anything else is
given it again up to the limit; what then still fails is a dead letter with the name of the fault.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import Any, Generic, Protocol, TypeVar

import structlog

from services.chassis.bus import Handler, Message, Together
from services.chassis.bus_subscriptions import NoHandler, Subscription, Subscriptions
from services.chassis.errors import Unavailable
from services.chassis.message_encoding import Unreadable
from services.chassis.tracing import continue_trace
from services.chassis.workers import really_cancelled

DELIVERY_LIMIT = 10
AT_A_TIME = 16  # handlers of one unordered group running together

_log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """One group's copy, in hand and not yet settled. `message` is None when it cannot be read."""

    message: Message | None
    token: Any
    failures: int = 0
    refusals: int = 0
    not_before: float = 0.0
    since: float = 0.0
    reason: str = ""


class Queue(Protocol):
    """What an adapter offers for one group."""

    async def take(self, *, everything: bool) -> list[Delivery]:
        """What is in hand, oldest first; `everything`: wait until all that is queued now has come
        in, or as much as may be in hand at a time."""
        ...

    async def settle(self, done: list[Delivery], dead: list[Delivery]) -> None: ...

    async def wait(self, timeout: float) -> None: ...


Q = TypeVar("Q", bound=Queue)


class Verdict(Enum):
    DONE = "done"
    DEAD = "dead"
    KEPT = "kept"
    AGAIN = "again"


class GroupWorker:
    """Hands one group's messages to its handlers: the worker that a supervisor keeps running."""

    def __init__(self, group: str, subscriptions: list[Subscription], queue: Queue) -> None:
        self.name = f"bus.{group}"
        self._subscriptions = subscriptions
        self._ordered = any(subscription.ordered for subscription in subscriptions)
        self._queue = queue
        self._tried: set[Delivery] = set()

    async def run_once(self) -> int:
        """One round over what is in hand and not backing off; answer how much was settled."""
        batch = await self._queue.take(everything=False)
        if self._ordered:
            return await self._settle(await self._in_order(batch, _now()))
        ready = [delivery for delivery in batch if delivery.not_before <= _now()]
        settled = 0
        for start in range(0, len(ready), AT_A_TIME):
            together = ready[start : start + AT_A_TIME]
            verdicts = await asyncio.gather(*(self._hand(delivery) for delivery in together))
            settled += await self._settle(zip(together, verdicts, strict=True))
        return settled

    async def drain(self) -> int:
        """Hand out all that waits now, one after another; what is unavailable is tried once."""
        settled = 0
        while True:
            batch = await self._queue.take(everything=True)
            fresh = [delivery for delivery in batch if delivery not in self._tried]
            if not fresh or (self._ordered and batch[0] in self._tried):
                return settled
            if await self._all_at_once(fresh):
                settled += await self._settle((delivery, Verdict.DONE) for delivery in fresh)
                continue
            results: list[tuple[Delivery, Verdict]] = []
            for delivery in fresh:
                while (verdict := await self._hand(delivery)) is Verdict.AGAIN:
                    pass
                results.append((delivery, verdict))
                if verdict is Verdict.KEPT:
                    self._tried.add(delivery)
                    if self._ordered:
                        break
            settled += await self._settle(results)

    async def wait(self, timeout: float) -> None:
        await self._queue.wait(timeout)

    async def _in_order(self, batch: list[Delivery], now: float) -> list[tuple[Delivery, Verdict]]:
        """Up to the first that has to wait: nothing overtakes it."""
        ready = list(takewhile(lambda delivery: delivery.not_before <= now, batch))
        if await self._all_at_once(ready):
            return [(delivery, Verdict.DONE) for delivery in ready]
        results: list[tuple[Delivery, Verdict]] = []
        for delivery in ready:
            verdict = await self._hand(delivery)
            results.append((delivery, verdict))
            if verdict in (Verdict.KEPT, Verdict.AGAIN):
                break
        return results

    async def _all_at_once(self, ready: Sequence[Delivery]) -> bool:
        """Whether all was handled together. If not, each by itself shows what is wrong."""
        messages = [delivery.message for delivery in ready if delivery.message]
        for subscription in self._subscriptions:
            together, several = subscription.together, 1 < len(messages) == len(ready)
            if together and several and all(map(subscription.takes_message, messages)):
                try:
                    continue_trace(None)
                    await together(messages)
                    return True
                except asyncio.CancelledError:
                    if really_cancelled():
                        raise
                except Exception as fault:  # noqa: BLE001 - whatever it is, it comes again below
                    _log.warning("one_at_a_time", worker=self.name, fault=type(fault).__name__)
        return False

    async def _hand(self, delivery: Delivery) -> Verdict:
        try:
            continue_trace(delivery.message.traceparent if delivery.message else None)
            await self._handler(delivery)
            return Verdict.DONE
        except asyncio.CancelledError:
            if really_cancelled():
                raise
            return _keep(delivery)  # a connection that the handler used has gone
        except Unavailable:
            return _keep(delivery)
        except Exception as fault:  # noqa: BLE001 - whatever a handler raises counts to the limit
            return self._count(delivery, type(fault).__name__)

    async def _handler(self, delivery: Delivery) -> None:
        message = delivery.message
        if message is None:
            raise Unreadable
        for subscription in self._subscriptions:
            if subscription.takes_message(message):
                return await subscription.handler(message)
        raise NoHandler

    def _count(self, delivery: Delivery, fault: str) -> Verdict:
        delivery.failures += 1
        delivery.reason = fault
        hopeless = fault in (Unreadable.__name__, NoHandler.__name__)
        if hopeless or delivery.failures >= DELIVERY_LIMIT:
            message = delivery.message
            _log.error("dead_letter", worker=self.name, fault=fault, id=str(message and message.id))
            return Verdict.DEAD
        delivery.not_before = _now() + _pause(delivery.failures)
        return Verdict.AGAIN

    async def _settle(self, results: Iterable[tuple[Delivery, Verdict]]) -> int:
        judged = list(results)
        done = [delivery for delivery, verdict in judged if verdict is Verdict.DONE]
        dead = [delivery for delivery, verdict in judged if verdict is Verdict.DEAD]
        if done or dead:
            await self._queue.settle(done, dead)
        return len(done) + len(dead)


class GroupBus(Generic[Q]):
    """What both buses do alike: keep who subscribed, and hand out."""

    def __init__(self, queue_of: Callable[[str], Q]) -> None:
        self.subscriptions = Subscriptions()
        self.queues: dict[str, Q] = {}
        self._queue_of = queue_of

    def subscribe(
        self,
        group: str,
        exchange: str,
        types: frozenset[str],
        handler: Handler,
        *,
        ordered: bool = False,
        together: Together | None = None,
    ) -> None:
        if together and not ordered:
            raise ValueError("what is taken together is taken in order")
        one = Subscription(
            exchange=exchange, types=types, handler=handler, ordered=ordered, together=together
        )
        self.subscriptions.add(group, one)
        if group not in self.queues:
            self.queues[group] = self._queue_of(group)

    def workers(self) -> list[GroupWorker]:
        own = self.subscriptions.items()
        return [GroupWorker(group, each, self.queues[group]) for group, each in own]

    async def run_once(self) -> int:
        """Round and round the groups until none has anything left to settle."""
        workers, total = self.workers(), 0
        while settled := sum([await worker.drain() for worker in workers]):
            total += settled
        return total


def _keep(delivery: Delivery) -> Verdict:
    delivery.refusals += 1
    delivery.not_before = _now() + _pause(delivery.refusals)
    return Verdict.KEPT


def _pause(tries: int) -> float:
    return min(30.0, 0.1 * 2.0 ** min(tries, 10))


def _now() -> float:
    return asyncio.get_running_loop().time()
