"""Does the load generator send what it says, and is what it counted what was answered?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from bench.load import Job, send
from bench.payload import AGENCY, incident
from contracts.envelope import parse


class Server:
    """Answers what it is told to answer, and keeps what it was sent."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = answers
        self.heads: list[bytes] = []
        self.bodies: list[Any] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            self.heads.append(head)
            self.bodies.append(json.loads(await reader.readexactly(length)))
            status, body = self.answers[len(self.bodies) % len(self.answers)]
            said = json.dumps(body).encode()
            # In two parts, as a network may deliver it.
            writer.write(b"HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n" % (status, len(said)))
            await writer.drain()
            writer.write(said)
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]


async def test_every_event_is_sound_and_no_two_are_the_same() -> None:
    server = Server((202, {}))
    async with server.listening() as port:
        told = await send(Job(port=port, path="/x", seconds=0.3, connections=3, token="secret"))
    assert told.accepted == told.requests == len(server.bodies) > 3
    assert told.refused == 0
    assert len({parse(body).id for body in server.bodies}) == len(server.bodies)
    assert {parse(body).agency for body in server.bodies} == {AGENCY}
    assert all(b"Authorization: Bearer secret\r\n" in head for head in server.heads)
    assert server.heads[0].startswith(b"POST /x HTTP/1.1\r\n")
    assert told.per_second > 0
    assert told.p99_ms >= told.p50_ms > 0


async def test_what_is_refused_is_not_counted_as_accepted() -> None:
    server = Server((202, {}), (503, {}))
    async with server.listening() as port:
        told = await send(Job(port=port, path="/x", seconds=0.2, connections=1))
    assert told.accepted + told.refused == len(server.bodies)
    assert abs(told.accepted - told.refused) <= 1


async def test_of_a_batch_every_event_that_has_a_receipt_counts() -> None:
    server = Server((200, {"accepted": [{"receipt": "1"}, {"receipt": "2"}], "rejected": [{}]}))
    async with server.listening() as port:
        told = await send(Job(port=port, path="/x", seconds=0.2, connections=1, batch=3))
    assert {len(body) for body in server.bodies} == {3}
    assert (told.accepted, told.refused) == (2 * told.requests, told.requests)
    names = [parse(event).id for body in server.bodies for event in body]
    assert len(set(names)) == len(names)


def test_the_payload_is_of_the_size_that_is_said() -> None:
    assert 1_400 < len(json.dumps(incident(uuid4()))) < 1_600
