"""What must people do, and how do they say that it is done? The routes of tasks."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.store import Context
from services.chassis.tracing import current_traceparent
from services.notify.domain.localtime import local_day
from services.notify.domain.placement import SCHOOLS, is_open
from services.notify.domain.task import CloseTask, How, TaskKind
from services.notify.ledger import Ledger
from services.notify.readmodels import book
from services.notify.readmodels.barred import Barred
from services.notify.readmodels.places import place
from services.notify.streams.decision import Placed
from services.notify.tasks.seeing import (
    LOOKS_AT_ALL,
    PAGE,
    Wish,
    is_theirs,
    looks_at_all,
    one_of,
    page_of,
    seen_by,
    sees_all,
)

_LOOKING = ("publisher", "recipient", "reviewer", "administrator", *sorted(LOOKS_AT_ALL))
Looker = Annotated[Principal, Depends(guard(*_LOOKING))]
Caller = Annotated[
    Principal,
    Depends(guard("publisher", "recipient", "operations", "reviewer", "administrator", "service")),
]
Named = Annotated[str | None, Header(alias="X-Daybreak-Contact", max_length=100)]


class DoneIn(BaseModel):
    """`organisation`: the answer to resolve-school, where the person has found it."""

    model_config = ConfigDict(extra="forbid")

    by: str = Field(max_length=100)
    organisation: str | None = Field(default=None, max_length=200)


def router(ledger: Ledger, barred: Barred) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/tasks", tags=["tasks"])

    @routes.get("")
    async def tasks(
        principal: Looker,
        owner: str | None = None,
        state: str | None = None,
        after: Annotated[str | None, Query(max_length=100)] = None,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
        by: Named = None,
    ) -> dict[str, Any]:
        """By their due moments. `next` is the `after` of the page that follows."""
        if not looks_at_all(principal):
            if owner is not None and owner != principal.agency:
                raise Problem(403, "These are not your tasks")
            owner = principal.agency
        wish = Wish(owner=owner, state=state, after=place(after, "after"), limit=limit)
        rows, following = await page_of(ledger, barred, principal, by, wish)
        return {
            "tasks": [_item(row) for row in rows],
            "next": str(following) if following else None,
        }

    @routes.post("/{task}/done")
    async def done(task: UUID, body: DoneIn, principal: Caller) -> dict[str, Any]:
        speaks_for_self(principal, body.by)
        row = await one_of(ledger, task)
        mine = [] if row is None or not is_theirs(row, principal) else [row]
        if row is None or not await seen_by(ledger, barred, principal, body.by, mine):
            raise Problem(404, "There is no such task")
        if await _holds(ledger, row):
            raise Problem(409, "The hold itself is resolved, and this is done with it")
        if row.kind == TaskKind.ANSWER_SUBJECT_ACCESS.value:
            raise Problem(409, "The request itself is answered, and this is done with it")
        if row.state == How.CANCELLED.value:
            raise Problem(409, "This task was cancelled: nothing is left to do")
        answers = row.owner if sees_all(principal) else principal.agency
        await _named(ledger, answers, body.by)
        context = Context(
            correlation_id=task, traceparent=current_traceparent(), actor=principal.agency
        )
        if body.organisation is not None:
            await _chosen(ledger, row, body.organisation, context)
        close = CloseTask(task=task, how=How.DONE, by=body.by, at=ledger.now(), open_only=True)
        await ledger.task(task, close, context)
        after = await one_of(ledger, task)
        assert after is not None
        return _item(after)

    return routes


async def _holds(ledger: Ledger, row: Row[Any]) -> bool:
    """To tick off the task would let the hold lapse silently."""
    if row.kind != TaskKind.REVIEW_HOLD.value or row.decision is None or row.state != "open":
        return False
    decided = await ledger.look.decision(row.decision)
    return decided is not None and decided.outcome == "held" and decided.ended is None


async def _named(ledger: Ledger, owner: str, by: str) -> None:
    """A person of the organisation did it, or itself where no person is listed."""
    if by == owner:
        return
    async with ledger.rows() as tx:
        organisation = await book.organisation(tx, owner)
    if organisation is None or by not in {one.id for one in organisation.contacts}:
        detail = {"pointer": "/by", "detail": "not a contact of the task's owner"}
        raise Problem(422, "The owner has no such contact", [detail])


async def _chosen(ledger: Ledger, row: Row[Any], organisation: str, context: Context) -> None:
    """A person has found the school: from here it goes as if the register had said so."""
    async with ledger.rows() as tx:
        found = await book.organisation(tx, organisation)
    today = local_day(ledger.now())
    known = found is not None and found.kind in SCHOOLS and is_open(found, today)
    if row.kind != TaskKind.RESOLVE_SCHOOL.value or row.decision is None or not known:
        detail = {"pointer": "/organisation", "detail": "not an open school or college"}
        raise Problem(422, "The child cannot be placed there", [detail])
    placed = Placed(
        decision=row.decision,
        round=0,
        organisations=(organisation,),
        not_before={},
        by_register=(),
        left_out=(),
        at=ledger.now(),
        by_person=True,
    )
    await ledger.decision(row.decision, placed, context)


def _item(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.task),
        "kind": row.kind,
        "owner": row.owner,
        "state": row.state,
        "due": row.due.isoformat(),
        "overdue": row.overdue,
        "escalated": row.overdue and row.state == "open",
        "escalated_to": row.escalates_to if row.escalated_at else None,
        "why": row.why,
        "about": row.about,
        "audience": row.audience,
        "decision": str(row.decision) if row.decision else None,
        "receipt": str(row.receipt) if row.receipt else None,
        "notification": str(row.notification) if row.notification else None,
        "opened_at": row.opens_at.isoformat(),
        "closed_at": _text(row.closed_at),
        "closed_by": row.closed_by,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
