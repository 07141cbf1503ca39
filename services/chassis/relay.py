"""How does the world hear of it? The relay reads the log and publishes: the log is the outbox."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from sqlalchemy import select

from services.chassis.bus import Bus, Message
from services.chassis.database import CHECKPOINTS, Database, upsert
from services.chassis.store import EventStore, Recorded

PAGE = 200

Translated: TypeAlias = Sequence[Message]


class Relay:
    """A Worker. One at a time for each service; a message may go out twice, never not at all."""

    def __init__(
        self,
        store: EventStore,
        bus: Bus,
        database: Database,
        translate: Callable[[Recorded], Translated | Awaitable[Translated]],
        name: str,
    ) -> None:
        self.name = name
        self._store = store
        self._bus = bus
        self._database = database
        self._translate = translate
        self._seen = -1
        self._standing_by = False

    async def run_once(self) -> int:
        if self._seen >= 0 and await self._store.head() <= self._seen:
            return 0
        async with self._database.exclusive(f"relay-{self.name}") as alone:
            self._standing_by = not alone
            if not alone:
                return 0
            at = await self._checkpoint()
            page = await self._store.read_all(at, PAGE)
            if not page:
                self._seen = at
                return 0
            # No transaction is open here: publishing may wait for a consumer that writes to this
            # same database, and then each would wait for the other.
            if messages := await self._messages(page):
                await self._bus.publish(messages)
            await self._save(page[-1].position)
            return len(page)

    async def wait(self, timeout: float) -> None:
        if self._standing_by:  # the other one moves on: looking again at once would be a hot loop
            await asyncio.sleep(timeout)
        else:
            await self._store.wait(max(self._seen, 0), timeout)

    async def _messages(self, page: Sequence[Recorded]) -> list[Message]:
        messages: list[Message] = []
        for recorded in page:
            translated = self._translate(recorded)
            messages += await translated if isinstance(translated, Awaitable) else translated
        return messages

    async def _checkpoint(self) -> int:
        async with self._database.reading() as connection:
            one = select(CHECKPOINTS.c.position).where(CHECKPOINTS.c.name == self.name)
            return int(await connection.scalar(one) or 0)

    async def _save(self, position: int) -> None:
        """Only forwards: a relay that lost its hold unawares must not undo what its heir saved."""
        async with self._database.transaction() as tx:
            row = {"name": self.name, "position": position}
            await upsert(tx, CHECKPOINTS, row, key=["name"], newer="position")
        self._seen = position
