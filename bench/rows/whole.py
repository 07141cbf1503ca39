"""Row 6-whole: what does the whole product make of an incident? Intake, consent, routing, webhook.

Beside the same raw relay as in row 6, which decides nothing, finds nobody and keeps nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bench import raw
from bench.receiver import free_desk, with_secrets
from bench.row import Pair, Place, Row
from bench.shifted import ahead
from bench.whole import whole


@asynccontextmanager
async def _prepared(place: Place) -> AsyncIterator[Pair]:
    desk = with_secrets(free_desk(), raw.SECRETS)
    async with (
        whole(place, replace(desk, ahead=ahead())) as product,
        raw.raw_relay(place, product.receiver) as relay,
        raw.aiohttp_post() as post,
    ):
        yield Pair(product=product.run, baseline=lambda seconds: relay.run(post, seconds))


ROW = Row(
    number="6-whole",
    title="the whole product: incident over HTTP, decided, routed, webhook, recorded",
    unit="events/s",
    baseline="raw aio-pika + aiohttp: publish, consume, POST; no database",
    goal=None,
    prepare=_prepared,
    note=(
        "each incident has two children and eleven decisions and makes four webhooks, the raw "
        "relay makes one of one message; notify api, notify worker, consent api and consent worker "
        "in a process each, as deployed"
    ),
)
