"""A command of the product on a clock that goes like the machine's and is far ahead of it.

`python -m bench.shifted SECONDS notify worker ...`: on a school morning nothing waits for seven.
"""

import sys
from datetime import UTC, datetime, timedelta

from services.chassis import clock
from services.commands import roles

MORNING = datetime(2027, 3, 2, 10, tzinfo=UTC)  # a Tuesday in term


class ShiftedClock:
    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return clock.SystemClock().now() + self._ahead


def ahead() -> float:
    """By how many seconds that morning is before this machine's clock."""
    return (MORNING - datetime.now(UTC)).total_seconds()


def main() -> None:
    seconds = float(sys.argv.pop(1))
    setattr(roles, "SystemClock", lambda: ShiftedClock(seconds))  # noqa: B010 - a name, not a type

    from services.cli import main as command

    command()


if __name__ == "__main__":
    main()
