"""Rows 8: seven in the morning. Every school is due at once; how long until all have been told?

From the moment on the clock to the last attempt in the log, workers under the product's supervisor.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from unittest import mock

import aiosmtplib

from bench import raw
from bench.area import Town
from bench.certificate import certificate
from bench.mornings import (
    MORNING,
    InFiles,
    InServers,
    Keeper,
    Mornings,
    Opened,
    Tail,
    at_work,
    settings,
)
from bench.receiver import Desk, Receiver, free_desk, receiving
from bench.row import Pair, Place, Prepare, Row, Sample
from bench.sink import Sink, sinking
from services.chassis.settings import Settings

SCHOOLS = 2000
FEWER = 500
_LONG = 300.0
_BASELINE = "raw signed aiohttp POST, c=128, as many"

Keepers = Callable[[Place, Settings], Keeper]


def _webhooks(keepers: Keepers, schools: int = SCHOOLS) -> Prepare:
    @asynccontextmanager
    async def prepared(place: Place) -> AsyncIterator[Pair]:
        desk = replace(free_desk(hosts=128), secrets=raw.SECRETS, ahead=_ahead())
        async with _running(place, keepers, desk, schools) as pair:
            yield pair

    return prepared


@asynccontextmanager
async def _handshakes(place: Place) -> AsyncIterator[Pair]:
    """Nobody's connection is kept: each school is another server."""
    shown, key = certificate(place.folder, hosts=128)
    desk = replace(
        free_desk(hosts=128),
        secrets=raw.SECRETS,
        ahead=_ahead(),
        certificate=str(shown),
        key=str(key),
        close=True,
    )
    with mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(shown)}):
        async with _running(place, InFiles, desk, FEWER) as pair:
            yield pair


@asynccontextmanager
async def _running(place: Place, keepers: Keepers, desk: Desk, schools: int) -> AsyncIterator[Pair]:
    known = settings()
    async with AsyncExitStack() as stack:
        mornings = Mornings(await _kept(stack, keepers, place, known), known)
        desk, _ = await mornings.schedule(Town(schools=schools, social_care=False), desk)
        receiver = await stack.enter_async_context(receiving(desk))
        post = await stack.enter_async_context(raw.aiohttp_post())
        yield Pair(
            product=lambda _: _all_told(mornings, receiver, schools),
            baseline=lambda _: raw.posting(post, receiver, count=schools, written=raw.thin_body),
        )


async def _kept(stack: AsyncExitStack, keepers: Keepers, place: Place, known: Settings) -> Keeper:
    keeper = keepers(place, known)
    stack.push_async_callback(keeper.remove)
    return keeper


async def _tail(opened: Opened) -> Tail:
    """From the end that the log has now."""
    store = opened.storage.stores["notify"]
    return Tail(store, await store.head())


async def _all_told(mornings: Mornings, receiver: Receiver, schools: int) -> Sample:
    await receiver.reset()
    async with mornings.morning() as opened:
        tail = await _tail(opened)
        began = time.perf_counter()
        async with at_work(opened):
            delivered = await receiver.arrived(schools, within=_LONG)
            recorded = await tail.reached("WebhookAttempted", schools)
            took = time.perf_counter() - began
    counts = {"due": schools, "delivered": delivered, "recorded": recorded}
    return Sample(value=schools / took, counts=counts, also={"seconds": took})


@asynccontextmanager
async def _nudges(place: Place) -> AsyncIterator[Pair]:
    known = settings()
    async with AsyncExitStack() as stack:
        sink = await stack.enter_async_context(sinking(place.folder))
        keeper = await _kept(stack, InFiles, place, known)
        mornings = Mornings(keeper, known, smtp_port=sink.port)
        await mornings.schedule(Town(schools=FEWER, social_care=False, contacts=True), free_desk())
        yield Pair(
            product=lambda _: _all_nudged(mornings, sink),
            baseline=lambda _: _mailed(sink),
        )


async def _all_nudged(mornings: Mornings, sink: Sink) -> Sample:
    await sink.reset()
    async with mornings.morning() as opened:
        tail = await _tail(opened)
        began = time.perf_counter()
        async with at_work(opened):
            recorded = await tail.reached("NudgeSent", FEWER, within=_LONG)
            took = time.perf_counter() - began
    counts = {"due": FEWER, "delivered": await sink.count(), "recorded": recorded}
    return Sample(value=FEWER / took, counts=counts, also={"seconds": took})


async def _mailed(sink: Sink) -> Sample:
    """A connection for each mail, sixteen at a time."""
    await sink.reset()
    gate = asyncio.Semaphore(16)

    async def one(number: int) -> None:
        message = EmailMessage()
        message["From"], message["To"] = "no-reply@daybreak.example", f"dsl@{number}.example"
        message["Subject"] = "Safeguarding notification: sign in - Daybreak"
        message.set_content("A safeguarding notification is waiting for your organisation.\n" * 8)
        async with gate:
            await aiosmtplib.send(message, hostname="127.0.0.1", port=sink.port)

    began = time.perf_counter()
    await asyncio.gather(*map(one, range(FEWER)))
    took = time.perf_counter() - began
    counts = {"sent": FEWER, "delivered": await sink.count()}
    return Sample(value=FEWER / took, counts=counts)


def _ahead() -> float:
    """The morning's clock stands still; a signature is good for five minutes on either side."""
    return (MORNING - datetime.now(UTC)).total_seconds()


DISTRIBUTED = Row(
    number="8",
    title="morning run, 2,000 schools due at once, PostgreSQL",
    unit="webhooks/s",
    baseline=_BASELINE,
    goal=0.55,
    prepare=_webhooks(InServers),
    note="scheduled by the product on the evening before; looked up again, told, recorded",
)
EMBEDDED = Row(
    number="8e",
    title="morning run, 2,000 schools due at once, SQLite",
    unit="webhooks/s",
    baseline=_BASELINE,
    goal=None,
    prepare=_webhooks(InFiles),
)
HANDSHAKES = Row(
    number="8b",
    title="morning run, https, new connection for each of 500 schools",
    unit="webhooks/s",
    baseline="raw aiohttp, TLS handshake for each",
    goal=0.80,
    prepare=_handshakes,
)
NUDGES = Row(
    number="8m",
    title="morning run, an e-mail nudge to each of 500 schools",
    unit="e-mails/s",
    baseline="raw aiosmtplib, a connection for each, c=16",
    goal=None,
    prepare=_nudges,
)
