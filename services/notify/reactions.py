"""What follows from a fact? Reads the log in order; each slice answers with facts of its own.

An answer takes its ids from the fact (uuid5), so that reading it again after a crash, or in another
process, changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import TypeAlias

import structlog
from sqlalchemy import BigInteger, Column, MetaData, String, Table, select

from services.chassis.database import CHECKPOINTS, Database, upsert
from services.chassis.errors import Unavailable
from services.chassis.store import EventStore, Recorded
from services.chassis.tracing import continue_trace
from services.notify.together import in_lanes

METADATA = MetaData()
SET_ASIDE = Table(  # positions of facts that our own code could not answer
    "facts_set_aside",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("fault", String, nullable=False),
)
PAGE = 500
_log = structlog.get_logger(__name__)
Reaction: TypeAlias = Callable[[Recorded], Awaitable[None]]
Cases: TypeAlias = Callable[[Sequence[Recorded]], Awaitable[Mapping[int, Hashable]]]


class Reactions:
    """A Worker, one at a time for the service."""

    name = "notify.reactions"

    def __init__(
        self,
        store: EventStore,
        database: Database,
        reactions: Sequence[Reaction],
        cases: Cases,
    ) -> None:
        self._store = store
        self._database = database
        self._reactions = tuple(reactions)
        self._cases = cases
        self._seen = -1
        self._standing_by = False

    async def run_once(self) -> int:
        if self._seen >= 0 and await self._store.head() <= self._seen:
            return 0
        async with self._database.exclusive(self.name) as alone:
            self._standing_by = not alone
            if not alone:
                return 0
            at = await self._checkpoint()
            page = await self._store.read_all(at, PAGE)
            if self._seen < 0:
                await self._again()
            await in_lanes(page, await self._lanes(page), self._react)
            if page:
                await self._save(page[-1].position)
            self._seen = page[-1].position if page else at
            return len(page)

    async def _react(self, recorded: Recorded) -> int:
        """A fact that cannot be answered is set aside, loudly; the others get their answers."""
        if recorded.context.traceparent:
            continue_trace(recorded.context.traceparent)
        try:
            for react in self._reactions:
                await react(recorded)
        except Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - one fault of ours must not stop every telling
            name = type(fault).__name__
            _log.error("fact set aside", position=recorded.position, error=name)
            async with self._database.transaction() as tx:
                row = {"position": recorded.position, "fault": name}
                await upsert(tx, SET_ASIDE, row, key=["position"])
            return 0
        return 1

    async def _lanes(self, page: Sequence[Recorded]) -> Callable[[Recorded], Hashable]:
        """Facts of one case are answered in their order, those of different cases side by side."""
        cases = await self._cases(page)
        return lambda recorded: cases.get(recorded.position, recorded.stream)

    async def _again(self) -> None:
        """At every start: what was set aside may be answered by better code."""
        async with self._database.reading() as connection:
            query = select(SET_ASIDE.c.position).order_by(SET_ASIDE.c.position)
            positions = list((await connection.execute(query)).scalars())
        for position in positions:
            (recorded,) = await self._store.read_all(position - 1, 1)
            if await self._react(recorded):
                async with self._database.transaction() as tx:
                    await tx.execute(SET_ASIDE.delete().where(SET_ASIDE.c.position == position))

    async def wait(self, timeout: float) -> None:
        if self._standing_by:
            await asyncio.sleep(timeout)
        else:
            await self._store.wait(max(self._seen, 0), timeout)

    async def _checkpoint(self) -> int:
        one = select(CHECKPOINTS.c.position).where(CHECKPOINTS.c.name == self.name)
        async with self._database.reading() as connection:
            return int(await connection.scalar(one) or 0)

    async def _save(self, position: int) -> None:
        row = {"name": self.name, "position": position}
        async with self._database.transaction() as tx:
            await upsert(tx, CHECKPOINTS, row, key=["name"], newer="position")
