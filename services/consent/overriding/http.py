"""Must this be told at once, whatever the agreements say? A named person answers for it.

For a risk of serious harm now. It is reviewed on the next working day by somebody else (ADR 0029).
"""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, status

from contracts.agreements import Agreement
from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.cases.deliberation import Deliberation
from services.consent.overriding.preparing import Override, Preparing
from services.consent.streams.case import stream_of
from services.consent.streams.events import CaseEvent
from services.consent.streams.state import Case, CaseCommand, DecisionReplaced

Reviewer = Annotated[Principal, Depends(guard("information-governance", "reviewer", "service"))]


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    register: Projector,
    commands: Commands[CaseCommand, Case, CaseEvent],
    deliberation: Deliberation,
    agreements: Sequence[Agreement],
    pepper: bytes,
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1", tags=["overrides"])
    preparing = Preparing(
        store=store,
        database=database,
        clock=clock,
        deliberation=deliberation,
        agreements=agreements,
        pepper=pepper,
    )

    @router.post("/decisions/{decision}/override", status_code=status.HTTP_201_CREATED)
    async def override(principal: Reviewer, decision: UUID, told: Override) -> dict[str, Any]:
        """Disclose it now. Who must not read, who is never told and every refuge stay so."""
        speaks_for_self(principal, told.by)
        await register.catch_up()
        former = (await preparing.standing(decision)).message
        command = await preparing.command(former, told)
        context = Context(
            correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
        )
        try:
            await commands.handle(stream_of(former.case), command, context)
        except DecisionReplaced:
            raise Problem(409, "The decision has been replaced already") from None
        return {"decision_id": str(command.fact.decision_id), "supersedes": str(decision)}

    return router
