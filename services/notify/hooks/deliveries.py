"""What does a provider's own webhook tell us? Verified, mapped, then an event like any other."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, status

from services.chassis.clock import Clock
from services.chassis.principals import public
from services.chassis.problems import Problem
from services.chassis.standard_webhooks import SignatureRefused, verify
from services.notify.domain.intake import Refusal
from services.notify.hooks.definitions import Definitions
from services.notify.hooks.reading import Malformed, Reader
from services.notify.hooks.unmapped import UnmappedDeliveries
from services.notify.streams.hooks import Fault, HookDefined

TOLERANCE = timedelta(minutes=5)


def router(
    definitions: Definitions, unmapped: UnmappedDeliveries, reader: Reader, clock: Clock
) -> APIRouter:
    routes = APIRouter(tags=["hooks"])

    # The signature is the guard, over the bytes as they came: no key of ours is asked for.
    @routes.post(
        "/notify/v1/hooks/{hook}",
        status_code=status.HTTP_202_ACCEPTED,
        dependencies=[Depends(public)],
    )
    async def receive(
        hook: Annotated[str, Path(max_length=100)], request: Request
    ) -> dict[str, Any]:
        body = await request.body()
        defined = await definitions.of(hook)
        if defined is None or not _verified(defined, request, body, clock):
            # One answer for both: which hooks there are is nobody's business.
            raise Problem(401, "The signature is bad or stale")
        delivery = request.headers["webhook-id"]
        try:
            taken = await reader.take(defined, body)
        except Malformed as wrong:
            raise Problem(400, wrong.title) from None
        except Refusal as refusal:
            if refusal.status not in (400, 422):
                raise Problem(refusal.status, refusal.title, _errors(refusal)) from None
            faults = tuple(Fault(pointer=at, detail=what) for at, what in refusal.errors)
            await unmapped.keep(defined, delivery, body, faults)
            title = "The payload cannot be read as an event; it is kept and a person will look"
            raise Problem(422, title, _errors(refusal)) from None
        await unmapped.resolve(defined, delivery)
        accepted = {"source": taken.source, "id": taken.id, "receipt": str(taken.receipt)}
        return {"accepted": [accepted]}

    return routes


def _verified(defined: HookDefined, request: Request, body: bytes, clock: Clock) -> bool:
    try:
        verify(
            body,
            request.headers,
            defined.secrets.value or (),
            now=clock.now(),
            tolerance=TOLERANCE,
        )
    except SignatureRefused:
        return False
    return True


def _errors(refusal: Refusal) -> list[dict[str, str]]:
    return [{"pointer": at, "detail": what} for at, what in refusal.errors]
