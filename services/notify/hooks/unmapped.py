"""What of a delivery that cannot be read? It is kept, sealed, until a person has looked at it."""

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
    decide,
    evolve,
    failure_of,
    failure_stream,
    sealed_under,
    task_of,
)

_DOOR = "hook"


class UnmappedDeliveries:
    def __init__(self, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._commands = Commands(store, Decider(initial=Unmapped(), decide=decide, evolve=evolve))
        self._clock = clock

    async def keep(
        self, hook: HookDefined, delivery: str, body: bytes, faults: tuple[Fault, ...]
    ) -> None:
        """Once for each delivery, however often the provider tries it again."""
        failure = failure_of(_DOOR, hook.hook, delivery)
        failed = MappingFailed(
            failure=failure,
            task=task_of(failure),
            organisation=hook.organisation,
            door=_DOOR,
            hook=hook.hook,
            payload=Sealed(subject=sealed_under(failure), value=body.decode("utf-8", "replace")),
            faults=faults,
            failed_at=self._clock.now(),
        )
        context = Context(
            correlation_id=failure, traceparent=current_traceparent(), actor=hook.organisation
        )
        await self._commands.handle(failure_stream(failure), failed, context)

    async def resolve(self, hook: HookDefined, delivery: str) -> None:
        """The same delivery could be read after all. Its payload is in the event now, so the copy
        that was kept here is destroyed with its key."""
        failure = failure_of(_DOOR, hook.hook, delivery)
        context = Context(
            correlation_id=failure, traceparent=current_traceparent(), actor=hook.organisation
        )
        command = Resolve(at=self._clock.now())
        if await self._commands.handle(failure_stream(failure), command, context):
            await self._store.destroy_key(sealed_under(failure))
