"""Which facts make a task needless, or done?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select

from services.chassis.store import Recorded
from services.notify.domain import notification as facts
from services.notify.domain.task import CloseTask, How, TaskClosed, TaskKind, TaskOpened
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels.state import DECISIONS
from services.notify.streams.case import CaseClosed
from services.notify.streams.decision import DecisionSuperseded, Placed
from services.notify.streams.hooks import MappingResolved

_ACTOR = "notify.tasks"
# What a retraction leaves to do is to assess and to delete; all else about the case is over.
_OVER_WITH_THE_CASE = (
    TaskKind.RESOLVE_SCHOOL,
    TaskKind.REVIEW_HOLD,
    TaskKind.PHONE_ESTABLISHMENT,
    TaskKind.HAND_OVER_FORCE,
    TaskKind.CONFIRM_CONTACT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Over:
    """Open tasks that have `value` in `column`, as far as `which` says so, end in this way."""

    column: str
    value: UUID
    which: Callable[[Row[Any]], bool]
    how: How
    by: str


class Closing:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def react(self, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case facts.NotificationOpened():
                found = await self._phones_of(event.notification)
            case facts.NotificationAcknowledged():
                found = await self._hand_over_of(event.notification)
            case TaskOpened():
                found = await self._needless(event)
            case _:
                found = _which(event)
        for over in found:
            await self._close(recorded, over)

    async def _close(self, recorded: Recorded, over: _Over) -> None:
        for row in await self._ledger.look.open_tasks((over.column, over.value)) or ():
            if over.which(row):
                now = self._ledger.now()
                close = CloseTask(task=row.task, how=over.how, by=over.by, at=now)
                await self._ledger.task(row.task, close, because_of(recorded, over.by))

    async def _phones_of(self, notification: UUID) -> list[_Over]:
        """Also the telephone call after a death, which told them that this one waits."""
        row = await self._notification(notification)
        phone = _of_kind(TaskKind.PHONE_ESTABLISHMENT)
        unread = _of_kind(TaskKind.PHONE_ESTABLISHMENT, TaskKind.CONFIRM_CONTACT)

        def same(task: Row[Any]) -> bool:
            mine = (task.subject, task.audience) == (row.subject, row.audience)
            return phone(task) and task.notification is None and mine

        return [
            _cancelled("notification", notification, unread),
            _cancelled("case_id", row.case_id, same),
        ]

    async def _hand_over_of(self, notification: UUID) -> list[_Over]:
        row = await self._notification(notification)
        if row.audience != "police":
            return []
        kind, by = _of_kind(TaskKind.HAND_OVER_FORCE), row.acknowledged_by or row.organisation

        def of_the_subject(task: Row[Any]) -> bool:
            return kind(task) and task.subject == row.subject

        return [
            _Over(column="decision", value=row.decision, which=kind, how=How.DONE, by=by),
            _Over(column="case_id", value=row.case_id, which=of_the_subject, how=How.DONE, by=by),
        ]

    async def _needless(self, opened: TaskOpened) -> list[_Over]:
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
        return [_done("task", opened.task, _any, "consent")] if over else []

    async def _notification(self, one: UUID) -> Row[Any]:
        row = await self._ledger.look.notification(one)
        assert row is not None  # the fact that we answer is later in the log than its raising
        return row


def _which(event: Any) -> list[_Over]:
    match event:
        case Placed():
            kinds = _of_kind(TaskKind.RESOLVE_SCHOOL, TaskKind.REVIEW_HOLD)
            return [_done("decision", event.decision, kinds, "notify.routing")]
        case DecisionSuperseded():
            hold, school = _of_kind(TaskKind.REVIEW_HOLD), _of_kind(TaskKind.RESOLVE_SCHOOL)
            return [
                _done("decision", event.decision, hold, "consent"),
                _cancelled("decision", event.decision, school, "consent"),
            ]
        case CaseClosed():
            return [_cancelled("case_id", event.case, _of_kind(*_OVER_WITH_THE_CASE), "consent")]
        case MappingResolved():
            return [_done("task", event.task, _any, _ACTOR)]
        case TaskClosed() if event.how is How.DONE:
            return [_cancelled("follows", event.task, _any)]
        case facts.NotificationDueMoved():
            former = event.former_task
            return [_cancelled("task", former, _any)] if former is not None else []
        case facts.NotificationMadeAvailable() | facts.AnnouncementBegun():
            hold = _of_kind(TaskKind.REVIEW_HOLD)
            return [_done("notification", event.notification, hold, _ACTOR)]
        case (
            facts.NotificationNotOurs()
            | facts.NotificationCancelled()
            | facts.NotificationWithdrawn()
            | facts.NotificationSuperseded()
        ):
            kinds = _of_kind(
                TaskKind.PHONE_ESTABLISHMENT, TaskKind.REVIEW_HOLD, TaskKind.CONFIRM_CONTACT
            )
            return [_cancelled("notification", event.notification, kinds)]
        case _:
            return []


def _done(column: str, value: UUID, which: Callable[[Row[Any]], bool], by: str) -> _Over:
    return _Over(column=column, value=value, which=which, how=How.DONE, by=by)


def _cancelled(
    column: str, value: UUID, which: Callable[[Row[Any]], bool], by: str = _ACTOR
) -> _Over:
    return _Over(column=column, value=value, which=which, how=How.CANCELLED, by=by)


def _of_kind(*kinds: TaskKind) -> Callable[[Row[Any]], bool]:
    return lambda task: task.kind in kinds


def _any(_: Row[Any]) -> bool:
    return True
