"""Who is asked to put their contacts in order, and when is that done? One task for each cause."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from contracts.messages import ClockKind, ClockRule, Organisation
from services.chassis.store import Context
from services.notify.contacts.looking import Looking, asking_day
from services.notify.domain import deadlines
from services.notify.domain.announcing import RUN
from services.notify.domain.contact_needs import Need
from services.notify.domain.localtime import instant
from services.notify.domain.notification import UNOPENED
from services.notify.domain.task import Cause, CloseTask, How, TaskKind, TaskOpened, task_id
from services.notify.ledger import Ledger
from services.notify.readmodels import asks, book, mornings
from services.notify.readmodels.mailboxes import REFUSALS
from services.notify.readmodels.state import NOTIFICATIONS, TASK_NOTES, TASKS

_ACTOR = "notify.contacts"
_UNOPENED = [state.value for state in UNOPENED]
_CLOSE_OF_DAY = time(17, 0)
# Working days. A mailbox that nobody reads may have a child's morning in it (design).
DAYS = {
    Cause.MAILBOX_REFUSES: 1,
    Cause.NOBODY_OPENS: 1,
    Cause.TO_CONFIRM: 5,
    Cause.TRAINING_LAPSED: 5,
    Cause.NEW_TERM: 10,
}


class Asking:
    """A Worker: looks again when the book, the day, or what came of nudges has changed."""

    name = _ACTOR

    def __init__(self, ledger: Ledger, looking: Looking) -> None:
        self._ledger = ledger
        self._looking = looking
        self._seen: tuple[Any, ...] = ()

    async def run_once(self) -> int:
        now = self._ledger.now()
        signs = await self._signs(now)
        if signs == self._seen:
            return 0
        stand = await self._open_tasks()
        done = 0
        for found in await self._looking.found({row.owner for row in stand}):
            done += await self._settle(found.organisation, found.needs, stand, now)
        self._seen = signs
        return done

    async def next_due(self) -> datetime | None:
        async with self._ledger.rows() as tx:
            day = await asks.next_day(tx, asking_day(self._ledger.now()))
        return instant(day, RUN) if day is not None else None

    async def _signs(self, now: datetime) -> tuple[Any, ...]:
        """Cheap to ask, and different whenever somebody may have to be asked."""
        late = select(func.count()).where(
            NOTIFICATIONS.c.state.in_(_UNOPENED), NOTIFICATIONS.c.overdue.is_(True)
        )
        refused = select(func.count(), func.max(REFUSALS.c.at)).select_from(REFUSALS)
        async with self._ledger.rows() as tx:
            revision = await book.revision(tx, pupils=False)
            unread = await tx.scalar(late.select_from(NOTIFICATIONS))
            bounced = (await tx.execute(refused)).one()
        return (asking_day(now), revision, unread, *bounced)

    async def _open_tasks(self) -> list[Row[Any]]:
        query = (
            select(TASKS.c.task, TASKS.c.owner)
            .join(TASK_NOTES, TASK_NOTES.c.task == TASKS.c.task)
            .where(TASKS.c.kind == TaskKind.CONFIRM_CONTACT.value, TASKS.c.state == "open")
            .where(TASK_NOTES.c.why.in_([cause.value for cause in DAYS]))
        )
        async with self._ledger.rows() as tx:
            return list(await tx.execute(query))

    async def _settle(
        self,
        organisation: Organisation,
        wanted: tuple[Need, ...],
        stand: list[Row[Any]],
        now: datetime,
    ) -> int:
        """What is needed is open, once; what is needed no longer is done."""
        context = Context(correlation_id=task_id(_ACTOR, organisation.id), actor=_ACTOR)
        ids = {_task(organisation, need): need for need in wanted}
        mine = {row.task for row in stand if row.owner == organisation.id}
        done = 0
        for one in mine - ids.keys():
            close = CloseTask(task=one, how=How.DONE, by=_ACTOR, at=now)
            done += len(await self._ledger.task(one, close, context))
        for one in ids.keys() - mine:
            opened = await self._opened(organisation, one, ids[one], now)
            done += len(await self._ledger.task(one, opened, context))
        return done

    async def _opened(
        self, organisation: Organisation, task: UUID, need: Need, now: datetime
    ) -> TaskOpened:
        """The organisation's own; past its moment its authority's too."""
        rule = ClockRule(
            kind=ClockKind.WORKING_DAY, starts_at=now, days=DAYS[need.cause], at=_CLOSE_OF_DAY
        )
        place = organisation.local_authority
        authority = await mornings.authority_of(self._ledger.look, place)
        theirs = authority is not None and authority.id != organisation.id
        return TaskOpened(
            task=task,
            kind=TaskKind.CONFIRM_CONTACT,
            owner=organisation.id,
            due=deadlines.due(rule, self._ledger.bank_holidays).at,
            opens_at=now,
            at=now,
            why=need.cause,
            escalates_to=authority.id if authority is not None and theirs else None,
        )


def _task(organisation: Organisation, need: Need) -> UUID:
    return task_id(TaskKind.CONFIRM_CONTACT, organisation.id, need.cause.value, need.since)
