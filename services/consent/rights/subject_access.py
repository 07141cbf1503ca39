"""What is held of me? Collected, ruled on by one person, released by another, and only then given.

Never a download by the person themselves: who is feared may be who asks.
"""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.chassis.clock import Clock
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.consent.domain import access_pack
from services.consent.domain.access_flags import EXEMPTIONS
from services.consent.domain.access_pack import Ruling, given, open_fields, ruling_on
from services.consent.rights.collecting import Collecting
from services.consent.rights.requests import BASE, Requests, shown
from services.consent.streams.access import (
    Access,
    AccessFetched,
    AccessReleased,
    AccessRequested,
    AccessRuled,
)

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Name = Annotated[str, Field(min_length=1, max_length=200)]
By = Annotated[str, Header(alias="X-Daybreak-Contact", min_length=1, max_length=200)]
Json = dict[str, Any]


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


def routes(*, clock: Clock, requests: Requests, collecting: Collecting) -> APIRouter:
    router = APIRouter(prefix=BASE, tags=["rights"])
    one, say = requests.one, requests.say

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

    @router.get("/{request}")
    async def review(principal: Governor, request: UUID, by: By) -> Json:
        """Every field with its flags and what was ruled: for those who rule and release."""
        access, asked = await one(request)
        fields = await collecting.about(asked)
        await seen(principal, asked, by, "review", len(fields))
        return {
            **shown(access, asked),
            "released": access.released is not None,
            "refused": access.refused is not None,
            "ruled_by": sorted(access.deciders),
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
        return {"open": len(open_fields(await collecting.about(asked), access.rulings))}

    @router.post("/{request}/release")
    async def release(principal: Governor, request: UUID, told: ReleaseIn) -> Json:
        """By a second person, and only when something has been ruled on every flagged field."""
        speaks_for_self(principal, told.by)
        access, asked = await one(request)
        fields = await collecting.about(asked)
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
        kept = given(await collecting.about(asked), access.rulings, paths)
        await seen(principal, asked, by, form, len(kept))
        if form == "text":
            return Response(access_pack.readable(kept), media_type="text/plain; charset=utf-8")
        body = access_pack.as_json(kept)
        return Response(body, media_type="application/json")

    return router


def _reviewed(field: access_pack.Field, access: Access) -> Json:
    ruling = ruling_on(field.path, access.rulings)
    return {
        "path": field.path,
        "value": field.value,
        "flags": sorted(field.flags),
        "decision": ruling.decision if ruling else None,
        "exemption": ruling.exemption if ruling else None,
    }
