"""Which request for one's own data is it, how does it stand, and what may be said of it now?"""

from typing import Any
from uuid import UUID, uuid4

from services.chassis.commands import Commands
from services.chassis.principals import Principal
from services.chassis.problems import Problem
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.streams.access import (
    ACCESS,
    Access,
    AccessEvent,
    AccessRequested,
    Extended,
    SamePerson,
    TooLate,
    access_stream,
    evolve,
)

Json = dict[str, Any]
BASE = "/consent/v1/rights/subject-access"


class Requests:
    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._commands = Commands(store, ACCESS)

    async def one(self, request: UUID) -> tuple[Access, AccessRequested]:
        access = Access()
        for recorded in await self._store.read_stream(access_stream(request)):
            access = evolve(access, recorded.event)
        if access.requested is None:
            raise Problem(404, "No such request")
        return access, access.requested

    async def say(self, principal: Principal, event: AccessEvent) -> None:
        context = Context(
            correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
        )
        try:
            await self._commands.handle(access_stream(event.request), event, context)
        except TooLate:
            raise Problem(409, "It is released or refused already") from None
        except Extended:
            raise Problem(409, "Its time has been extended already") from None
        except SamePerson:
            raise Problem(409, "Who ruled on it cannot release it: another person does") from None


def shown(access: Access, asked: AccessRequested) -> Json:
    return {
        "id": str(asked.request),
        "requester": asked.requester,
        "received_on": asked.received_on.isoformat(),
        "due_on": (access.due_on or asked.due_on).isoformat(),
        "extended": access.extended is not None,
    }
