"""What time is it? The only place where the machine's clock is read."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that somebody moves: tests, scenarios and the demonstration."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to `instant`. Raises ValueError when that would go back in time."""
        moved = _utc(instant)
        if moved < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()} and cannot go back")
        self._now = moved


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(UTC)
