"""What happens without a request? Workers, and the supervisor that keeps them going."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import structlog

_log = structlog.get_logger(__name__)


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


@runtime_checkable
class Waiting(Protocol):
    """A worker that is told when there may be more to do; the others are asked once a poll."""

    async def wait(self, timeout: float) -> None:
        """Return when there may be work, or after `timeout` seconds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerStatus:
    """`fault` is the name of the exception that stopped it last, never its text."""

    healthy: bool
    failures: int = 0
    fault: str = ""


def really_cancelled() -> bool:
    """Was this task itself asked to stop? A lost connection also shows itself as CancelledError."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def heard(news: asyncio.Event, within: float) -> None:
    """Return when there is news, or after `within` seconds."""
    try:
        async with asyncio.timeout(within):  # wait_for of 3.11 may lose a cancellation
            await news.wait()
    except TimeoutError:
        return


class Supervisor:
    """Keeps every worker running; one that fails is marked and restarted, the others go on.

    A bare TaskGroup would do the opposite: one exception cancels every sibling.
    """

    def __init__(
        self,
        workers: Sequence[Worker],
        *,
        poll: float = 1.0,
        backoff: tuple[float, float] = (0.5, 30),
    ) -> None:
        self._workers = tuple(workers)
        self._poll = poll
        self._first, self._longest = backoff
        self._tasks: list[asyncio.Task[None]] = []
        self._status = {worker.name: WorkerStatus(healthy=True) for worker in self._workers}
        if len(self._status) != len(self._workers):
            raise ValueError("two workers have the same name")

    async def start(self) -> None:
        if self._tasks:
            raise RuntimeError("the supervisor runs already")
        self._tasks = [
            asyncio.create_task(self._keep_going(worker), name=worker.name)
            for worker in self._workers
        ]

    async def stop(self) -> None:
        """Stop all workers; what they had not finished is in their logs and queues."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def status(self) -> Mapping[str, WorkerStatus]:
        return dict(self._status)

    async def _keep_going(self, worker: Worker) -> None:
        failures = 0
        # Asked again each round: a library that turns a cancellation into a fault of its own (a
        # connection that breaks in the same moment does) must not keep us from stopping.
        while not really_cancelled():
            try:
                done = await worker.run_once()
                failures = self._well(worker)
                if not done:
                    await self._rest(worker)
            except asyncio.CancelledError:
                if really_cancelled():
                    raise
                failures = self._failed(worker, failures, "CancelledError")
            except Exception as fault:  # noqa: BLE001 - any fault of one worker must not end it
                failures = self._failed(worker, failures, type(fault).__name__)
            if failures and not really_cancelled():
                await asyncio.sleep(self._pause(failures))

    async def _rest(self, worker: Worker) -> None:
        if isinstance(worker, Waiting):
            await worker.wait(self._poll)
        else:
            await asyncio.sleep(self._poll)

    def _well(self, worker: Worker) -> int:
        self._status[worker.name] = WorkerStatus(healthy=True)
        return 0

    def _failed(self, worker: Worker, failures: int, fault: str) -> int:
        if failures == 0:  # said once when it falls, not at every attempt
            _log.warning("worker_failed", worker=worker.name, fault=fault)
        self._status[worker.name] = WorkerStatus(healthy=False, failures=failures + 1, fault=fault)
        return failures + 1

    def _pause(self, failures: int) -> float:
        longest = min(self._longest, self._first * 2.0 ** min(failures - 1, 16))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads restarts, no secret
