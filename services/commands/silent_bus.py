"""What does a command do with the bus of a folder that somebody else serves? Nothing at all."""

from collections.abc import Sequence

from services.chassis.bus import BusUnavailable, DeadLetter, Handler, Message, Together
from services.chassis.workers import Worker


class SilentBus:
    """Takes subscriptions, hands out nothing and refuses to publish."""

    async def publish(self, messages: Sequence[Message]) -> None:
        raise BusUnavailable("a command beside the server publishes nothing itself")

    def subscribe(
        self,
        group: str,
        exchange: str,
        types: frozenset[str],
        handler: Handler,
        *,
        ordered: bool = False,
        together: Together | None = None,
    ) -> None: ...

    async def declare(self) -> None: ...

    async def run_once(self) -> int:
        return 0

    def workers(self) -> list[Worker]:
        return []

    async def dead_letters(self, group: str) -> list[DeadLetter]:
        return []

    async def redrive(self, group: str) -> int:
        return 0

    async def close(self) -> None: ...
