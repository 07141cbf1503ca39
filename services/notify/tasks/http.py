"""What must people do, and how do they say that it is done? The routes of tasks."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, select

from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.store import Context
from services.chassis.tracing import current_traceparent
from services.notify.domain.localtime import local_day
from services.notify.domain.placement import SCHOOLS, is_open
from services.notify.domain.task import CloseTask, How, TaskKind
from services.notify.ledger import Ledger
from services.notify.readmodels import book
from services.notify.readmodels.state import TASKS
from services.notify.streams.decision import Placed

_SEES_ALL = frozenset({"operations", "service"})
_LOOKS_AT_ALL = _SEES_ALL | {"information-governance"}  # and answers for none of them
Looker = Annotated[
    Principal,
    Depends(guard("publisher", "recipient", "reviewer", "administrator", *sorted(_LOOKS_AT_ALL))),
]
Caller = Annotated[
    Principal,
    Depends(guard("publisher", "recipient", "operations", "reviewer", "administrator", "service")),
]


class DoneIn(BaseModel):
    """`organisation`: the answer to resolve-school, where the person has found it."""

    model_config = ConfigDict(extra="forbid")

    by: str = Field(max_length=100)
    organisation: str | None = Field(default=None, max_length=200)


def router(ledger: Ledger) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/tasks", tags=["tasks"])

    @routes.get("")
    async def tasks(
        principal: Looker, owner: str | None = None, state: str | None = None
    ) -> dict[str, Any]:
        if not principal.roles & _LOOKS_AT_ALL:
            if owner is not None and owner != principal.agency:
                raise Problem(403, "These are not your tasks")
            owner = principal.agency
        items = [_item(row) for row in await _tasks(ledger, owner)]
        return {"tasks": [one for one in items if state is None or one["state"] == state]}

    @routes.post("/{task}/done")
    async def done(task: UUID, body: DoneIn, principal: Caller) -> dict[str, Any]:
        speaks_for_self(principal, body.by)
        row = await _one(ledger, task)
        if row is None or (row.owner != principal.agency and not principal.roles & _SEES_ALL):
            raise Problem(404, "There is no such task")
        if row.state == How.CANCELLED.value:
            raise Problem(409, "This task was cancelled: nothing is left to do")
        await _named(ledger, row.owner, body.by)
        context = Context(
            correlation_id=task, traceparent=current_traceparent(), actor=principal.agency
        )
        if body.organisation is not None:
            await _chosen(ledger, row, body.organisation, context)
        close = CloseTask(task=task, how=How.DONE, by=body.by, at=ledger.now(), open_only=True)
        await ledger.task(task, close, context)
        after = await _one(ledger, task)
        assert after is not None
        return _item(after)

    return routes


async def _tasks(ledger: Ledger, owner: str | None) -> list[Row[Any]]:
    """Those that have opened; one that was over before its moment came never was."""
    query = select(TASKS).where(TASKS.c.opens_at <= ledger.now())
    if owner is not None:
        query = query.where(TASKS.c.owner == owner)
    async with ledger.rows() as tx:
        rows = list(await tx.execute(query.order_by(TASKS.c.due, TASKS.c.task)))
    return [row for row in rows if row.closed_at is None or row.closed_at >= row.opens_at]


async def _one(ledger: Ledger, task: UUID) -> Row[Any] | None:
    async with ledger.rows() as tx:
        return (await tx.execute(select(TASKS).where(TASKS.c.task == task))).one_or_none()


async def _named(ledger: Ledger, owner: str, by: str) -> None:
    """A person of the owner did it, or the organisation where no person is listed."""
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
        "about": row.about,
        "audience": row.audience,
        "decision": str(row.decision) if row.decision else None,
        "notification": str(row.notification) if row.notification else None,
        "opened_at": row.opens_at.isoformat(),
        "closed_at": _text(row.closed_at),
        "closed_by": row.closed_by,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
