"""Who asks what is held of them, and by when are they answered, or told that they are not?"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from uuid_utils.compat import uuid7

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.consent.domain.answering import due_on, extended_to, moment_of
from services.consent.domain.days import london_day
from services.consent.persons import Whom, keys_of
from services.consent.readmodels.access import ACCESS as REQUESTS
from services.consent.rights.collecting import Collecting
from services.consent.rights.requests import BASE, Requests, shown
from services.consent.streams.access import (
    Access,
    AccessExtended,
    AccessRefused,
    AccessRequested,
    Requester,
    access_stream,
)

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Json = dict[str, Any]

CLOCK = {
    "title": "UK GDPR article 12(3), within one month of receipt; taken as one calendar month",
    "url": "https://www.legislation.gov.uk/eur/2016/679/article/12",
    "status": "to be confirmed by the area",
}
LONGER = {
    "title": "UK GDPR article 12(3), two further months, told to the person within the first with"
    " the reasons for the delay",
    "url": "https://www.legislation.gov.uk/eur/2016/679/article/12",
    "status": "to be confirmed by the area",
}


class RequestIn(BaseModel):
    """`person` is who is asked about; that the requester is who they say is checked outside.

    `controller` is the organisation that was asked, by its id, whose lead has the task; without
    it that of whoever takes the request.
    """

    model_config = ConfigDict(extra="forbid")

    person: Whom
    requester: Requester
    received_on: date
    by: Name
    controller: Annotated[str, Field(max_length=200)] = ""


class ExtensionIn(BaseModel):
    """`told_on`: the day on which the person was told, with this reason."""

    model_config = ConfigDict(extra="forbid")

    told_on: date
    reason: Text
    by: Name


class RefusalIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Text
    by: Name


def routes(
    *,
    clock: Clock,
    database: Database,
    requests: Requests,
    requested: Projector,
    collecting: Collecting,
    pepper: bytes,
) -> APIRouter:
    router = APIRouter(prefix=BASE, tags=["rights"])

    @router.post("", status_code=status.HTTP_201_CREATED)
    async def ask(principal: Governor, told: RequestIn) -> Json:
        """Opens a task for the controller's lead; over when it is released or refused."""
        speaks_for_self(principal, told.by)
        _not_ahead(told.received_on, "/received_on", clock)
        request = uuid7()
        asked = AccessRequested(
            request=request,
            keys=keys_of(told.person, pepper),
            requester=told.requester,
            received_on=told.received_on,
            due_on=due_on(told.received_on),
            told=Sealed(access_stream(request), told.person.model_dump(mode="json")),
            by=told.by,
            at=clock.now(),
            controller=told.controller,
        )
        fields = await collecting.about(asked)
        await requests.say(principal, asked)
        return {
            **shown(Access(requested=asked), asked),
            "due": moment_of(asked.due_on).isoformat(),
            "clock": CLOCK,
            "fields": len(fields),
            "flagged": sum(bool(field.flags) for field in fields),
        }

    @router.get("")
    async def listed(_: Governor) -> Json:
        """The earliest due first; nothing of whom they are about."""
        await requested.catch_up()
        now = clock.now()
        async with database.reading() as tx:
            rows = list(await tx.execute(select(REQUESTS).order_by(REQUESTS.c.due_on)))
        return {"requests": [_row(row, now) for row in rows]}

    @router.post("/{request}/extend")
    async def extend(principal: Governor, request: UUID, told: ExtensionIn) -> Json:
        """Two further months, once, where the person was told within the first, and why."""
        speaks_for_self(principal, told.by)
        _, asked = await requests.one(request)
        _not_ahead(told.told_on, "/told_on", clock)
        if not asked.received_on <= told.told_on <= asked.due_on:
            raise _refused("/told_on", "The person is told within the first month")
        event = AccessExtended(
            request=request,
            due_on=extended_to(asked.received_on),
            told_on=told.told_on,
            reason=Sealed(access_stream(request), {"reason": told.reason}),
            controller=asked.controller or principal.agency,
            by=told.by,
            at=clock.now(),
        )
        await requests.say(principal, event)
        access, _ = await requests.one(request)
        return {
            **shown(access, asked),
            "due": moment_of(event.due_on).isoformat(),
            "clock": LONGER,
        }

    @router.post("/{request}/refuse")
    async def refuse(principal: Governor, request: UUID, told: RefusalIn) -> Json:
        """No pack is given: on what ground is in the reason, which the person is told."""
        speaks_for_self(principal, told.by)
        await requests.one(request)
        reason = Sealed(access_stream(request), {"reason": told.reason})
        event = AccessRefused(request=request, reason=reason, by=told.by, at=clock.now())
        await requests.say(principal, event)
        return {"outcome": "refused"}

    return router


def _row(row: Any, now: datetime) -> Json:
    return {
        "id": row.request,
        "requester": row.requester,
        "received_on": row.received_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "due": moment_of(row.due_on).isoformat(),
        "state": row.state,
        "overdue": row.state == "open" and row.due_on < london_day(now),
    }


def _not_ahead(day: date, pointer: str, clock: Clock) -> None:
    if day > london_day(clock.now()):
        raise _refused(pointer, "That day has not come yet")


def _refused(pointer: str, detail: str) -> Problem:
    return Problem(422, "The request cannot be taken so", [{"pointer": pointer, "detail": detail}])
