"""How does an agency record consent without sending an event? By a call that says the same."""

from datetime import datetime
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from fastapi import APIRouter, Body, Depends, Header, status
from pydantic import AwareDatetime, BaseModel, ConfigDict

from contracts.messages import EventAccepted
from contracts.problems import InvalidEvent
from services.chassis.clock import Clock
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.cases.taking import Taking
from services.consent.streams.case import stream_of
from services.consent.streams.events import EventTaken
from services.consent.streams.pieces import Forgotten, whole

Publisher = Annotated[Principal, Depends(guard("publisher", "service"))]
_CALLS = uuid5(NAMESPACE_URL, "daybreak/consent/calls")


class Recorded(BaseModel):
    consent: UUID


class Withdrawal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    withdrawn_at: AwareDatetime | None = None
    reason: str | None = None


def routes(taking: Taking, store: EventStore, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/consents", tags=["consents"])

    @router.post("", status_code=status.HTTP_202_ACCEPTED)
    async def record(
        principal: Publisher,
        data: Annotated[dict[str, Any], Body()],
        idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    ) -> Recorded:
        """The data of `consent.given.v1`, or with `refused_at` that of `consent.refused.v1`."""
        kind = "refused" if "refused_at" in data else "given"
        told = idempotency_key or str(uuid4())
        event = _event(principal, f"consent.{kind}.v1", data, told, clock.now())
        return Recorded(consent=await _take(taking, principal, event))

    @router.post("/{consent}/withdraw", status_code=status.HTTP_202_ACCEPTED)
    async def withdraw(principal: Publisher, consent: UUID, told: Withdrawal) -> Recorded:
        """Of exactly what was allowed then; by the agency that recorded it."""
        given = await _given(store, principal, consent)
        data: dict[str, Any] = {
            "person": given["person"],
            "scope": given.get("scope", {}),
            "withdrawn_at": (told.withdrawn_at or clock.now()).isoformat(),
        }
        if told.reason:
            data["reason"] = told.reason
        event = _event(principal, "consent.withdrawn.v1", data, f"withdraw-{consent}", clock.now())
        return Recorded(consent=await _take(taking, principal, event))

    return router


async def _given(store: EventStore, principal: Principal, consent: UUID) -> dict[str, Any]:
    for recorded in await store.read_stream(stream_of(consent)):
        taken = recorded.event
        if isinstance(taken, EventTaken) and taken.type == "consent.given.v1":
            if taken.agency != principal.agency and "service" not in principal.roles:
                break
            try:
                return dict(whole(taken)["data"])
            except Forgotten:
                break
    raise Problem(404, "No such consent of this agency")


def _event(
    principal: Principal, kind: str, data: dict[str, Any], told: str, now: datetime
) -> EventAccepted:
    """The call as the event that it stands for. The same key again is the same event."""
    message = uuid5(_CALLS, f"{principal.agency}|{told}")
    event = {
        "specversion": "1.0",
        "id": str(message),
        "source": f"/agencies/{principal.agency}",
        "type": kind,
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    return EventAccepted(receipt=message, agency=principal.agency, accepted_at=now, event=event)


async def _take(taking: Taking, principal: Principal, accepted: EventAccepted) -> UUID:
    message = accepted.receipt
    context = Context(
        correlation_id=message, traceparent=current_traceparent(), actor=principal.agency
    )
    try:
        return await taking.take(accepted, message, context)
    except InvalidEvent as invalid:
        errors = [
            {**error, "pointer": error["pointer"].removeprefix("/data")} for error in invalid.errors
        ]
        raise Problem(422, "The consent is not well formed", errors) from None
