"""What can a person do with what could not be read? Look at it, and try it again."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends

from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.notify.domain.intake import Refusal
from services.notify.hooks.definitions import Definitions
from services.notify.hooks.reading import Reader
from services.notify.hooks.unmapped import UnmappedDeliveries
from services.notify.streams.hooks import MappingFailed

_MAY = Annotated[Principal, Depends(guard("publisher", "operations"))]


def router(definitions: Definitions, unmapped: UnmappedDeliveries, reader: Reader) -> APIRouter:
    """`task` is the id of the resolve-mapping task."""
    routes = APIRouter(prefix="/notify/v1/unmapped", tags=["hooks"])

    @routes.get("/{task}")
    async def read_payload(task: UUID, principal: _MAY) -> dict[str, Any]:
        """As it came, for its owner alone. The reading is recorded before anything is shown."""
        failed = await _owned(unmapped, task, principal)
        await unmapped.note_reading(task, principal.person or principal.agency)
        return {
            "task": task,
            "door": failed.door,
            "hook": failed.hook,
            "failed_at": failed.failed_at,
            "errors": [{"pointer": f.pointer, "detail": f.detail} for f in failed.faults],
            "payload": failed.payload.value,
        }

    @routes.post("/{task}/retry")
    async def retry_mapping(task: UUID, principal: _MAY) -> dict[str, Any]:
        """With the mapping as it is now. What goes through closes the task."""
        failed = await _owned(unmapped, task, principal)
        defined = await definitions.of(failed.hook) if failed.hook else None
        if defined is None:
            raise Problem(409, "Only a webhook is mapped again; send the event anew")
        try:
            taken = await reader.take(defined, str(failed.payload.value).encode())
        except Refusal as refusal:
            errors = [{"pointer": at, "detail": what} for at, what in refusal.errors]
            raise Problem(refusal.status, refusal.title, errors) from None
        await unmapped.resolved(task, defined)
        return {"receipt": taken.receipt}

    return routes


async def _owned(unmapped: UnmappedDeliveries, task: UUID, principal: Principal) -> MappingFailed:
    state = await unmapped.of(task)
    if state.failed is None or state.failed.organisation != principal.agency:
        raise Problem(404, "There is nothing of yours under this task")
    if state.resolved or state.failed.payload.value is None:
        raise Problem(410, "This has been dealt with, and the payload is gone")
    return state.failed
