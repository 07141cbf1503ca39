"""Who takes the e-mails? One lean process that speaks as much SMTP as a sender needs, and counts.

`STAT` answers how many it has taken, `ZERO` forgets them: both for the bench itself.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvloop

from bench.processes import running
from tests.servers.machine import free_port


class Sink:
    """How the bench asks the process."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def count(self) -> int:
        return int(await self._say("STAT"))

    async def reset(self) -> None:
        await self._say("ZERO")

    async def _say(self, word: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        await reader.readline()
        writer.write(f"{word}\r\n".encode())
        answer = await reader.readline()
        writer.close()
        return answer.decode().split(" ")[1].strip()


@asynccontextmanager
async def sinking(folder: Path) -> AsyncIterator[Sink]:
    port = free_port()
    log = folder / "sink.log"
    async with running(("-m", "bench.sink", str(port)), port=port, log=log):
        yield Sink(port)


class _Connection(asyncio.Protocol):
    taken = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._buffer = b""
        self._data = False
        self._say("220 mail.example")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        ending = b"\r\n.\r\n" if self._data else b"\r\n"
        while ending in self._buffer:
            said, _, self._buffer = self._buffer.partition(ending)
            if self._data:
                self._data = False
                _Connection.taken += 1
                self._say("250 taken")
            else:
                self._obey(said.decode().upper().split(" ", 1)[0].split(":", 1)[0])
            ending = b"\r\n.\r\n" if self._data else b"\r\n"

    def _obey(self, word: str) -> None:
        match word:
            case "DATA":
                self._data = True
                self._say("354 go on")
            case "QUIT":
                self._say("221 bye")
                self._transport.close()
            case "STAT":
                self._say(f"250 {_Connection.taken}")
            case "ZERO":
                _Connection.taken = 0
                self._say("250 0")
            case _:
                self._say("250 mail.example")

    def _say(self, text: str) -> None:
        self._transport.write(f"{text}\r\n".encode())


async def _main(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
