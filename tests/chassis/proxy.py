"""A wire that can be cut, or that falls silent, between a client and its server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Proxy:
    """`lose_answer_to`: the request that holds these bytes is passed on, its answer is not."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.lose_answer_to = b""
        self.silent = False

    async def cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        self._writers.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            theirs, ours = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, ours}
        lost = asyncio.Event()
        with suppress(OSError):
            await asyncio.gather(
                self._pass(reader, ours, lost, request=True),
                self._pass(theirs, writer, lost, request=False),
            )

    async def _pass(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        lost: asyncio.Event,
        *,
        request: bool,
    ) -> None:
        while data := await source.read(65536):
            if self.silent:
                continue
            if request and self.lose_answer_to and self.lose_answer_to in data:
                self.lose_answer_to = b""
                lost.set()
            elif not request and lost.is_set():
                await self.cut()  # the server has answered, so it has done what it was asked
                return
            target.write(data)
            with suppress(ConnectionError):
                await target.drain()
        target.close()

    async def close(self) -> None:
        await self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def proxied(dsn: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before the server of `dsn`, and the address that goes through it."""
    parts = urlsplit(dsn)
    proxy = Proxy(parts.hostname or "", parts.port or 5432)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield proxy, dsn.replace(f":{parts.port}/", f":{port}/")
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
