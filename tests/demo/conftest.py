"""Where does the demonstration live in a test? In a folder of its own, on the test's time."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from services.commands.demonstrating import Demonstrating, demonstrating

# Real time when it is started: a Tuesday in term.
STARTED = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@dataclass
class Seconds:
    """Real time, as the director sees it."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Playing:
    demo: Demonstrating
    seconds: Seconds

    @property
    def now(self) -> datetime:
        return self.demo.house.house.clock.now()

    async def steps(self, count: int, *, seconds: float = 1.0) -> None:
        """So many steps of the director, each so long after the one before."""
        for _ in range(count):
            self.seconds.now += seconds
            await self.demo.demonstration.director.run_once()

    async def until(self, moment: datetime) -> None:
        self.demo.demonstration.pace.arrived()
        await self.demo.demonstration.director.play_until(moment)


Opens = Callable[[Path], AbstractAsyncContextManager[Playing]]


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[Playing]:
    seconds = Seconds()
    async with demonstrating(folder, STARTED, seconds=seconds) as demo:
        yield Playing(demo, seconds)


@pytest.fixture(scope="session")
def opens() -> Opens:
    return playing


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def monday(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Playing]:
    """Played to Monday at 10:00. Whoever changes something says so."""
    async with playing(tmp_path_factory.mktemp("monday")) as played:
        evening = played.demo.demonstration.days.evening
        await played.until(evening + timedelta(hours=17))
        yield played
