"""How do many who ask at one moment share one question? As appends share a commit (ADR 0002)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Set
from typing import Generic, TypeVar

from services.chassis.errors import Unavailable

K = TypeVar("K")
V = TypeVar("V")


class Gathering(Generic[K, V]):
    """Whoever asks while a question is under way is answered by the next: never by one that was
    put before they asked, so nobody is told what was true once."""

    def __init__(self, ask: Callable[[Set[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[K, asyncio.Future[V | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def one(self, key: K) -> V | None:
        answer: asyncio.Future[V | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await answer

    async def _ask_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, []
            found = await self._found({key for key, _ in asked})
            for key, answer in asked:
                if answer.done():
                    continue
                if isinstance(found, Exception):
                    answer.set_exception(found)
                else:
                    answer.set_result(found.get(key))
        self._asking = None

    async def _found(self, keys: Set[K]) -> Mapping[K, V] | Exception:
        try:
            return await self._ask(keys)
        except asyncio.CancelledError:  # a lost connection shows itself so, and so does the end
            return Unavailable("interrupted")
        except Exception as fault:  # noqa: BLE001 - goes to those who asked
            return fault
