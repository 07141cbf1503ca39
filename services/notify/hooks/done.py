"""How long is a payload kept that could not be read? Until somebody has dealt with its task."""

from collections.abc import Sequence

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.store import EventStore, Row
from services.notify.domain.task import TaskClosed
from services.notify.readmodels.told import Kinds
from services.notify.streams.hooks import sealed_under, unmapped_stream

_KINDS = Kinds(TaskClosed)


class KeptUntilDone:
    """A projection without a table: its effect is that a key is gone, however often it is told."""

    name = "notify.unmapped"
    metadata = MetaData()

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        for told in _KINDS.of(page):
            task = told.event.task
            if await self._store.read_stream(unmapped_stream(task)):  # most are of another kind
                await self._store.destroy_key(sealed_under(task))
