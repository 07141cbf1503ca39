"""What is the demonstration, put together? A story, its people, its clock and its pages."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services.assembly import House, Storage
from services.chassis.assertions import Assertions
from services.chassis.settings import Settings
from services.demo import kept
from services.demo.acting import Acting
from services.demo.area import DemoArea
from services.demo.cast import Cast, Written
from services.demo.director import Director
from services.demo.happenings import Happenings
from services.demo.households import Households
from services.demo.kept import Kept, Position
from services.demo.nights import Nights, Story
from services.demo.opening_days import OpeningDays
from services.demo.pace import Pace
from services.demo.school_year import opening_sunday
from services.demo.seed import keys_of, seed
from services.demo.telling import Telling
from services.doors import Doors

OPERATOR_EMAIL = "operator@daybreak.example"
GOVERNOR_EMAIL = "governance@daybreak.example"


class OtherData(Exception):
    """The folder holds something that no demonstration has made."""


def position_in(folder: Path, now: datetime) -> Position:
    """Where the story stands, or where a new one begins. `now` is real time. Raises OtherData."""
    found = kept.read(folder)
    if found is not None:
        return found
    if (folder / "notify.log.db").exists():
        raise OtherData
    sunday = opening_sunday(now)
    area = DemoArea(sunday)
    return Position(sunday=sunday, instant=OpeningDays(area, Households(area)).begins)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the house is made of, as who opened it has it."""

    house: House
    storage: Storage
    doors: Doors
    settings: Settings


class Demonstration:
    """`seconds`: real time, for how long a step has taken."""

    def __init__(
        self,
        parts: Parts,
        folder: Path,
        position: Position,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.parts, self._folder = parts, folder
        self.kept = Kept(folder, position)
        self.pace = Pace(speed=position.pace, running=position.running)
        self.area = DemoArea(position.sunday)
        self.households = Households(self.area)
        self.days = OpeningDays(self.area, self.households)
        clock = parts.house.clock
        stores, databases = parts.storage.stores, parts.storage.databases
        self.happenings = Happenings(stores["notify"], databases["notify"], clock, self.area.names)
        story = Story(
            self.days.planned(),
            Nights(self.households),
            until=self.days.until,
            big=lambda: self.kept.position.big,
        )
        acting = Acting(self.area, parts.doors, Assertions(parts.settings.service_token))
        cast = Cast(self.area, acting, databases["notify"], clock, self._written())
        telling = Telling(story, parts.doors, clock)
        self.director = Director(
            parts.house,
            self.pace,
            self.kept,
            tuple(stores.values()),
            (telling, cast),
            self.happenings,
            seconds=seconds,
        )

    async def begin(self) -> dict[str, str]:
        """Put the area in place where it is not, and answer the keys of its agencies.

        The days before the opening are played as fast as they can be, for all to watch.
        """
        keys = keys_of(self._folder)
        if keys is None:
            self.kept.change()
            families = (*self.households.families, *self.days.families)
            parts = self.parts
            keys = await seed(parts.house, parts.doors, self.area, families, self._folder)
        self.parts.doors.keys.update(keys)
        if self.parts.house.clock.now() < self.days.evening:
            self.pace.goal = self.days.evening
        await self.happenings.look()
        return keys

    def _written(self) -> Written:
        """What the opening days want of single events."""
        evening, receipt = self.days.evening, self.days.receipt
        return Written(
            free_from=self.days.weekend,
            not_ours=frozenset({receipt("not-ours")}),
            reviewed={
                receipt("reader"): evening + timedelta(hours=2, minutes=10),
                receipt("honour"): None,
            },
        )
