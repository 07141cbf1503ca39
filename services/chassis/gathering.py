"""How do many who ask at one moment share one question? As appends share a commit (ADR 0002)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Set
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Gathering(Generic[K, V]):
    """Whoever asks while a question is under way is answered by the next: never by one that was
    put before they asked, so nobody is told what was true once."""

    def __init__(self, ask: Callable[[Set[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._ask = ask
        self._keys: set[K] = set()
        self._next: asyncio.Task[Mapping[K, V]] | None = None
        self._turn = asyncio.Lock()

    async def one(self, key: K) -> V | None:
        self._keys.add(key)
        if self._next is None:
            self._next = asyncio.create_task(self._together())
        return (await asyncio.shield(self._next)).get(key)

    async def _together(self) -> Mapping[K, V]:
        async with self._turn:
            keys, self._keys, self._next = self._keys, set(), None
            return await self._ask(keys)
