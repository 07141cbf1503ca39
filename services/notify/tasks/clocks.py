"""Which tasks have passed their moment undone? Kept as a fact, and escalated."""

from datetime import datetime
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import func, select

from services.chassis.store import Context
from services.notify.domain.task import PassTaskDue, TaskEscalated
from services.notify.ledger import Ledger
from services.notify.readmodels.state import TASKS
from services.notify.together import each

_PAGE = 500
_ESCALATED = Counter(
    "daybreak_tasks_escalated_total",
    "Tasks that passed their moment undone and went to their next owner, by kind.",
    ("kind",),
)


class TaskClocks:
    """A Worker of due rows."""

    name = "notify.tasks"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def run_once(self) -> int:
        now = self._ledger.now()
        async with self._ledger.rows() as tx:
            query = select(TASKS.c.task).where(
                TASKS.c.state == "open", TASKS.c.overdue.is_(False), TASKS.c.due <= now
            )
            passed = [row.task for row in await tx.execute(query.limit(_PAGE))]
        return await each(passed, lambda one: self._pass(one, now))

    async def _pass(self, one: UUID, now: datetime) -> int:
        context = Context(correlation_id=one, actor=self.name)
        said = await self._ledger.task(one, PassTaskDue(at=now), context)
        for each_said in said:
            if isinstance(each_said, TaskEscalated):
                _ESCALATED.labels(each_said.kind.value).inc()
        return len(said)

    async def next_due(self) -> datetime | None:
        async with self._ledger.rows() as tx:
            query = select(func.min(TASKS.c.due)).where(
                TASKS.c.state == "open", TASKS.c.due > self._ledger.now()
            )
            found: datetime | None = await tx.scalar(query)
            return found
