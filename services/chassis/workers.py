"""What happens without a request? Workers, and the supervisor that keeps them going."""

from datetime import datetime
from typing import Protocol, runtime_checkable


class Worker(Protocol):
    @property
    def name(self) -> str: ...

    async def run_once(self) -> int:
        """Do what is to be done now and answer how much it was; 0 when there was nothing."""
        ...


@runtime_checkable
class Scheduled(Protocol):
    """A worker whose work falls due by the clock."""

    async def next_due(self) -> datetime | None:
        """The instant (UTC) of the earliest work not yet done, or None."""
        ...
