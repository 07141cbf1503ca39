"""What does this service write, and how does it read what it wrote? Its streams and their rows."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore, NewEvent, Recorded, VersionConflict
from services.notify.domain import instructions, nudge, task, telling
from services.notify.domain import notification as notifications
from services.notify.domain.calendars import BankHolidays
from services.notify.streams import case, decision
from services.notify.streams.case import AcknowledgementNoted
from services.notify.streams.decision import DecisionRecorded

T = TypeVar("T")
_TRIES = 4
_NOTIFICATION: Decider[Any, Any, Any] = Decider(
    initial=telling.INITIAL, decide=telling.decide, evolve=telling.evolve
)
_TASK: Decider[Any, Any, Any] = Decider(
    initial=task.INITIAL, decide=task.decide, evolve=task.evolve
)
_NUDGE: Decider[Any, Any, Any] = Decider(
    initial=nudge.INITIAL, decide=nudge.decide, evolve=nudge.evolve
)
_DECISION: Decider[Any, Any, Any] = Decider(
    initial=decision.INITIAL, decide=decision.decide, evolve=decision.evolve
)
_CASE: Decider[Any, Any, Any] = Decider(initial=(), decide=case.decide, evolve=case.evolve)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """One for the service. `bank_holidays` are those of England and Wales."""

    store: EventStore
    database: Database
    projector: Projector
    clock: Clock
    bank_holidays: BankHolidays

    def now(self) -> datetime:
        return self.clock.now()

    @asynccontextmanager
    async def rows(self) -> AsyncIterator[AsyncConnection]:
        """The rows as the log has them now: a reader sees what it wrote itself."""
        await self.projector.catch_up()
        async with self.database.reading() as connection:
            yield connection

    async def notification(
        self, one: UUID, command: instructions.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[notifications.NotificationEvent]:
        stream = notifications.stream_of(one)
        return await Commands(self.store, _NOTIFICATION).handle(stream, command, context, key=key)

    async def task(
        self, one: UUID, command: task.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[task.TaskEvent]:
        return await Commands(self.store, _TASK).handle(
            task.stream_of(one), command, context, key=key
        )

    async def nudge(
        self, one: UUID, command: nudge.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[nudge.NudgeEvent]:
        return await Commands(self.store, _NUDGE).handle(
            nudge.stream_of(one), command, context, key=key
        )

    async def decision(
        self, one: UUID, command: decision.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[decision.DecisionEvent]:
        return await Commands(self.store, _DECISION).handle(
            decision.stream_of(one), command, context, key=key
        )

    async def case(self, one: UUID, fact: case.CaseEvent, context: Context, *, key: UUID) -> None:
        await Commands(self.store, _CASE).handle(case.stream_of(one), fact, context, key=key)

    async def note(self, stream: str, noted: AcknowledgementNoted, context: Context) -> None:
        for _ in range(_TRIES):
            version = len(await self.store.read_stream(stream))
            event = NewEvent(event_id=uuid7(), event=noted)
            try:
                await self.store.append(stream, [event], expected=version, context=context)
            except VersionConflict:
                continue
            return

    async def decided(self, one: UUID) -> DecisionRecorded | None:
        """The decision with its content, which stands nowhere but in the log."""
        for recorded in await self.store.read_stream(decision.stream_of(one)):
            if isinstance(recorded.event, DecisionRecorded):
                return recorded.event
        return None


def because_of(recorded: Recorded, actor: str) -> Context:
    """The context of what follows from a fact in our own log."""
    return Context(
        correlation_id=recorded.context.correlation_id,
        causation_id=recorded.event_id,
        traceparent=recorded.context.traceparent,
        actor=actor,
    )


async def each(rows: Iterable[T], do: Callable[[T], Awaitable[int]]) -> int:
    """Every row gets its turn, also when one of them has a fault that nobody foresaw.

    One notification that cannot be told must not keep all others from being told. The fault is
    raised after the last row, so that the worker is seen to be unhealthy.
    """
    done, faults = 0, []
    for row in rows:
        try:
            done += await do(row)
        except Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - it is raised when the others have had their turn
            faults.append(fault)
    if faults:
        raise faults[0]
    return done
