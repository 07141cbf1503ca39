"""May this event in, whatever door it came to? Check, remember the digest, publish, answer."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.store import EventStore
from services.chassis.tracing import current_traceparent
from services.notify.domain.intake import Refusal, Taken
from services.notify.intake.checks import Checked, check
from services.notify.intake.counting import count
from services.notify.intake.offering import Answer, Occasion, Offering

_MANY = 32  # from here on checking takes long enough to keep other requests waiting


class Gate:
    """Nothing is stored for what is refused, and nothing of the content for what is taken."""

    def __init__(self, store: EventStore, bus: Bus, clock: Clock) -> None:
        self._offering = Offering(store, bus)
        self._clock = clock

    async def take(self, events: Sequence[Any], *, agency: str, door: str) -> list[Answer]:
        """One answer for each event, in order. Raises Unavailable when the bus or the store does
        not confirm: nobody was told that it is taken, and the same offer again is harmless."""
        now = self._clock.now()
        if len(events) > _MANY:
            checked = await asyncio.to_thread(_check_all, events, agency, now)
        else:
            checked = _check_all(events, agency, now)
        occasion = Occasion(agency=agency, door=door, now=now, traceparent=current_traceparent())
        answers = await self._offering.offer(checked, occasion)
        statuses = [each.status if isinstance(each, Refusal) else 202 for each in answers]
        for status, times in Counter(statuses).items():
            count(door, status, times)
        return answers

    async def take_one(self, event: Any, *, agency: str, door: str) -> Taken:
        [answer] = await self.take([event], agency=agency, door=door)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def drain(self) -> None:
        """Wait for offers whose senders have gone: before the store is closed under them."""
        await self._offering.drain()


def _check_all(events: Sequence[Any], agency: str, now: datetime) -> list[Checked | Refusal]:
    checked: list[Checked | Refusal] = []
    for event in events:
        try:
            checked.append(check(event, agency, now))
        except Refusal as refusal:
            checked.append(refusal)
    return checked
