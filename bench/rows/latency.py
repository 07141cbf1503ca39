"""Row 11: how long does it take from accepted to delivered and recorded, at a steady rate?

Beside the sum of its parts, each measured by itself in the same run with the bare libraries: two
commits, a confirm, a delivery by the broker, a POST.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bench import raw
from bench.logs_and_buses import in_postgres, through_broker
from bench.parts import parts
from bench.receiver import free_desk, with_secrets
from bench.row import Pair, Place, Row
from bench.shifted import ahead
from bench.transport import transport
from bench.whole import whole

RATE = 200.0  # events a second
_SUSTAINED = 0.6  # of what it takes when everything is posted at once
_PROBE = 8.0


@asynccontextmanager
async def _transport(place: Place) -> AsyncIterator[Pair]:
    async with (
        transport(place, in_postgres, through_broker) as product,
        parts(place, product.receiver) as each,
    ):
        yield Pair(
            product=lambda seconds: product.at_a_rate(RATE, seconds),
            baseline=each.sum,
        )


@asynccontextmanager
async def _whole(place: Place) -> AsyncIterator[Pair]:
    """At the rate that it sustains, where that is less than 200 a second."""
    desk = with_secrets(free_desk(), raw.SECRETS)
    async with (
        whole(place, replace(desk, ahead=ahead())) as product,
        parts(place, product.receiver) as each,
    ):
        await product.run(_PROBE / 2)
        most = (await product.run(_PROBE)).value
        rate = min(RATE, _SUSTAINED * most)
        yield Pair(
            product=lambda seconds: product.at_a_rate(rate, seconds),
            baseline=each.sum,
        )


TRANSPORT = Row(
    number="11",
    title="accepted to recorded at 200 events/s, through a quorum queue; median",
    unit="ms",
    baseline="sum of its parts: 2 commits, confirm, deliver, POST",
    goal=5.0,
    better="lower",
    ceilings={"p99 ms": 150.0},
    prepare=_transport,
    note="the product's own parts as in row 6; for the whole product see 11-whole",
)
WHOLE = Row(
    number="11-whole",
    title="the whole product, at 60 % of the rate it can take, at most 200 events/s; median",
    unit="ms",
    baseline="sum of its parts: 2 commits, confirm, deliver, POST",
    goal=None,
    better="lower",
    prepare=_whole,
    note="from the reservation in intake's log to the record of each webhook in the log",
)
