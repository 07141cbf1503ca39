"""Who else must hear of it? The port of the message bus and the message itself."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.chassis.errors import Unavailable
from services.chassis.workers import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `id` is the id of the event it tells of, so a second copy is recognised.

    `type` is the routing key. `body` is JSON. `user_id` is set only by the broker's own check of
    who published (exchange `agencies`).
    """

    id: UUID
    exchange: str
    type: str
    body: dict[str, Any]
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str = ""
    sent_at: datetime | None = None
    user_id: str | None = None
    reply_to: str | None = None


Handler = Callable[[Message], Awaitable[None]]
Together = Callable[[Sequence[Message]], Awaitable[None]]


class BusUnavailable(Unavailable):
    """The bus did not confirm. The message may or may not be stored: publish it again, same id."""


class Unroutable(BusUnavailable):
    """No group takes it: the topology of this deployment is not complete. Kept, like any fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    group: str
    message: Message
    reason: str


class Bus(Protocol):
    """At least once, one copy for each group; a poison message ends in the dead letters."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when every message is confirmed durable. Raises BusUnavailable.

        On the nameless exchange a message answers an outside publisher: `type` is the name of that
        publisher's queue, the body goes as plain JSON, and nobody minds when the queue has gone.
        """
        ...

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
        """Before start. `types` are routing keys, `#` for all. `ordered`: one at a time, in order.
        A group that subscribes again takes more, into the same queue.

        An ordered group may take what waits `together`, oldest first: it returns when all of it is
        handled, and keeps what order matters. When it raises, `handler` is given one at a time
        again, also what was handled already.

        The handler returns: acknowledged. It raises Unavailable: kept and tried again for as long
        as it takes. It raises anything else: redelivered up to the limit, then dead-lettered.
        """
        ...

    async def declare(self) -> None:
        """Make what the subscribed groups need, where it is missing: a step of deployment."""
        ...

    async def run_once(self) -> int:
        """Hand what waits now to the handlers, one after another; answer how many were settled.

        For stories and tests, in one process; what is kept as unavailable does not count.
        """
        ...

    def workers(self) -> Sequence[Worker]:
        """One worker for each group, for the supervisor."""
        ...

    async def dead_letters(self, group: str) -> list[DeadLetter]: ...

    async def redrive(self, group: str) -> int:
        """Put the dead letters of a group back into its queue; answer how many."""
        ...

    async def close(self) -> None: ...
