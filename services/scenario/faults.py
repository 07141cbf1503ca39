"""What goes wrong in a story? Switches in front of the real ports, thrown by the story."""

from collections.abc import Sequence
from typing import Any

import httpx

from services.chassis.bus import BusUnavailable, DeadLetter, Handler, Message, Together
from services.chassis.store import (
    Append,
    Context,
    EventStore,
    NewEvent,
    Recorded,
    Row,
    StoreUnavailable,
)
from services.chassis.workers import Worker


class Switch:
    """Up until the story says down."""

    def __init__(self) -> None:
        self.down = False


class SwitchedStore:
    """An event store that cannot be reached while its switch is down."""

    def __init__(self, store: EventStore, switch: Switch) -> None:
        self._store = store
        self._switch = switch

    def _reach(self) -> EventStore:
        if self._switch.down:
            raise StoreUnavailable("the story has taken the store down")
        return self._store

    async def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int, context: Context
    ) -> int:
        return await self._reach().append(stream, events, expected=expected, context=context)

    async def append_each(self, appends: Sequence[Append]) -> list[int | Exception]:
        return await self._reach().append_each(appends)

    async def read_stream(self, stream: str) -> list[Recorded]:
        return await self._reach().read_stream(stream)

    async def read_all(self, after: int, limit: int = 500) -> list[Recorded]:
        return await self._reach().read_all(after, limit)

    async def rows(self, after: int, limit: int = 500) -> list[Row]:
        return await self._reach().rows(after, limit)

    async def head(self) -> int:
        return await self._reach().head()

    async def wait(self, after: int, timeout: float) -> None:
        await self._reach().wait(after, timeout)

    async def destroy_key(self, subject: str) -> bool:
        return await self._reach().destroy_key(subject)

    async def close(self) -> None:
        await self._store.close()


class SwitchedBus:
    """A bus that confirms nothing and hands out nothing while its switch is down."""

    def __init__(self, bus: Any, switch: Switch) -> None:
        self._bus: Any = bus
        self._switch = switch

    @property
    def inner(self) -> Any:
        return self._bus

    async def publish(self, messages: Sequence[Message]) -> None:
        if self._switch.down:
            raise BusUnavailable("the story has taken the bus down")
        await self._bus.publish(messages)

    async def publish_as(self, user_id: str | None, routing_key: str, body: bytes) -> None:
        if self._switch.down:
            raise BusUnavailable("the story has taken the bus down")
        await self._bus.publish_as(user_id, routing_key, body)

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
        self._bus.subscribe(group, exchange, types, handler, ordered=ordered, together=together)

    async def declare(self) -> None:
        await self._bus.declare()

    async def run_once(self) -> int:
        return 0 if self._switch.down else int(await self._bus.run_once())

    def workers(self) -> Sequence[Worker]:
        return list(self._bus.workers())

    async def dead_letters(self, group: str) -> list[DeadLetter]:
        return list(await self._bus.dead_letters(group))

    async def redrive(self, group: str) -> int:
        return int(await self._bus.redrive(group))

    async def close(self) -> None:
        await self._bus.close()


class SwitchedTransport(httpx.AsyncBaseTransport):
    """Requests to a service that does not answer while its switch is down."""

    def __init__(self, transport: httpx.AsyncBaseTransport, switch: Switch) -> None:
        self._transport = transport
        self._switch = switch

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._switch.down:
            raise httpx.ConnectError("the story has taken the service down", request=request)
        return await self._transport.handle_async_request(request)
