"""Who was told and who opened what of these cases, and when? Fields by name, and who asked."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from services.chassis.commands import Commands
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.sealing import Sealed
from services.chassis.store import Context
from services.chassis.tracing import current_traceparent
from services.notify.ledger import Ledger
from services.notify.readmodels.state import NOTIFICATIONS
from services.notify.streams.searches import SEARCHES, STREAM, AccessSearched, sealed_under
from services.notify.why.history import told_of

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Json = dict[str, Any]
_MOST = 500  # cases of one person, or of one reference


class SearchIn(BaseModel):
    """`search` and `cases` are the answer of consent, which alone can find a person."""

    model_config = ConfigDict(extra="forbid")

    search: UUID
    cases: Annotated[list[UUID], Field(max_length=_MOST)]
    reason: Annotated[str, Field(min_length=1, max_length=10_000)]
    by: Annotated[str, Field(min_length=1, max_length=200)]


def router(ledger: Ledger) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/access-search", tags=["governance"])
    commands = Commands(ledger.store, SEARCHES)

    @routes.post("")
    async def search(told: SearchIn, principal: Governor) -> Json:
        """Recorded before it is answered, with who asked and why."""
        speaks_for_self(principal, told.by)
        asked = AccessSearched(
            search=told.search,
            cases=tuple(told.cases),
            reason=Sealed(sealed_under(told.search), told.reason),
            by=told.by,
            agency=principal.agency,
            at=ledger.now(),
        )
        context = Context(
            correlation_id=told.search, traceparent=current_traceparent(), actor=principal.agency
        )
        await commands.handle(STREAM, asked, context)
        return {"notifications": await _told(ledger, told.cases)}

    return routes


async def _told(ledger: Ledger, cases: list[UUID]) -> list[Json]:
    mine = NOTIFICATIONS.c.case_id.in_(cases)
    async with ledger.rows() as tx:
        found = select(NOTIFICATIONS).where(mine).order_by(NOTIFICATIONS.c.raised_at)
        rows = list(await tx.execute(found))
    told = []
    for row in rows:
        decided = await ledger.decided(row.decision)
        told.append(
            {
                **await told_of(ledger, row),
                "case": str(row.case_id),
                "decision": str(row.decision),
                "receipt": str(row.receipt),
                "audience": row.audience,
                "about": row.about,
                "shows": list(decided.shows) if decided else [],
            }
        )
    return told
