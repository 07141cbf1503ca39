"""What of a delivery that cannot be read? It is kept, sealed, until a person has dealt with it."""

from functools import reduce
from uuid import UUID

from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.notify.streams.hooks import (
    Fault,
    HookDefined,
    MappingFailed,
    Resolve,
    Unmapped,
    UnmappedEvent,
    UnmappedRead,
    decide,
    evolve,
    failure_of,
    sealed_under,
    task_of,
    unmapped_stream,
)

_DOOR = "hook"
_DECIDER = Decider[MappingFailed | Resolve | UnmappedRead, Unmapped, UnmappedEvent](
    initial=Unmapped(), decide=decide, evolve=evolve
)


class UnmappedDeliveries:
    def __init__(self, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._commands = Commands(store, _DECIDER)
        self._clock = clock

    async def keep(
        self, hook: HookDefined, delivery: str, body: bytes, faults: tuple[Fault, ...]
    ) -> None:
        """Once for each delivery, however often the provider tries it again."""
        failure = failure_of(_DOOR, hook.hook, delivery)
        task = task_of(failure)
        failed = MappingFailed(
            failure=failure,
            task=task,
            organisation=hook.organisation,
            door=_DOOR,
            hook=hook.hook,
            payload=Sealed(subject=sealed_under(task), value=body.decode("utf-8", "replace")),
            faults=faults,
            failed_at=self._clock.now(),
        )
        await self._commands.handle(unmapped_stream(task), failed, _because(task, hook))

    async def resolve(self, hook: HookDefined, delivery: str) -> None:
        """The same delivery came again and could be read after all."""
        task = task_of(failure_of(_DOOR, hook.hook, delivery))
        await self.resolved(task, hook)

    async def resolved(self, task: UUID, hook: HookDefined) -> None:
        """Its content is in the event now: the copy that was kept goes with its key."""
        resolve = Resolve(at=self._clock.now())
        if await self._commands.handle(unmapped_stream(task), resolve, _because(task, hook)):
            await self._store.destroy_key(sealed_under(task))

    async def of(self, task: UUID) -> Unmapped:
        history = await self._store.read_stream(unmapped_stream(task))
        return reduce(_DECIDER.evolve, (one.event for one in history), _DECIDER.initial)

    async def note_reading(self, task: UUID, by: str) -> None:
        read = UnmappedRead(task=task, by=by, read_at=self._clock.now())
        context = Context(correlation_id=task, traceparent=current_traceparent(), actor=by)
        await self._commands.handle(unmapped_stream(task), read, context)


def _because(task: UUID, hook: HookDefined) -> Context:
    return Context(correlation_id=task, traceparent=current_traceparent(), actor=hook.organisation)
