"""How long is a payload kept that could not be read? Until somebody has dealt with its task."""

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.store import EventStore, Recorded
from services.notify.domain.task import TaskClosed
from services.notify.streams.hooks import sealed_under


class KeptUntilDone:
    """A projection without a table: its effect is that a key is gone, however often it is told."""

    name = "notify.unmapped"
    metadata = MetaData()

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        if isinstance(recorded.event, TaskClosed):
            await self._store.destroy_key(sealed_under(recorded.event.task))
