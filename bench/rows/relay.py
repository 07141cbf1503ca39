"""Rows 6 and 7: what does a webhook cost that is durable, sealed, audited and recorded?

The product's own parts, from the append to the record, beside a relay that keeps nothing. There is
no decision in it; row 6-whole has all of it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bench import raw
from bench.logs_and_buses import in_files, in_postgres, through_broker, through_file
from bench.row import Pair, Place, Prepare, Row
from bench.transport import Logs, transport

Posts = Callable[[], AbstractAsyncContextManager[raw.Post]]


def _relayed(post_by: Posts) -> Prepare:
    @asynccontextmanager
    async def prepared(place: Place) -> AsyncIterator[Pair]:
        async with (
            transport(place, in_postgres, through_broker) as product,
            raw.raw_relay(place, product.receiver) as relay,
            post_by() as post,
        ):
            yield Pair(product=product.run, baseline=lambda seconds: relay.run(post, seconds))

    return prepared


def _direct(logs: Logs) -> Prepare:
    @asynccontextmanager
    async def prepared(place: Place) -> AsyncIterator[Pair]:
        async with (
            transport(place, logs, through_file) as product,
            raw.aiohttp_post() as post,
        ):
            yield Pair(
                product=product.run,
                baseline=lambda seconds: raw.posting(post, product.receiver, seconds=seconds),
            )

    return prepared


BROKER = Row(
    number="6",
    title="append, relay, quorum queue, webhook, record",
    unit="webhooks/s",
    baseline="raw aio-pika + aiohttp: publish, consume, POST; no database",
    goal=0.70,
    prepare=_relayed(raw.aiohttp_post),
    note="the product's own parts between two logs in PostgreSQL; no decision: see 6-whole",
)
BROKER_HTTPX = Row(
    number="6b",
    title="the same",
    unit="webhooks/s",
    baseline="raw aio-pika + httpx: a flattering baseline",
    goal=None,
    prepare=_relayed(raw.httpx_post),
    note="httpx falls to a fraction of its speed with many requests under way: it proves nothing",
)
FILES = Row(
    number="7",
    title="append, relay, embedded bus, webhook, record; SQLite",
    unit="webhooks/s",
    baseline="raw signed aiohttp POST, c=128",
    goal=0.45,
    prepare=_direct(in_files),
)
POSTGRES = Row(
    number="7p",
    title="append, relay, embedded bus, webhook, record; PostgreSQL",
    unit="webhooks/s",
    baseline="raw signed aiohttp POST, c=128",
    goal=0.60,
    prepare=_direct(in_postgres),
)
