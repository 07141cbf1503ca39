"""Who sends the load? One lean process: so many connections, each waiting for its answer.

The same for product and baseline. It stops sending after `seconds` and then waits for what is
under way, so that what it counts as accepted can be compared with what was stored.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import uvloop

from bench.payload import incident

_MARK = uuid4()
_PATIENCE = 30.0  # seconds for what is under way at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    port: int
    path: str
    seconds: float
    connections: int = 64
    batch: int = 0  # events in one request; 0: one, on its own
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`requests` were answered in `seconds`; `accepted` are the events that were answered 202, or
    given a receipt; the delays are in milliseconds."""

    requests: int
    accepted: int
    refused: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.accepted / self.seconds


async def send(job: Job) -> Told:
    """In a process of its own. The key goes by its standard input, where nobody else can look."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.load"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(json.dumps(asdict(job)).encode())
    return Told(**json.loads(out))


class _Connection(asyncio.Protocol):
    def __init__(self, tally: "_Tally", requests: Iterator[bytes]) -> None:
        self._tally = tally
        self._requests = requests
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._tally.open += 1
        self._next()

    def connection_lost(self, _: Exception | None) -> None:
        self._tally.closed()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if found and len(rest) >= _length(head):
            self._buffer = b""
            self._tally.answered(head[9:12], rest, time.perf_counter() - self._sent)
            self._next()

    def _next(self) -> None:
        self._sent = time.perf_counter()
        if self._sent < self._tally.until:
            self._transport.write(next(self._requests))
        else:
            self._transport.close()


def _length(head: bytes) -> int:
    lowered = head.lower()
    begins = lowered.index(b"content-length:") + len(b"content-length:")
    return int(lowered[begins:].split(b"\r\n", 1)[0])


class _Tally:
    def __init__(self, job: Job) -> None:
        self._batch = job.batch
        self.until = time.perf_counter() + job.seconds
        self.open = 0
        self.all_closed = asyncio.Event()
        self.accepted = self.refused = 0
        self.delays: list[float] = []

    def answered(self, status: bytes, body: bytes, delay: float) -> None:
        self.delays.append(delay)
        if self._batch:
            accepted = body.count(b'"receipt"')
            self.accepted += accepted
            self.refused += self._batch - accepted
        elif status == b"202":
            self.accepted += 1
        else:
            self.refused += 1

    def closed(self) -> None:
        self.open -= 1
        if not self.open:
            self.all_closed.set()


def _requests(job: Job) -> Iterator[bytes]:
    """Cut once: between the parts stand the names, which differ in every event ever sent."""
    event = json.dumps(incident(_MARK))
    many = job.batch or 1
    body = f"[{', '.join([event] * many)}]" if job.batch else event
    kind = "application/cloudevents-batch+json" if job.batch else "application/cloudevents+json"
    head = (
        f"POST {job.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {job.token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    mark = str(_MARK).encode()
    parts = (head + body).encode().split(mark)
    run = uuid4().hex[:20].encode()
    numbers = count()
    in_one = (len(parts) - 1) // many
    while True:
        names = [b"%b-%015d" % (run, next(numbers)) for _ in range(many)]
        filled = [name for name in names for _ in range(in_one)]
        yield b"".join(piece for pair in zip(parts, [*filled, b""], strict=True) for piece in pair)


async def _main(job: Job) -> Told:
    tally, requests = _Tally(job), _requests(job)
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    for _ in range(job.connections):
        await loop.create_connection(lambda: _Connection(tally, requests), "127.0.0.1", job.port)
    async with asyncio.timeout(job.seconds + _PATIENCE):
        await tally.all_closed.wait()
    seconds = time.perf_counter() - began
    delays = sorted(tally.delays)
    return Told(
        requests=len(delays),
        accepted=tally.accepted,
        refused=tally.refused,
        seconds=seconds,
        p50_ms=_at(delays, 0.50),
        p99_ms=_at(delays, 0.99),
    )


def _at(delays: list[float], part: float) -> float:
    return round(delays[min(int(len(delays) * part), len(delays) - 1)] * 1000, 2) if delays else 0.0


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(_main(Job(**json.loads(sys.stdin.read())))))))
