"""Who takes the webhooks? One lean process: it answers 204, counts, and checks some signatures.

The same for product and baseline. `GET /-/counts` and `POST /-/reset` are for the bench itself.
"""

import asyncio
import json
import os
import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import uvloop

from bench.row import CannotMeasure
from services.chassis.standard_webhooks import SignatureRefused, verify
from tests.servers.machine import free_port

RAW = "/raw"  # where baselines send to
_KEPT = b"HTTP/1.1 204 No Content\r\n\r\n"
_CLOSED = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
_PATIENCE = 30.0
_TOLERANCE = timedelta(hours=12)  # a row's clock may stand still for as long as the row takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`secrets` by path. `every`: of so many webhooks to one path one is verified. `ahead`: by how
    many seconds the senders' clock is before this machine's. `hosts` are addresses of loopback,
    each an host of its own to a sender that bounds what it sends to one."""

    port: int
    secrets: Mapping[str, str] = field(repr=False)
    hosts: int = 64
    every: int = 20
    ahead: float = 0.0
    certificate: str = ""
    key: str = ""
    close: bool = False  # after each answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`delivered` counts each id once; `received` what was sent again as well."""

    received: int
    delivered: int
    verified: int
    wrong: int


def host(number: int, hosts: int = 64) -> str:
    """One of the addresses on which the receiver listens."""
    return f"127.0.0.{number % hosts + 1}"


class Receiver:
    """How the bench asks the process."""

    def __init__(self, desk: Desk, http: aiohttp.ClientSession) -> None:
        self.desk = desk
        self._http = http
        self._base = f"{'https' if desk.certificate else 'http'}://127.0.0.1:{desk.port}"

    def raw_url(self, number: int) -> str:
        return self._base.replace("127.0.0.1", host(number, self.desk.hosts)) + RAW

    async def counts(self) -> Counts:
        """Raises CannotMeasure when a signature was wrong."""
        async with self._http.get(f"{self._base}/-/counts", ssl=False) as answer:
            counts = Counts(**json.loads(await answer.read()))
        if counts.wrong or (counts.received >= 10 * self.desk.every and not counts.verified):
            raise CannotMeasure(f"signatures: {counts.verified} right, {counts.wrong} wrong")
        return counts

    async def reset(self) -> None:
        async with self._http.post(f"{self._base}/-/reset", ssl=False):
            pass

    async def arrived(self, wanted: int, *, within: float = 60.0) -> int:
        """How many different webhooks there are, once there are `wanted` or the time is over."""
        until = asyncio.get_running_loop().time() + within
        while (now := (await self.counts()).delivered) < wanted:
            if asyncio.get_running_loop().time() > until:
                break
            await asyncio.sleep(0.02)
        return now


@asynccontextmanager
async def receiving(desk: Desk) -> AsyncIterator[Receiver]:
    """The process, until the block ends. The keys go by its standard input."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.receiver"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(asdict(desk)).encode())
        process.stdin.write_eof()
        if (await process.stdout.readline()).strip() != b"listening":
            raise CannotMeasure("the receiver of webhooks does not start")
        async with aiohttp.ClientSession() as http:
            yield Receiver(desk, http)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), _PATIENCE)


def free_desk(**more: Any) -> Desk:
    """With a port that is free now, and no secrets yet: `with_secrets` adds them."""
    return Desk(port=free_port(), secrets={}, **more)


def with_secrets(desk: Desk, secrets: Mapping[str, str]) -> Desk:
    return replace(desk, secrets={**desk.secrets, **secrets})


class Tally:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ahead = timedelta(seconds=desk.ahead)
        self.reset()

    def reset(self) -> None:
        self.received = self.verified = self.wrong = 0
        self._ids: set[str] = set()

    def take(self, path: str, head: bytes, body: bytes) -> None:
        headers = _headers(head)
        self.received += 1
        self._ids.add(headers.get("webhook-id", ""))
        if self.received % self._desk.every == 1 or self._desk.every == 1:
            self._verify(path, headers, body)

    def _verify(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        now = datetime.now(UTC) + (timedelta() if path == RAW else self._ahead)
        try:
            verify(body, headers, [self._desk.secrets[path]], now=now, tolerance=_TOLERANCE)
        except (SignatureRefused, KeyError):
            self.wrong += 1
        else:
            self.verified += 1

    def counts(self) -> Counts:
        return Counts(
            received=self.received,
            delivered=len(self._ids),
            verified=self.verified,
            wrong=self.wrong,
        )


class _Connection(asyncio.Protocol):
    def __init__(self, tally: Tally, *, close: bool) -> None:
        self._tally = tally
        self._close = close
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        while self._buffer:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            length = _length(head) if found else 0
            if not found or len(rest) < length:
                return
            self._buffer = rest[length:]
            self._answer(head, rest[:length])

    def _answer(self, head: bytes, body: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        if path == "/-/counts":
            text = json.dumps(asdict(self._tally.counts())).encode()
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text
            )
            return
        if path == "/-/reset":
            self._tally.reset()
            self._transport.write(_KEPT)
            return
        self._tally.take(path, head, body)
        self._transport.write(_CLOSED if self._close else _KEPT)
        if self._close:
            self._transport.close()


def _headers(head: bytes) -> dict[str, str]:
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.decode().lower(): value.strip().decode() for name, _, value in pairs}


def _length(head: bytes) -> int:
    lowered = head.lower()
    begins = lowered.find(b"content-length:")
    if begins < 0:
        return 0
    return int(lowered[begins + len(b"content-length:") :].split(b"\r\n", 1)[0])


async def _main(desk: Desk) -> None:
    tally, context = Tally(desk), None
    if desk.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(Path(desk.certificate), Path(desk.key))
        context.num_tickets = 0  # a school whose server has never seen us: nothing to resume
    server = await asyncio.get_running_loop().create_server(
        lambda: _Connection(tally, close=desk.close),
        [host(number, desk.hosts) for number in range(desk.hosts)],
        desk.port,
        ssl=context,
        backlog=1024,
    )
    print("listening", flush=True)
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells of the end of a parent
        await asyncio.sleep(2)
    server.close()


if __name__ == "__main__":
    uvloop.run(_main(Desk(**json.loads(sys.stdin.read()))))
