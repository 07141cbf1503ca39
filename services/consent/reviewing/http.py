"""What was decided and why, what waits for a person, and does it still stand?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Outcome, Reason
from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.cases.resting import lost_by, still_allowed
from services.consent.readmodels import decisions, overrides
from services.consent.readmodels.statements import shown_with
from services.consent.streams.case import stream_of
from services.consent.streams.events import CaseEvent, ReleaseProposed
from services.consent.streams.state import (
    Case,
    CaseCommand,
    HoldUnknown,
    ResolveHold,
    SamePerson,
    StopResting,
)

Reader = Annotated[Principal, Depends(guard("information-governance", "reviewer", "service"))]
Sender = Annotated[Principal, Depends(guard("service"))]
PAGE = 1000  # and the most
Limit = Annotated[int, Query(ge=1, le=PAGE)]


class Resolution(BaseModel):
    model_config = ConfigDict(extra="forbid")

    outcome: Literal["disclosed", "withheld"]
    reason: Annotated[str, Field(min_length=1, max_length=10_000)]
    by: Annotated[str, Field(min_length=1, max_length=200)]


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decision_id: UUID


class Confirmation(BaseModel):
    stands: bool
    because: str


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    register: Projector,
    commands: Commands[CaseCommand, Case, CaseEvent],
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1", tags=["decisions"])

    @router.get("/decisions")
    async def list_decisions(
        _: Reader, event: str | None = None, after: UUID | None = None, limit: Limit = PAGE
    ) -> dict[str, Any]:
        """`event` is `<source>|<id>`, or the id alone, whoever sent it.

        Without it every decision that there is, page by page; `next` is the `after` of the page
        that follows.
        """
        await register.catch_up()
        asked = None
        if event is not None:
            source, separator, event_id = event.partition("|")
            asked = (source, event_id) if separator else (None, event)
        async with database.reading() as tx:
            found, following = await _page(tx, limit, event=asked, after=after)
            overridden = await overrides.by_decision(tx)
        listed: dict[str, Any] = {
            "decisions": [
                shown(standing) | {"overridden": overridden.get(str(standing.message.decision_id))}
                for standing in found
            ],
            "next": following,
        }
        if asked is not None and found:
            cases = dict.fromkeys(standing.message.case for standing in found)
            listed["statements"] = [one for case in cases for one in await shown_with(store, case)]
        return listed

    @router.get("/holds")
    async def list_holds(
        _: Reader, after: UUID | None = None, limit: Limit = PAGE
    ) -> dict[str, Any]:
        """Those that wait, page by page; `next` is the `after` of the page that follows."""
        await register.catch_up()
        async with database.reading() as tx:
            found, following = await _page(tx, limit, outcome=Outcome.HELD, after=after)
            proposed = await decisions.proposals(tx)
        return {"holds": [_hold(held, proposed) for held in found], "next": following}

    @router.post("/holds/{hold}/resolve")
    async def resolve(
        principal: Reader, hold: UUID, told: Resolution, response: Response
    ) -> dict[str, Any]:
        """A person's decision: released, or withheld. It sends nothing by itself.

        Where two must release it, the first is a proposal: 202, and nothing is told. To withhold
        needs one.
        """
        speaks_for_self(principal, told.by)
        await register.catch_up()
        async with database.reading() as tx:
            held = await decisions.one(tx, hold)
        if held is None:
            raise Problem(404, "No such hold")
        command = ResolveHold(
            decision_id=hold,
            outcome=told.outcome,
            by=told.by,
            reason=Sealed(f"hold-{hold}", told.reason),
            now=clock.now(),
            agency=principal.agency,
            key_id="" if principal.person or "service" in principal.roles else principal.key_id,
        )
        outcome = await _resolved(commands, held.message.case, command)
        if outcome == "proposed":
            response.status_code = status.HTTP_202_ACCEPTED
        return {"hold_id": str(hold), "outcome": outcome}

    @router.post("/confirmations")
    async def confirm(_: Sender, asked: Question) -> Confirmation:
        """Asked in the moment of sending, for what rests on consent.

        What has lost it meanwhile, as by its last day, is withheld from then on.
        """
        await register.catch_up()
        now = clock.now()
        async with database.reading() as tx:
            answer, lost = await _confirmed(tx, asked.decision_id, now)
        if lost is not None:
            because = {asked.decision_id: lost.because}
            context = Context(correlation_id=uuid4(), traceparent=current_traceparent())
            stop = StopResting(because=because, now=now)
            await commands.handle(stream_of(lost.case), stop, context)
        return answer

    return router


async def _page(
    tx: AsyncConnection, limit: int, **asked: Any
) -> tuple[list[decisions.Standing], str | None]:
    """With the id behind which the next one begins. Raises Problem."""
    try:
        found = await decisions.all_of(tx, limit=limit + 1, **asked)
    except decisions.NoSuchPlace:
        detail = {"pointer": "/after", "detail": "no page of this list has ended there"}
        raise Problem(422, "There is no such place in the list", [detail]) from None
    more = len(found) > limit
    return found[:limit], str(found[limit - 1].message.decision_id) if more else None


async def _resolved(
    commands: Commands[CaseCommand, Case, CaseEvent], case: UUID, command: ResolveHold
) -> str:
    """What has come of it. Raises Problem."""
    context = Context(
        correlation_id=uuid4(), traceparent=current_traceparent(), actor=command.agency
    )
    try:
        said = await commands.handle(stream_of(case), command, context)
    except HoldUnknown:
        raise Problem(409, "The hold has been resolved or replaced already") from None
    except SamePerson:
        raise Problem(409, "Somebody else must release it too") from None
    proposed = any(isinstance(one, ReleaseProposed) for one in said)
    return "proposed" if proposed else command.outcome


class _Lost(NamedTuple):
    case: UUID
    because: Reason


async def _confirmed(
    tx: AsyncConnection, decision_id: UUID, now: datetime
) -> tuple[Confirmation, _Lost | None]:
    standing = await decisions.one(tx, decision_id)
    if standing is None:
        return Confirmation(stands=False, because="no such decision"), None
    if standing.superseded or standing.message.outcome is not Outcome.DISCLOSED:
        return Confirmation(stands=False, because="the decision does not stand any more"), None
    if standing.resting is None:
        return Confirmation(stands=True, because="it does not rest on consent"), None
    finding = await still_allowed(tx, standing, now)
    lost = None if finding.applies else _Lost(standing.message.case, lost_by(standing, finding))
    because = finding.rule or "consent-is-in-doubt"
    return Confirmation(stands=finding.applies, because=because), lost


def _hold(held: decisions.Standing, proposed: Mapping[str, decisions.Proposal]) -> dict[str, Any]:
    hold = str(held.message.decision_id)
    first = proposed.get(hold)
    return {
        "hold_id": hold,
        "receipt": str(held.message.event.receipt),
        **shown(held),
        "release": "two-person" if held.two_person else "one-person",
        "proposed": first and {"by": first.by, "agency": first.agency, "at": first.at.isoformat()},
    }


_NOT_SHOWN: Any = {
    "about": True,
    "disclosure": True,
    "barred_readers": True,
    "event": {"receipt"},
}


def shown(standing: decisions.Standing) -> dict[str, Any]:
    """Without the subject's id, which means nothing to people."""
    message = standing.message
    return {
        **message.model_dump(mode="json", exclude=_NOT_SHOWN),
        "about": message.about.ref,
        "superseded": standing.superseded,
    }
