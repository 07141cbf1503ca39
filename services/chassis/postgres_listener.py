"""Did another process append? A connection that listens, and comes back when it is lost.

A notice is a hint and may get lost with its connection: whoever waits also polls.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg

_KEEP_ALIVE = 10.0
_PAUSE = 1.0


class Listener:
    def __init__(
        self,
        connect: Callable[[], Awaitable["asyncpg.Connection[Any]"]],
        channel: str,
        wake: Callable[[], None],
    ) -> None:
        self._connect = connect
        self._channel = channel
        self._wake = wake
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._listen()
            await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        db = await self._connect()
        try:
            await db.add_listener(self._channel, lambda *_: self._wake())
            self._wake()  # what was appended while nobody listened
            while not db.is_closed():
                await asyncio.sleep(_KEEP_ALIVE)
                await db.execute("SELECT 1")
        finally:
            db.terminate()
