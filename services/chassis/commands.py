"""How is something decided? Read the stream, fold it, decide, append; and again on a conflict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Generic, TypeVar
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from services.chassis.store import AlreadyRecorded, Context, EventStore, NewEvent, VersionConflict

RETRIES = 3

C = TypeVar("C")  # command
S = TypeVar("S")  # state
E = TypeVar("E")  # event


@dataclass(frozen=True, kw_only=True)  # no slots: a generic one cannot have them on 3.11
class Decider(Generic[C, S, E]):
    """The pure core of one stream."""

    initial: S
    decide: Callable[[C, S], Sequence[E]]
    evolve: Callable[[S, E], S]


class Commands(Generic[C, S, E]):
    def __init__(self, store: EventStore, decider: Decider[C, S, E]) -> None:
        self._store = store
        self._decider = decider

    async def handle(
        self,
        stream: str,
        command: C,
        context: Context,
        *,
        key: UUID | None = None,
        new: bool = False,
    ) -> tuple[E, ...]:
        """The events that were recorded; none when there was nothing to decide.

        `key` is the id of the message that is answered: its second copy changes nothing. `new`:
        the caller expects that the stream is empty; if it is not, that is a conflict like any.
        """
        for attempt in range(RETRIES):
            try:
                return await self._once(stream, command, context, key, new and not attempt)
            except VersionConflict:
                continue
        return await self._once(stream, command, context, key, False)

    async def _once(
        self, stream: str, command: C, context: Context, key: UUID | None, fresh: bool
    ) -> tuple[E, ...]:
        history = [] if fresh else await self._store.read_stream(stream)
        state = reduce(self._decider.evolve, (r.event for r in history), self._decider.initial)
        events = tuple(self._decider.decide(command, state))
        if not events:
            return ()
        new = [
            NewEvent(event_id=_event_id(stream, key, number), event=event)
            for number, event in enumerate(events)
        ]
        if not context.traceparent and history:
            # A worker that acts by the clock carries on the trace of what it acts upon.
            context = replace(context, traceparent=history[-1].context.traceparent)
        try:
            await self._store.append(stream, new, expected=len(history), context=context)
        except AlreadyRecorded:
            if key is None:
                raise
            return ()
        return events


def _event_id(stream: str, key: UUID | None, number: int) -> UUID:
    return uuid7() if key is None else uuid5(key, f"{stream}/{number}")
