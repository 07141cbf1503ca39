"""Do workers keep going, each by itself?"""

import asyncio
from collections.abc import Callable

from services.chassis.workers import Supervisor


class Working:
    """A worker that does as it is told and counts its rounds."""

    def __init__(self, name: str, act: Callable[[int], int] = lambda _: 0) -> None:
        self.name = name
        self.rounds = 0
        self.moments: list[float] = []
        self._act = act
        self._news = asyncio.Event()

    async def run_once(self) -> int:
        self.rounds += 1
        self.moments.append(asyncio.get_running_loop().time())
        self._news.set()
        await asyncio.sleep(0)
        return self._act(self.rounds)

    async def until(self, rounds: int) -> None:
        async with asyncio.timeout(10):
            while self.rounds < rounds:
                self._news.clear()
                await self._news.wait()


class Woken(Working):
    async def wait(self, timeout: float) -> None:
        return


def fail(_: int) -> int:
    raise RuntimeError("what it says may name a person")


async def test_one_worker_that_fails_leaves_the_others_running_and_is_marked() -> None:
    broken, sound = Working("broken", fail), Working("sound")
    supervisor = Supervisor([broken, sound], poll=0.001, backoff=(0.001, 0.01))
    await supervisor.start()
    await sound.until(20)
    await broken.until(3)
    status = supervisor.status()
    await supervisor.stop()
    assert status["sound"].healthy
    assert not status["broken"].healthy
    assert status["broken"].failures >= 2
    assert status["broken"].fault == "RuntimeError"


async def test_a_worker_that_recovers_is_healthy_again() -> None:
    def fail_twice(round: int) -> int:
        return fail(round) if round < 3 else 0

    worker = Working("recovers", fail_twice)
    supervisor = Supervisor([worker], poll=0.001, backoff=(0.001, 0.01))
    await supervisor.start()
    await worker.until(5)
    status = supervisor.status()["recovers"]
    await supervisor.stop()
    assert (status.healthy, status.failures, status.fault) == (True, 0, "")


async def test_a_worker_that_goes_on_failing_is_tried_less_and_less_often() -> None:
    worker = Working("broken", fail)
    supervisor = Supervisor([worker], poll=0.001, backoff=(0.01, 0.08))
    await supervisor.start()
    await worker.until(7)
    await supervisor.stop()
    pauses = [
        after - before for before, after in zip(worker.moments, worker.moments[1:], strict=False)
    ]
    assert all(pause >= 0.039 for pause in pauses[4:])


async def test_a_lost_connection_that_looks_like_a_cancellation_ends_no_worker() -> None:
    def lose(round: int) -> int:
        if round < 3:
            raise asyncio.CancelledError
        return 0

    worker = Working("relay", lose)
    supervisor = Supervisor([worker], poll=0.001, backoff=(0.001, 0.01))
    await supervisor.start()
    await worker.until(5)
    assert supervisor.status()["relay"].healthy
    await supervisor.stop()


async def test_a_worker_with_more_to_do_is_not_made_to_wait() -> None:
    worker = Working("busy", lambda _: 1)
    supervisor = Supervisor([worker], poll=3600)
    await supervisor.start()
    await worker.until(50)
    await supervisor.stop()


async def test_a_worker_that_is_told_of_news_does_not_sleep_the_poll() -> None:
    worker = Woken("relay")
    supervisor = Supervisor([worker], poll=3600)
    await supervisor.start()
    await worker.until(50)
    await supervisor.stop()


async def test_stop_ends_every_worker_also_one_that_waits_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()

    class Stuck(Working):
        async def run_once(self) -> int:
            await super().run_once()
            await asyncio.Event().wait()
            return 0

    stuck, idle, broken = Stuck("stuck"), Working("idle"), Working("broken", fail)
    supervisor = Supervisor([stuck, idle, broken], poll=3600, backoff=(3600, 3600))
    await supervisor.start()
    for worker in (stuck, idle, broken):
        await worker.until(1)
    async with asyncio.timeout(2):
        await supervisor.stop()
    assert asyncio.all_tasks() == before


class Deaf(Working):
    """Meets its cancellation with a fault of its own, as a client whose connection breaks does."""

    async def run_once(self) -> int:
        self.rounds += 1
        self._news.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionError from None
        return 0


async def test_a_worker_that_turns_its_cancellation_into_a_fault_is_stopped_all_the_same() -> None:
    worker = Deaf("deaf")
    supervisor = Supervisor([worker], poll=0.001, backoff=(60, 60))
    await supervisor.start()
    await worker.until(1)
    async with asyncio.timeout(5):
        await supervisor.stop()
    assert worker.rounds == 1
