"""How do many rows get their turn side by side, each with its own fault?"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import TypeVar

from services.chassis.errors import Unavailable
from services.chassis.gathering import Interrupted
from services.chassis.workers import really_cancelled

T = TypeVar("T")
AT_ONCE = 256  # rows in hand together


async def each(
    rows: Iterable[T], do: Callable[[T], Awaitable[int]], *, at_once: int = AT_ONCE
) -> int:
    """Every row gets its turn, some at once, also when one has a fault that nobody foresaw.

    One notification that cannot be told must not keep all others from being told. The fault is
    raised after the last row, so that the worker is seen to be unhealthy. When something is
    unavailable no more rows are begun: it is raised when those in hand have ended.
    """
    waiting, done = list(rows), 0
    away: list[Unavailable] = []
    faults: list[Exception] = []
    left = iter(waiting)

    async def take() -> None:
        nonlocal done
        for row in left:
            if away:
                return
            try:
                count = await do(row)
                done += count  # not in one line: others add to it meanwhile
            except asyncio.CancelledError:
                if really_cancelled():
                    raise
                away.append(Interrupted("CancelledError"))
            except Unavailable as fault:
                away.append(fault)
            except Exception as fault:  # noqa: BLE001 - raised when the others have had their turn
                faults.append(fault)

    await asyncio.gather(*(take() for _ in range(min(at_once, len(waiting)))))
    for fault in (*away, *faults):
        raise fault
    return done


async def in_lanes(
    rows: Iterable[T],
    lane: Callable[[T], Hashable],
    do: Callable[[T], Awaitable[int]],
    *,
    at_once: int = AT_ONCE,
) -> int:
    """As `each`, but rows of the same lane in their order, one after the other."""
    lanes: dict[Hashable, list[T]] = {}
    for row in rows:
        lanes.setdefault(lane(row), []).append(row)

    async def along(mine: list[T]) -> int:
        return await each(mine, do, at_once=1)

    return await each(lanes.values(), along, at_once=at_once)
