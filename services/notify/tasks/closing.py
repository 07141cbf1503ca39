"""Which facts make a task needless, or done?"""

from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from services.chassis.store import Recorded
from services.notify.domain import notification as facts
from services.notify.domain.task import CloseTask, How, TaskClosed, TaskKind, TaskOpened
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS, TASKS
from services.notify.streams.case import CaseClosed
from services.notify.streams.decision import DecisionSuperseded, Placed
from services.notify.streams.hooks import MappingResolved

_ACTOR = "notify.tasks"
Closed: TypeAlias = tuple[ColumnElement[bool], How, str]
# What a retraction leaves to do is to assess and to delete; all else about the case is over.
_OVER_WITH_THE_CASE = (
    TaskKind.RESOLVE_SCHOOL,
    TaskKind.REVIEW_HOLD,
    TaskKind.PHONE_ESTABLISHMENT,
    TaskKind.HAND_OVER_FORCE,
)


class Closing:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def react(self, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case facts.NotificationOpened():
                found = [await self._phones_of(event.notification)]
            case facts.NotificationAcknowledged():
                found = await self._hand_over_of(event.notification)
            case TaskOpened():
                found = await self._needless(event)
            case _:
                found = _which(event)
        for which, how, by in found:
            await self._close(recorded, which, how, by)

    async def _close(self, recorded: Recorded, which: Any, how: How, by: str) -> None:
        async with self._ledger.rows() as tx:
            query = select(TASKS.c.task).where(TASKS.c.state == "open", which)
            tasks = [row.task for row in await tx.execute(query)]
        for one in tasks:
            close = CloseTask(task=one, how=how, by=by, at=self._ledger.now())
            await self._ledger.task(one, close, because_of(recorded, by))

    async def _phones_of(self, notification: UUID) -> Closed:
        """Also the telephone call after a death, which told them that this one waits."""
        row = await self._notification(notification)
        same = and_(
            TASKS.c.case_id == row.case_id,
            TASKS.c.subject == row.subject,
            TASKS.c.audience == row.audience,
            TASKS.c.notification.is_(None),
        )
        mine = or_(TASKS.c.notification == notification, same)
        return and_(_of_kind(TaskKind.PHONE_ESTABLISHMENT), mine), How.CANCELLED, _ACTOR

    async def _hand_over_of(self, notification: UUID) -> list[Closed]:
        row = await self._notification(notification)
        if row.audience != "police":
            return []
        mine = or_(
            TASKS.c.decision == row.decision,
            and_(TASKS.c.case_id == row.case_id, TASKS.c.subject == row.subject),
        )
        kind = _of_kind(TaskKind.HAND_OVER_FORCE)
        return [(and_(kind, mine), How.DONE, row.acknowledged_by or row.organisation)]

    async def _needless(self, opened: TaskOpened) -> list[Closed]:
        """A hold that was decided before we heard of it: messages may come in any order."""
        if opened.kind is not TaskKind.REVIEW_HOLD or opened.decision is None:
            return []
        async with self._ledger.rows() as tx:
            query = select(DECISIONS.c.decision).where(
                or_(
                    DECISIONS.c.supersedes == opened.decision,
                    and_(DECISIONS.c.decision == opened.decision, DECISIONS.c.ended.is_not(None)),
                )
            )
            over = (await tx.execute(query)).first() is not None
        return [(TASKS.c.task == opened.task, How.DONE, "consent")] if over else []

    async def _notification(self, one: UUID) -> Any:
        async with self._ledger.rows() as tx:
            query = select(NOTIFICATIONS).where(NOTIFICATIONS.c.notification == one)
            return (await tx.execute(query)).one()


def _which(event: Any) -> list[Closed]:
    match event:
        case Placed():
            mine = TASKS.c.decision == event.decision
            kinds = (TaskKind.RESOLVE_SCHOOL, TaskKind.REVIEW_HOLD)
            return [(and_(_of_kind(*kinds), mine), How.DONE, "notify.routing")]
        case DecisionSuperseded():
            mine = TASKS.c.decision == event.decision
            return [
                (and_(_of_kind(TaskKind.REVIEW_HOLD), mine), How.DONE, "consent"),
                (and_(_of_kind(TaskKind.RESOLVE_SCHOOL), mine), How.CANCELLED, "consent"),
            ]
        case CaseClosed():
            mine = TASKS.c.case_id == event.case
            return [(and_(_of_kind(*_OVER_WITH_THE_CASE), mine), How.CANCELLED, "consent")]
        case MappingResolved():
            return [(TASKS.c.task == event.task, How.DONE, _ACTOR)]
        case TaskClosed() if event.how is How.DONE:
            return [(TASKS.c.follows == event.task, How.CANCELLED, _ACTOR)]
        case facts.NotificationDueMoved():
            return [(TASKS.c.task == event.former_task, How.CANCELLED, _ACTOR)]
        case facts.NotificationMadeAvailable() | facts.AnnouncementBegun():
            mine = TASKS.c.notification == event.notification
            return [(and_(_of_kind(TaskKind.REVIEW_HOLD), mine), How.DONE, _ACTOR)]
        case (
            facts.NotificationNotOurs()
            | facts.NotificationCancelled()
            | facts.NotificationWithdrawn()
            | facts.NotificationSuperseded()
        ):
            mine = TASKS.c.notification == event.notification
            kinds = (TaskKind.PHONE_ESTABLISHMENT, TaskKind.REVIEW_HOLD)
            return [(and_(_of_kind(*kinds), mine), How.CANCELLED, _ACTOR)]
        case _:
            return []


def _of_kind(*kinds: TaskKind) -> ColumnElement[bool]:
    return TASKS.c.kind.in_([kind.value for kind in kinds])
