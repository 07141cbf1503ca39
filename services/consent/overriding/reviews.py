"""Was it right to override? Reviewed on the next working day, by somebody else (ADR 0029)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from contracts.messages import DecisionMade, ObligationArisen, Owner
from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.domain.overriding import breach_by
from services.consent.overriding.preparing import Name, Said, override_key, refused
from services.consent.readmodels import decisions, overrides
from services.consent.streams.case import stream_of
from services.consent.streams.events import CaseEvent, DecisionOverridden
from services.consent.streams.state import (
    BREACH,
    Case,
    CaseCommand,
    DecisionReplaced,
    ReviewOverride,
    SamePerson,
)

Reviewer = Annotated[Principal, Depends(guard("information-governance", "reviewer", "service"))]


class Review(BaseModel):
    model_config = ConfigDict(extra="forbid")

    outcome: Literal["upheld", "not-upheld"]
    by: Name
    reason: Said


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    register: Projector,
    commands: Commands[CaseCommand, Case, CaseEvent],
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/overrides", tags=["overrides"])

    @router.get("")
    async def list_overrides(_: Reviewer) -> dict[str, Any]:
        await register.catch_up()
        async with database.reading() as tx:
            return {"overrides": await overrides.all_of(tx)}

    @router.get("/{decision}")
    async def one_override(_: Reviewer, decision: UUID) -> dict[str, Any]:
        """With the reason and the risk, in the words of who answered for it."""
        found = await _found(decision)
        for recorded in await store.read_stream(stream_of(UUID(found["case"]))):
            fact = recorded.event
            if isinstance(fact, DecisionOverridden) and fact.decision_id == decision:
                found |= {"reason": fact.reason.value, "risk": fact.risk.value}
        return found

    @router.post("/{decision}/review")
    async def review(principal: Reviewer, decision: UUID, told: Review) -> dict[str, Any]:
        """By somebody else. Not upheld: what was told is taken back, also what was read."""
        speaks_for_self(principal, told.by)
        await _found(decision)
        made, now = await _made(database, decision), clock.now()
        command = ReviewOverride(
            decision_id=decision,
            outcome=told.outcome,
            by=told.by,
            reason=Sealed(override_key(decision), told.reason),
            breach=_breach(made, now),
            now=now,
        )
        context = Context(
            correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
        )
        try:
            await commands.handle(stream_of(made.case), command, context)
        except DecisionReplaced:
            raise Problem(409, "The override has been reviewed already") from None
        except SamePerson:
            raise refused("/by", "Who overrode it does not review it") from None
        return {"decision_id": str(decision), "outcome": told.outcome}

    async def _found(decision: UUID) -> dict[str, Any]:
        await register.catch_up()
        async with database.reading() as tx:
            found = await overrides.one(tx, str(decision))
        if found is None:
            raise Problem(404, "No such override")
        return found

    return router


async def _made(database: Database, decision: UUID) -> DecisionMade:
    async with database.reading() as tx:
        standing = await decisions.one(tx, decision)
    assert standing is not None  # the log has it before its override
    return standing.message


def _breach(made: DecisionMade, now: datetime) -> ObligationArisen:
    """For the agency whose information was shared, as after a retraction."""
    return ObligationArisen(
        task=uuid5(made.decision_id, BREACH),
        kind=BREACH,
        event=made.event,
        case=made.case,
        about=made.about,
        audience=made.audience,
        owner=Owner(organisation=made.event.source.removeprefix("/agencies/")),
        due=breach_by(now),
    )
