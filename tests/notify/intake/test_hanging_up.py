"""What is left when the sender goes away in the middle? Over a real socket and a real server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from services.notify.domain.intake import EventOffered
from tests.notify.front_house import Front
from tests.notify.intake.offers import PATH, STRUCTURED, event, offer


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", lifespan="off", access_log=False)
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await serving


class Held:
    """A bus that says when it is asked to publish, and publishes when it is let."""

    def __init__(self, bus: Any) -> None:
        self._publish = bus.publish
        self.asked, self.let, self.done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def publish(self, messages: Any) -> None:
        self.asked.set()
        await self.let.wait()
        await self._publish(messages)
        self.done.set()


def request(token: str, body: bytes, *, length: int) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: notify\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {STRUCTURED}\r\nContent-Length: {length}\r\n\r\n"
    )
    return head.encode() + body


async def test_an_event_that_was_read_is_finished_for_a_sender_that_does_not_wait(
    embedded_front: Front,
) -> None:
    front = embedded_front
    token = await front.key("north-police")
    body = json.dumps(event()).encode()
    held = Held(front.bus)
    front.bus.publish = held.publish
    async with served(front.app) as port, asyncio.timeout(20):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(token, body, length=len(body)))
        await held.asked.wait()
        writer.transport.abort()
        held.let.set()
        await held.done.wait()
    await front.bus.run_once()
    assert len(front.published) == len(await front.logged(EventOffered)) == 1


async def test_half_an_event_leaves_nothing(embedded_front: Front) -> None:
    front = embedded_front
    token = await front.key("north-police")
    body = json.dumps(event()).encode()
    async with served(front.app) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(token, body[:50], length=len(body)))
        await writer.drain()
        writer.transport.abort()
        async with front.client(token) as client:  # the door is open for the next one
            assert (await offer(client, event("n-2"))).status_code == 202
    await front.bus.run_once()
    assert [one.event for one in await front.logged(EventOffered)] == ["n-2"]
