"""How does this process hold on to the broker? A connection dropped at the first doubt, a guard.

Plain connections, opened anew by us: the library's self-repairing ones hold their channels weakly
and lose consumers silently (ADR 0005).
"""

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import TypeVar

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import (
    AMQPError,
    ChannelAccessRefused,
    ChannelPreconditionFailed,
    PublishError,
)
from yarl import URL

from services.chassis.bus import BusUnavailable, Unroutable
from services.chassis.workers import really_cancelled

ANSWER = 5.0  # seconds; a broker short of memory or disk does not answer a publisher at all
HEARTBEAT = 15

T = TypeVar("T")


async def answered(call: Awaitable[T], within: float = ANSWER) -> T:
    """The broker's answer in time, else BusUnavailable; also when the loss of the connection shows
    itself as a cancellation, which ends a caller's loop without a word."""
    try:
        async with asyncio.timeout(within):
            return await call
    except asyncio.CancelledError:
        if really_cancelled():
            raise
        raise BusUnavailable("ConnectionLost") from None
    except (ChannelAccessRefused, ChannelPreconditionFailed) as no:
        raise PermissionError(type(no).__name__) from None
    except PublishError:
        raise Unroutable("returned by the broker") from None
    except (AMQPError, OSError, RuntimeError) as fault:
        raise BusUnavailable(type(fault).__name__) from None


class Link:
    """One named connection. Publishing and consuming have one each: back-pressure on what we
    publish must not hold up what we acknowledge."""

    def __init__(self, url: str, name: str) -> None:
        self._url = URL(url).update_query(heartbeat=HEARTBEAT)
        self._name = name
        self._connection: AbstractConnection | None = None
        self._turn = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def channel(self) -> AbstractChannel:
        """A new channel that confirms what is published and raises what is returned."""
        async with self._turn:
            if self._connection is None or self._connection.is_closed:
                self.drop()
                self._connection = await answered(
                    aio_pika.connect(
                        self._url, timeout=ANSWER, client_properties={"connection_name": self._name}
                    ),
                    ANSWER + 1,
                )
            return await self._open(self._connection)

    async def _open(self, connection: AbstractConnection) -> AbstractChannel:
        try:
            channel = connection.channel(publisher_confirms=True, on_return_raises=True)
            await answered(channel.initialize())
            return channel
        except (BusUnavailable, RuntimeError):
            self.drop()
            raise BusUnavailable("ConnectionLost") from None

    def drop(self) -> None:
        """Forget the connection now; it is closed behind our back, however long that takes."""
        connection, self._connection = self._connection, None
        if connection is not None:
            task = asyncio.create_task(_close(connection))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        self.drop()
        if self._closing:
            await asyncio.wait(self._closing)


async def _close(connection: AbstractConnection) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(ANSWER):
            await connection.close()
