"""How do many questions of one moment become one query, with an answer for each?

Each asks for itself; all that wait are asked at once, and while one query runs the next gather.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from services.chassis.errors import Unavailable
from services.chassis.workers import really_cancelled

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")
AT_MOST = 256  # questions in one query
AT_ONCE = 256  # rows in hand together


class Interrupted(Unavailable):
    """A connection was lost in the middle: what was in hand is tried again."""


class Together(Generic[K, V]):
    """`find` is asked after the question was put: an answer is never older than its question."""

    def __init__(self, find: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._find = find
        self._waiting: list[tuple[K, asyncio.Future[V | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> V | None:
        answer: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await answer

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # whoever asks in this same moment is answered too
                taken, self._waiting = self._waiting[:AT_MOST], self._waiting[AT_MOST:]
                if asked := [one for one in taken if not one[1].done()]:
                    await self._ask(asked)
        finally:
            self._asking = None

    async def _ask(self, asked: Sequence[tuple[K, asyncio.Future[V | None]]]) -> None:
        found = await self._found([key for key, _ in asked])
        if len(asked) > 1 and isinstance(found, Exception) and not isinstance(found, Unavailable):
            for one in asked:  # the fault goes to the one whose question causes it
                await self._ask([one])
            return
        for key, answer in asked:
            if answer.done():
                continue
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found.get(key))

    async def _found(self, keys: Sequence[K]) -> Mapping[K, V] | Exception:
        try:
            return await self._find(list(dict.fromkeys(keys)))
        except asyncio.CancelledError:
            if really_cancelled():
                raise
            return Interrupted("CancelledError")
        except Exception as fault:  # noqa: BLE001 - it is raised where the question was put
            return fault


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
