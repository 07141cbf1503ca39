"""How do many questions of one moment become one query, with an answer for each?

Each asks for itself; all that wait are asked at once, and while one query runs the next gather, as
appends share a commit (ADR 0002).
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from services.chassis.errors import Unavailable
from services.chassis.workers import really_cancelled

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
AT_MOST = 256  # questions in one query


class Interrupted(Unavailable):
    """A connection was lost in the middle: what was in hand is tried again."""


class Gathering(Generic[K, V]):
    """`find` is asked after the question was put: an answer is never older than its question, so
    nobody is told what was true once."""

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
