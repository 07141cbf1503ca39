"""How does who must find a child's school get to look for the child? With a word for the directory.

Routing knows no register and the directory no tasks: the owner of an open task to find a school is
given leave, and what their own event said of the child to look with (ADR 0040).
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contracts import leave
from contracts.leave import Leave
from services.chassis.principals import speaks_for_self
from services.chassis.problems import Problem
from services.notify.domain.task import TaskKind
from services.notify.ledger import Ledger
from services.notify.readmodels.barred import Barred
from services.notify.tasks.http import Caller
from services.notify.tasks.seeing import is_theirs, one_of, seen_by

_SAID = {"name": "child.name", "known_as": "child.known_as", "date_of_birth": "child.date_of_birth"}


class LookIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: str = Field(max_length=100)


def router(ledger: Ledger, barred: Barred, pepper: bytes) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/tasks", tags=["tasks"])

    @routes.post("/{task}/look")
    async def look(task: UUID, body: LookIn, principal: Caller) -> dict[str, Any]:
        """POST, since it is asked for in order to look: the directory records what follows."""
        speaks_for_self(principal, body.by)
        row = await one_of(ledger, task)
        mine = [] if row is None or not is_theirs(row, principal) else [row]
        if row is None or not await seen_by(ledger, barred, principal, body.by, mine):
            raise Problem(404, "There is no such task")
        if row.kind != TaskKind.RESOLVE_SCHOOL.value or row.decision is None:
            raise Problem(409, "This task asks for no school")
        if row.state != "open":
            raise Problem(409, "This task is over")
        given = Leave(task=task, agency=principal.agency, until=ledger.now() + leave.LIFE)
        return {
            "leave": leave.signed(pepper, given),
            "until": given.until.isoformat(),
            "child": await _said(ledger, row.decision),
        }

    return routes


async def _said(ledger: Ledger, decision: UUID) -> dict[str, Any]:
    """As the decision would show it to the school; nothing of it once it is erased."""
    decided = await ledger.decided(decision)
    content = (decided.content.value if decided and decided.content else None) or {}
    return {name: content[path] for name, path in _SAID.items() if content.get(path)}
