"""A wire to the broker that can be cut after so many bytes, or fall silent without a word."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from yarl import URL


class Wire:
    """`cut` ends every connection at once. After `stall` no byte passes on those that are there,
    and nothing is said; new ones work."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._stalled: list[asyncio.Event] = []
        self._open = _set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.passed = 0
        self.cut_after: int | None = None

    def stall(self) -> None:
        self._open.clear()
        self._stalled.append(self._open)
        self._open = _set()

    def resume(self) -> None:
        for each in self._stalled:
            each.set()

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passable = self._open
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink, passable))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, passable: asyncio.Event
    ) -> None:
        with suppress(OSError):
            while data := await source.read(4096):
                await passable.wait()
                self.passed += len(data)
                if self.cut_after is not None and self.passed > self.cut_after:
                    self.cut_after = None
                    self.cut()
                    break
                sink.write(data)
                await sink.drain()
        sink.close()
        with suppress(OSError):
            await sink.wait_closed()
        self._writers.discard(sink)

    async def close(self) -> None:
        self.resume()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """The wire, and the same url through it."""
    target = URL(url)
    assert target.host
    assert target.port
    wire = Wire(target.host, target.port)
    server = await asyncio.start_server(wire.accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield wire, str(target.with_host("127.0.0.1").with_port(port))
    finally:
        server.close()
        await wire.close()
        await server.wait_closed()
