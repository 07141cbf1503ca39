"""Who moves the clock of the demonstration? One worker, which lets nothing be passed by.

On the way to where the visitor's pace leads it stops at every moment at which something is due,
lets it be done, and goes on: deadlines are kept to the second at any speed. Where there is more
work than time, story time waits.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from services.assembly import House
from services.chassis.clock import ManualClock
from services.chassis.store import EventStore
from services.chassis.workers import heard
from services.demo.kept import Kept
from services.demo.pace import Pace

_TICK = timedelta(minutes=1)
_LONGEST = 1.0  # seconds of real time in one step; beyond that the story waits
_AT_ONCE = 2.0  # seconds that one step may take before others get their turn
_STANDING = 1.0  # seconds between two steps while the clock stands and nothing is written
_UNWATCHED = 1_800.0  # seconds without a page being looked at, after which the story waits


class Playing(Protocol):
    """Somebody who does things in the story at moments of their own."""

    async def next_due(self) -> datetime | None:
        """The next moment of theirs, which may be past where it has not been done."""
        ...

    async def play(self) -> int:
        """Do what is due by now, and answer how much it was."""
        ...


class Watching(Protocol):
    async def look(self) -> int:
        """Answer how much there is to be seen since the last look."""
        ...


class Director:
    """A Worker. It stands in for the supervisor of the house's workers: nothing else runs them."""

    name = "demonstration.director"

    def __init__(
        self,
        house: House,
        pace: Pace,
        kept: Kept,
        stores: tuple[EventStore, ...],
        players: tuple[Playing, ...],
        watching: Watching,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        assert isinstance(house.clock, ManualClock)
        self._house, self._clock = house, house.clock
        self._pace, self._kept, self._stores = pace, kept, stores
        self._players, self._watching = players, watching
        self._seconds = seconds
        self._last = self._settled = self._watched = seconds()
        self._heads: tuple[int, ...] = ()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """The visitor has asked for something."""
        self._heads = ()
        self._rung.set()

    def watched(self) -> None:
        """Somebody looks at a page: a story that nobody watches waits."""
        self._watched = self._seconds()

    async def wait(self, timeout: float) -> None:
        await heard(self._rung, timeout)
        self._rung.clear()

    async def run_once(self) -> int:
        """One step; 1 while a leap is not at its end, so that the next step follows at once."""
        now = self._seconds()
        elapsed, self._last = min(now - self._last, _LONGEST), now
        if self._pace.goal is None and now - self._watched > _UNWATCHED:
            elapsed = 0.0
        if await self._nothing_to_do(now):
            return 0
        await self._towards(self._pace.target(self._clock.now(), elapsed), until=now + _AT_ONCE)
        return int(self._pace.goal is not None)

    async def _nothing_to_do(self, now: float) -> bool:
        """While the clock stands, only what comes in by the doors makes work."""
        if self._pace.moves:
            return False
        heads = tuple([await store.head() for store in self._stores])
        if heads == self._heads and now - self._settled < _STANDING:
            return True
        self._heads, self._settled = heads, now
        return False

    async def play_until(self, moment: datetime) -> None:
        """Without regard to real time: how the story is brought to where it opens."""
        while self._clock.now() < moment:
            await self._towards(moment, until=float("inf"))

    async def _towards(self, target: datetime, *, until: float) -> None:
        await self._settle()
        wanted = (self._pace.goal, self._pace.running)
        while (due := await self._next_due()) is not None and due <= target:
            if due <= self._clock.now():  # due and yet not done: time passes, it is tried again
                due = min(self._clock.now() + _TICK, target)
                if due == self._clock.now():
                    break
            self._move(due)
            await self._settle()
            if wanted != (self._pace.goal, self._pace.running) or self._seconds() > until:
                return  # the visitor wants it otherwise, or it is somebody else's turn
        if target > self._clock.now():
            self._move(target)
        if self._pace.goal is not None and self._clock.now() >= self._pace.goal:
            self._pace.arrived()

    async def _settle(self) -> None:
        """Let everything be done that is to be done now, by workers and by people."""
        await self._play()
        await self._house.settle()
        while await self._play():
            await self._house.settle()
        if await self._watching.look() and self._pace.until_seen:
            self._pace.arrived()

    async def _play(self) -> int:
        return sum([await one.play() for one in self._players])

    async def _next_due(self) -> datetime | None:
        moments = [await self._house.next_due()]
        moments += [await one.next_due() for one in self._players]
        return min((one for one in moments if one is not None), default=None)

    def _move(self, to: datetime) -> None:
        self._kept.change(instant=to)
        self._clock.set(to)
