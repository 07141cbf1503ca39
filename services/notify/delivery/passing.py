"""What has passed its moment unopened? Overdue is kept as a fact; before that, people telephone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, union_all

from services.chassis.store import Context
from services.notify.domain.instructions import AskPhone, Command, PassDue
from services.notify.domain.notification import UNOPENED
from services.notify.domain.task import TaskKind, task_id
from services.notify.ledger import Ledger
from services.notify.readmodels.mornings import authority_of
from services.notify.readmodels.state import NOTIFICATIONS
from services.notify.together import each

_ACTOR = "notify.passing"
_UNOPENED = [state.value for state in UNOPENED]
_PAGE = 500


class Passing:
    """A Worker of due rows."""

    name = "notify.passing"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def run_once(self) -> int:
        now, columns = self._ledger.now(), NOTIFICATIONS.c
        unopened = select(NOTIFICATIONS).where(columns.state.in_(_UNOPENED)).limit(_PAGE)
        async with self._ledger.rows() as tx:
            silent = list(await tx.execute(unopened.where(columns.phone_at <= now)))
            late = unopened.where(columns.due <= now, columns.overdue.is_(False))
            passed = list(await tx.execute(late))
        done = await each(silent, lambda row: self._phone(row, now))
        return done + await each(passed, lambda row: self._do(row, PassDue(at=now)))

    async def next_due(self) -> datetime | None:
        now, columns = self._ledger.now(), NOTIFICATIONS.c
        unopened = columns.state.in_(_UNOPENED)
        moments = union_all(
            select(func.min(columns.phone_at).label("at")).where(unopened, columns.phone_at > now),
            select(func.min(columns.due).label("at")).where(unopened, columns.due > now),
        )
        async with self._ledger.rows() as tx:
            found = [row.at for row in await tx.execute(moments) if row.at is not None]
        return min(found, default=None)

    async def _phone(self, row: Row[Any], now: datetime) -> int:
        """By the authority of the establishment's place, and where it has none by the sender."""
        organisation = await self._ledger.look.organisation(row.organisation)
        place = organisation.local_authority if organisation else None
        authority = await authority_of(self._ledger.look, place)
        sender = str(row.source).removeprefix("/agencies/")
        task = task_id(TaskKind.PHONE_ESTABLISHMENT, row.notification, row.due.isoformat())
        owner = authority.id if authority else sender
        return await self._do(row, AskPhone(task=task, owner=owner, at=now))

    async def _do(self, row: Row[Any], command: Command) -> int:
        context = Context(correlation_id=row.receipt, actor=_ACTOR)
        return len(await self._ledger.notification(row.notification, command, context))
