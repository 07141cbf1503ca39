"""What does this service write, and how does it read what it wrote? Its streams and their rows."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, reduce
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore, NewEvent, Recorded, VersionConflict
from services.notify.domain import instructions, nudge, task, telling
from services.notify.domain import notification as notifications
from services.notify.domain.calendars import BankHolidays
from services.notify.readmodels.lookups import Lookups
from services.notify.streams import agreement, case, decision
from services.notify.streams.case import AcknowledgementNoted
from services.notify.streams.decision import DecisionRecorded

_TRIES = 4


def _decide_each(commands: Sequence[Any], state: Any) -> Sequence[Any]:
    """One after the other, each in the state that the one before it has left."""
    events: list[Any] = []
    for command in commands:
        decided = telling.decide(command, state)
        state = reduce(telling.evolve, decided, state)
        events += decided
    return events


_NOTIFICATION: Decider[Any, Any, Any] = Decider(
    initial=telling.INITIAL, decide=_decide_each, evolve=telling.evolve
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
_AGREEMENT: Decider[Any, Any, Any] = Decider(
    initial=0, decide=agreement.decide, evolve=agreement.evolve
)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """One for the service. `bank_holidays` are those of England and Wales."""

    store: EventStore
    database: Database
    projector: Projector
    clock: Clock
    bank_holidays: BankHolidays
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False, compare=False
    )

    def now(self) -> datetime:
        return self.clock.now()

    @asynccontextmanager
    async def rows(self) -> AsyncIterator[AsyncConnection]:
        """The rows as the log has them now: a reader sees what it wrote itself."""
        await self.projector.catch_up()
        async with self.database.reading() as connection:
            yield connection

    @cached_property
    def look(self) -> Lookups:
        """For those who ask about one of many at the same time."""
        return Lookups(self.rows, self.database.reading)

    async def notification(
        self, one: UUID, command: instructions.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[notifications.NotificationEvent]:
        return await self.notify(one, (command,), context, key=key)

    async def notify(
        self,
        one: UUID,
        commands: Sequence[instructions.Command],
        context: Context,
        *,
        key: UUID | None = None,
    ) -> Sequence[notifications.NotificationEvent]:
        """What all of them decide, one after the other, in one append."""
        new = any(isinstance(one, notifications.NotificationRaised) for one in commands)
        stream = notifications.stream_of(one)
        return await self._handle(_NOTIFICATION, stream, tuple(commands), context, key, new)

    async def task(
        self, one: UUID, command: task.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[task.TaskEvent]:
        new = isinstance(command, task.TaskOpened)
        return await self._handle(_TASK, task.stream_of(one), command, context, key, new)

    async def nudge(
        self, one: UUID, command: nudge.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[nudge.NudgeEvent]:
        return await self._handle(_NUDGE, nudge.stream_of(one), command, context, key)

    async def decision(
        self, one: UUID, command: decision.Command, context: Context, *, key: UUID | None = None
    ) -> Sequence[decision.DecisionEvent]:
        new = isinstance(command, DecisionRecorded)
        return await self._handle(_DECISION, decision.stream_of(one), command, context, key, new)

    async def case(self, one: UUID, fact: case.CaseEvent, context: Context, *, key: UUID) -> None:
        await self._handle(_CASE, case.stream_of(one), fact, context, key)

    async def signatories(
        self, told: agreement.SignatoriesTold, context: Context, *, key: UUID
    ) -> None:
        stream = agreement.stream_of(told.agreement)
        await self._handle(_AGREEMENT, stream, told, context, key)

    async def _handle(
        self,
        decider: Decider[Any, Any, Any],
        stream: str,
        command: Any,
        context: Context,
        key: UUID | None,
        new: bool = False,
    ) -> Sequence[Any]:
        """In turn for each stream: many who answer the same one at once would only collide."""
        turn = self._turns.setdefault(stream, asyncio.Lock())
        async with turn:
            commands = Commands(self.store, decider)
            return await commands.handle(stream, command, context, key=key, new=new)

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
