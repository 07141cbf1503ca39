"""What is held of me? Collected, ruled on by one person, released by another, and only then given.

Never a download by the person themselves: who is feared may be who asks.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Header, Response, status
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select
from uuid_utils.compat import uuid7

from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.domain import access_pack
from services.consent.domain.access_flags import EXEMPTIONS
from services.consent.domain.access_pack import Ruling, given, open_fields, ruling_on
from services.consent.domain.days import london_day, months_after
from services.consent.persons import Whom, keys_of
from services.consent.readmodels.access import ACCESS as REQUESTS
from services.consent.rights.collecting import Collecting
from services.consent.streams.access import (
    ACCESS,
    Access,
    AccessEvent,
    AccessFetched,
    AccessReleased,
    AccessRequested,
    AccessRuled,
    Requester,
    SamePerson,
    TooLate,
    access_stream,
    evolve,
)

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Name = Annotated[str, Field(min_length=1, max_length=200)]
By = Annotated[str, Header(alias="X-Daybreak-Contact", min_length=1, max_length=200)]
Json = dict[str, Any]

CLOCK = {
    "title": "UK GDPR article 12(3), within one month of receipt; taken as one calendar month",
    "url": "https://www.legislation.gov.uk/eur/2016/679/article/12",
    "status": "to be confirmed by the area",
}


class RequestIn(BaseModel):
    """`person` is who is asked about; that the requester is who they say is checked outside."""

    model_config = ConfigDict(extra="forbid")

    person: Whom
    requester: Requester
    received_on: date
    by: Name


class RulingIn(BaseModel):
    """Of one field, or of every flagged field under a path, as the review names them."""

    model_config = ConfigDict(extra="forbid")

    path: Annotated[str, Field(pattern=r"^cases(/[A-Za-z0-9_.\-]+)*$", max_length=500)]
    decision: Literal["release", "redact"]
    exemption: str | None = None

    @model_validator(mode="after")
    def _grounded(self) -> Self:
        if (self.decision == "redact") != (self.exemption in EXEMPTIONS):
            raise ValueError("a redaction relies on one of the exemptions, a release on none")
        return self


class RulingsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rulings: Annotated[list[RulingIn], Field(min_length=1, max_length=5_000)]
    by: Name


class ReleaseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: Name


def routes(  # noqa: C901 - one function a route
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    requests: Projector,
    collecting: Collecting,
    pepper: bytes,
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/rights/subject-access", tags=["rights"])
    commands = Commands(store, ACCESS)

    async def one(request: UUID) -> tuple[Access, AccessRequested]:
        access = Access()
        for recorded in await store.read_stream(access_stream(request)):
            access = evolve(access, recorded.event)
        if access.requested is None:
            raise Problem(404, "No such request")
        return access, access.requested

    async def fields_of(asked: AccessRequested) -> list[access_pack.Field]:
        for_a_child = asked.requester == "parental-responsibility"
        return await collecting.of(asked.keys, for_a_child=for_a_child)

    async def say(principal: Principal, event: AccessEvent) -> None:
        context = Context(
            correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
        )
        try:
            await commands.handle(access_stream(event.request), event, context)
        except TooLate:
            raise Problem(409, "It is released already") from None
        except SamePerson:
            raise Problem(409, "Who ruled on it cannot release it: another person does") from None

    async def seen(
        principal: Principal, asked: AccessRequested, by: str, form: str, count: int
    ) -> None:
        """Kept before it is shown: what cannot be recorded is not seen."""
        speaks_for_self(principal, by)
        what: Literal["review", "pack"] = "review" if form == "review" else "pack"
        now = clock.now()
        await say(
            principal,
            AccessFetched(request=asked.request, what=what, form=form, fields=count, by=by, at=now),
        )

    @router.post("", status_code=status.HTTP_201_CREATED)
    async def ask(principal: Governor, told: RequestIn) -> Json:
        speaks_for_self(principal, told.by)
        if told.received_on > london_day(clock.now()):
            detail = {"pointer": "/received_on", "detail": "It has not been received yet"}
            raise Problem(422, "The request cannot be taken", [detail])
        request = uuid7()
        asked = AccessRequested(
            request=request,
            keys=keys_of(told.person, pepper),
            requester=told.requester,
            received_on=told.received_on,
            due_on=months_after(told.received_on, 1),
            told=Sealed(access_stream(request), told.person.model_dump(mode="json")),
            by=told.by,
            at=clock.now(),
        )
        fields = await fields_of(asked)
        await say(principal, asked)
        flagged = sum(bool(field.flags) for field in fields)
        return {**_shown(asked), "clock": CLOCK, "fields": len(fields), "flagged": flagged}

    @router.get("")
    async def listed(_: Governor) -> Json:
        """The earliest due first; nothing of whom they are about."""
        await requests.catch_up()
        today = london_day(clock.now())
        async with database.reading() as tx:
            rows = list(await tx.execute(select(REQUESTS).order_by(REQUESTS.c.due_on)))
        return {
            "requests": [
                {
                    "id": row.request,
                    "requester": row.requester,
                    "received_on": row.received_on.isoformat(),
                    "due_on": row.due_on.isoformat(),
                    "state": row.state,
                    "overdue": row.state == "open" and row.due_on < today,
                }
                for row in rows
            ]
        }

    @router.get("/{request}")
    async def review(principal: Governor, request: UUID, by: By) -> Json:
        """Every field with its flags and what was ruled: for those who rule and release."""
        access, asked = await one(request)
        fields = await fields_of(asked)
        await seen(principal, asked, by, "review", len(fields))
        return {
            **_shown(asked),
            "released": access.released is not None,
            "fetched": access.fetched,
            "open": len(open_fields(fields, access.rulings)),
            "exemptions": EXEMPTIONS,
            "fields": [_reviewed(field, access) for field in fields],
        }

    @router.post("/{request}/rulings")
    async def rule(principal: Governor, request: UUID, told: RulingsIn) -> Json:
        speaks_for_self(principal, told.by)
        _, asked = await one(request)
        ruled = tuple(
            Ruling(each.path, each.decision, each.exemption, told.by) for each in told.rulings
        )
        await say(principal, AccessRuled(request=request, rulings=ruled, at=clock.now()))
        access, _ = await one(request)
        return {"open": len(open_fields(await fields_of(asked), access.rulings))}

    @router.post("/{request}/release")
    async def release(principal: Governor, request: UUID, told: ReleaseIn) -> Json:
        """By a second person, and only when something has been ruled on every flagged field."""
        speaks_for_self(principal, told.by)
        access, asked = await one(request)
        fields = await fields_of(asked)
        if left := open_fields(fields, access.rulings):
            raise Problem(409, f"{len(left)} flagged fields have not been ruled on")
        paths = tuple(field.path for field in fields)
        event = AccessReleased(request=request, paths=paths, by=told.by, at=clock.now())
        await say(principal, event)
        kept = given(fields, access.rulings, frozenset(paths))
        return {"released": len(kept), "redacted": len(fields) - len(kept)}

    @router.get("/{request}/pack")
    async def pack(
        principal: Governor, request: UUID, by: By, form: Literal["json", "text"] = "json"
    ) -> Response:
        """What leaves the house. Redacted fields are absent, and nothing says where they were."""
        access, asked = await one(request)
        if access.released is None:
            raise Problem(409, "It is not released")
        paths = frozenset(access.released.paths)
        kept = given(await fields_of(asked), access.rulings, paths)
        await seen(principal, asked, by, form, len(kept))
        if form == "text":
            return Response(access_pack.readable(kept), media_type="text/plain; charset=utf-8")
        body = access_pack.as_json(kept)
        return Response(body, media_type="application/json")

    return router


def _shown(asked: AccessRequested) -> Json:
    return {
        "id": str(asked.request),
        "requester": asked.requester,
        "received_on": asked.received_on.isoformat(),
        "due_on": asked.due_on.isoformat(),
    }


def _reviewed(field: access_pack.Field, access: Access) -> Json:
    ruling = ruling_on(field.path, access.rulings)
    return {
        "path": field.path,
        "value": field.value,
        "flags": sorted(field.flags),
        "decision": ruling.decision if ruling else None,
        "exemption": ruling.exemption if ruling else None,
    }
