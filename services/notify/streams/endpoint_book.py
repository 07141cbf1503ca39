"""What is known of one endpoint now? Folded from its own stream, keys and address included."""

from functools import reduce
from typing import Any
from uuid import uuid4

from services.chassis.commands import Commands, Decider
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.notify.streams.endpoints import (
    Endpoint,
    EndpointCommand,
    EndpointEvent,
    decide,
    evolve,
    stream_of,
)

DECIDER = Decider[EndpointCommand, Endpoint, EndpointEvent](
    initial=Endpoint(), decide=decide, evolve=evolve
)


class EndpointBook:
    """Read from the log each time: a key that was taken back signs nothing from then on."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._commands = Commands(store, DECIDER)

    async def of(self, organisation: str, endpoint: str) -> Endpoint:
        history = await self._store.read_stream(stream_of(organisation, endpoint))
        return reduce(DECIDER.evolve, (recorded.event for recorded in history), DECIDER.initial)

    async def handle(self, command: Any, organisation: str, endpoint: str, actor: str) -> None:
        context = Context(correlation_id=uuid4(), traceparent=current_traceparent(), actor=actor)
        await self._commands.handle(stream_of(organisation, endpoint), command, context)
