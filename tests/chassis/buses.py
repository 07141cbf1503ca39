"""The two buses, opened for a test: what the conformance tests need besides the port."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from services.chassis.bus import Bus, Handler, Message
from services.chassis.clock import ManualClock
from services.chassis.errors import Unavailable

KEY = bytes(range(32))
CLOCK = ManualClock(datetime(2026, 1, 5, 8, 0, tzinfo=UTC))

_numbers: Iterator[int] = count(1)


def message(
    number: int | None = None, *, exchange: str = "events", type: str = "thing.happened"
) -> Message:
    number = next(_numbers) if number is None else number
    return Message(
        id=uuid4(), exchange=exchange, type=type, body={"number": number}, correlation_id=uuid4()
    )


def numbers(messages: Sequence[Message]) -> list[int]:
    return [each.body["number"] for each in messages]


class Seen:
    """A handler that keeps what it was given, and fails as it is told."""

    def __init__(self, fails: Callable[[Message, int], Exception | None] | None = None) -> None:
        self.messages: list[Message] = []
        self.tries: dict[UUID, int] = {}
        self._fails = fails
        self._news = asyncio.Event()

    async def __call__(self, given: Message) -> None:
        self.tries[given.id] = self.tries.get(given.id, 0) + 1
        fault = self._fails(given, self.tries[given.id]) if self._fails else None
        if fault:
            raise fault
        self.messages.append(given)
        self._news.set()

    async def until(self, enough: Callable[["Seen"], bool], seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while not enough(self):
                self._news.clear()
                await self._news.wait()


class Poison(Exception):
    """What a handler raises that will never take a message."""


class Away(Unavailable):
    """What a handler raises while something that it needs does not answer."""


def subscribe(
    bus: Bus, group: str, handler: Handler, *, exchange: str = "events", ordered: bool = False
) -> None:
    bus.subscribe(group, exchange, frozenset({"#"}), handler, ordered=ordered)


Opened = Callable[[], Awaitable[Any]]
