"""Can who waits for the log to grow be stopped, also in the very moment when it grows?"""

import asyncio
from typing import Any
from unittest.mock import AsyncMock

import pytest

from services.chassis.clock import SystemClock
from services.chassis.codec import EventCodec
from services.chassis.log import Log


async def test_a_cancellation_that_comes_with_the_news_is_not_lost() -> None:
    table: Any = AsyncMock()
    table.head.return_value = 0
    log = Log(table, codec=EventCodec(), clock=SystemClock(), service_key=bytes(32))
    waiting = asyncio.create_task(log.wait(0, 30))
    for _ in range(5):  # into the waiting
        await asyncio.sleep(0)
    log.wake()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(1):
            await waiting
    await log.close()
