"""What keeps a read model in step with the log? A projector: rows and checkpoint in one commit."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import MetaData, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import CHECKPOINTS, Database, upsert
from services.chassis.store import EventStore, Recorded, Row

PAGE, REBUILT = 500, 2_000  # events at a time


class Projection(Protocol):
    """The tables of `metadata` belong to this projection alone: a rebuild empties them."""

    @property
    def name(self) -> str: ...

    @property
    def metadata(self) -> MetaData: ...

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None: ...


@runtime_checkable
class PageProjection(Protocol):
    """A projection that takes a whole page in a few statements, as it is stored: still sealed."""

    @property
    def name(self) -> str: ...

    @property
    def metadata(self) -> MetaData: ...

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None: ...


class Projector:
    """A Worker. Two processes may run the same one: the row of the checkpoint is their lock."""

    def __init__(
        self, store: EventStore, database: Database, projection: Projection | PageProjection
    ) -> None:
        self.name = projection.name
        self._store = store
        self._database = database
        self._projection = projection
        self._seen = -1  # the checkpoint as last seen; -1 before the first look
        self._turn = asyncio.Lock()

    async def run_once(self) -> int:
        async with self._turn:
            if self._seen >= 0 and await self._store.head() <= self._seen:
                return 0
            async with self._database.transaction() as tx:
                at = await locked_checkpoint(tx, self.name)
                if page := await self._page(at, PAGE):
                    await self._take(tx, page)
                    at = page[-1].position
                    await save_checkpoint(tx, self.name, at)
            self._seen = at
            return len(page)

    async def catch_up(self) -> None:
        """Come to the head of the log as it is now: a reader sees what it wrote itself."""
        head = await self._store.head()
        while self._seen < head and await self.run_once():
            pass

    async def rebuild(self) -> None:
        """Make the rows again from nothing. One transaction: nobody sees half of it."""
        async with self._turn, self._database.transaction() as tx:
            await locked_checkpoint(tx, self.name)
            for table in reversed(self._projection.metadata.sorted_tables):
                await tx.execute(table.delete())
            at, page = 0, await self._page(0, REBUILT)
            while page:
                at = page[-1].position
                following = asyncio.create_task(self._page(at, REBUILT))
                try:  # read while these are written
                    await self._take(tx, page)
                    page = await following
                finally:
                    following.cancel()
            await save_checkpoint(tx, self.name, at)
            self._seen = at

    async def wait(self, timeout: float) -> None:
        await self._store.wait(max(self._seen, 0), timeout)

    async def _page(self, after: int, limit: int) -> Sequence[Row] | Sequence[Recorded]:
        by_page = isinstance(self._projection, PageProjection)
        return await (self._store.rows if by_page else self._store.read_all)(after, limit)

    async def _take(self, tx: AsyncConnection, page: Sequence[Any]) -> None:
        if isinstance(self._projection, PageProjection):
            await self._projection.apply_page(tx, page)
            return
        for recorded in page:
            await self._projection.apply(tx, recorded)


async def locked_checkpoint(tx: AsyncConnection, name: str) -> int:
    """How far `name` got. Nobody else can move it until the transaction ends."""
    await upsert(tx, CHECKPOINTS, {"name": name, "position": 0}, key=["name"], newer="position")
    one = select(CHECKPOINTS.c.position).where(CHECKPOINTS.c.name == name)
    return int((await tx.execute(one.with_for_update())).scalar_one())


async def save_checkpoint(tx: AsyncConnection, name: str, position: int) -> None:
    await upsert(tx, CHECKPOINTS, {"name": name, "position": position}, key=["name"])
