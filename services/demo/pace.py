"""How fast does story time pass? Chosen by the visitor, in story seconds for a real one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.demo.school_year import LONDON, at

DEFAULT = "thirty"


@dataclass(frozen=True, slots=True)
class Speed:
    name: str
    words: str
    factor: int


SPEEDS = {
    one.name: one
    for one in (
        Speed("real", "as in real life", 1),
        Speed("minute", "1 minute a second", 60),
        Speed(DEFAULT, "30 minutes a second", 1800),
        Speed("hour", "1 hour a second", 3600),
    )
}


@dataclass(frozen=True, slots=True)
class Leap:
    """A moment to go to, as fast as the work allows."""

    name: str
    words: str
    to: Callable[[datetime], datetime]


def next_at(clock: str, *, weekday: int | None = None) -> Callable[[datetime], datetime]:
    """The next time that the clocks show this, later than now; `weekday`: 0 is Monday."""

    def found(now: datetime) -> datetime:
        day: date = now.astimezone(LONDON).date()
        while at(day, clock) <= now or weekday not in (None, day.weekday()):
            day += timedelta(days=1)
        return at(day, clock)

    return found


LEAPS = {
    one.name: one
    for one in (
        Leap("evening", "the next 6pm", next_at("18:00")),
        Leap("seven", "the next 7am", next_at("07:00")),
        Leap("nine", "the next 9am", next_at("09:00")),
        Leap("monday", "the next Monday 8am", next_at("08:00", weekday=0)),
    )
}
NEXT = "next"  # until something is to be seen
_NEXT_AT_MOST = timedelta(days=4)


class Pace:
    """What the visitor wants of the clock now; the director does it."""

    def __init__(self, *, speed: str = DEFAULT, running: bool = True) -> None:
        self.speed = SPEEDS.get(speed, SPEEDS[DEFAULT])
        self.running = running
        self.goal: datetime | None = None
        self.until_seen = False  # the leap ends as soon as there is something to be seen

    @property
    def moves(self) -> bool:
        return self.running or self.goal is not None

    def go(self, speed: str) -> None:
        """Raises KeyError for a speed that there is not."""
        self.speed, self.running = SPEEDS[speed], True
        self.arrived()

    def pause(self) -> None:
        self.running = False
        self.arrived()

    def resume(self) -> None:
        self.running = True

    def leap(self, name: str, now: datetime) -> None:
        """Only ever forward. Raises KeyError for a moment that there is not."""
        if name == NEXT:
            self.goal, self.until_seen = now + _NEXT_AT_MOST, True
        else:
            self.goal, self.until_seen = LEAPS[name].to(now), False

    def arrived(self) -> None:
        self.goal, self.until_seen = None, False

    def target(self, now: datetime, elapsed: float) -> datetime:
        """How far time may go, `elapsed` real seconds after the last step."""
        if self.goal is not None:
            return self.goal
        if not self.running:
            return now
        return now + timedelta(seconds=elapsed * self.speed.factor)
