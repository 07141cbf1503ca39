"""Which hooks are there, whose are they, and with which secrets do they sign?"""

import base64
import binascii
from collections.abc import Mapping as Keyed
from functools import reduce
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from contracts.mapping import Mapping
from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.sealing import Sealed
from services.chassis.standard_webhooks import new_secret
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.notify.on_behalf import OrganisationId, ThingId
from services.notify.streams.hooks import SECRETS_AT_ONCE, HookDefined, hook_stream

_MAY = Annotated[Principal, Depends(guard("administrator", "service"))]


def _sound(secret: str) -> str:
    """24 to 64 bytes in base64, or the other half of a v1a pair (Standard Webhooks 1.0)."""
    prefix, _, text = secret.partition("_")
    try:
        length = len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if not (prefix == "whsec" and 24 <= length <= 64) and not (prefix == "whpk" and length == 32):
        raise ValueError("is no secret of this form")
    return secret


_Secret = Annotated[str, AfterValidator(_sound), Field(max_length=100)]
_DECIDER = Decider[HookDefined, HookDefined | None, HookDefined](
    initial=None, decide=lambda defined, _: (defined,), evolve=lambda _, defined: defined
)


class HookIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: OrganisationId
    mapping: Annotated[str | None, Field(max_length=100)] = None
    secrets: Annotated[tuple[_Secret, ...] | None, Field(max_length=SECRETS_AT_ONCE)] = None


class Definitions:
    """Read from the log at every delivery: a secret that was taken back is gone at once."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._commands = Commands(store, _DECIDER)

    async def of(self, hook: str) -> HookDefined | None:
        history = await self._store.read_stream(hook_stream(hook))
        return reduce(_DECIDER.evolve, (recorded.event for recorded in history), None)

    async def define(self, hook: HookDefined, context: Context) -> None:
        await self._commands.handle(hook_stream(hook.hook), hook, context)


def router(definitions: Definitions, mappings: Keyed[str, Mapping], clock: Clock) -> APIRouter:
    routes = APIRouter(tags=["hooks"])

    @routes.put("/notify/v1/hooks/{hook}")
    async def define_hook(hook: ThingId, body: HookIn, principal: _MAY) -> dict[str, Any]:
        """Secrets that are left out are kept, or made when there are none; they are shown once."""
        if body.mapping is not None and body.mapping not in mappings:
            errors = [{"pointer": "/mapping", "detail": "is not the name of a mapping"}]
            raise Problem(422, "There is no such mapping", errors)
        before = await definitions.of(hook)
        kept = before.secrets.value if before and body.secrets is None else None
        chosen = list(body.secrets or kept or [new_secret()])
        defined = HookDefined(
            hook=hook,
            organisation=body.organisation,
            mapping=body.mapping,
            secrets=Sealed(subject=hook_stream(hook), value=chosen),
            defined_by=principal.agency,
            defined_at=clock.now(),
        )
        context = Context(
            correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
        )
        await definitions.define(defined, context)
        return _shown(defined) | ({} if kept else {"secrets": chosen})

    @routes.get("/notify/v1/hooks/{hook}")
    async def get_hook(hook: ThingId, principal: _MAY) -> dict[str, Any]:
        defined = await definitions.of(hook)
        if defined is None:
            raise Problem(404, "There is no such hook")
        return _shown(defined)

    return routes


def _shown(defined: HookDefined) -> dict[str, Any]:
    return {
        "id": defined.hook,
        "organisation": defined.organisation,
        "mapping": defined.mapping,
    }
