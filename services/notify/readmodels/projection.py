"""How do the facts of the log become rows? One projection, so that all its tables agree."""

from collections.abc import Sequence
from typing import Any, get_args

from sqlalchemy import MetaData, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.store import Row
from services.notify.domain import nudge, task
from services.notify.domain.notification import NotificationEvent, NotificationRaised
from services.notify.readmodels import rows
from services.notify.readmodels.mailboxes import REFUSALS
from services.notify.readmodels.mailboxes import row_of as refusal
from services.notify.readmodels.signed import SIGNATORIES, row_of
from services.notify.readmodels.state import (
    ANSWERS,
    CASES,
    DECISIONS,
    METADATA,
    NOTIFICATIONS,
    NUDGED,
    NUDGES,
    TASK_NOTES,
    TASKS,
)
from services.notify.readmodels.told import Kinds
from services.notify.readmodels.writing import Writing
from services.notify.streams.agreement import SignatoriesTold
from services.notify.streams.case import CaseClosed, EventAnswered
from services.notify.streams.decision import (
    DecisionClosed,
    DecisionEvent,
    DecisionRecorded,
    DecisionSuperseded,
    OrganisationExcluded,
    Placed,
    Unplaced,
)

_KINDS = Kinds(
    *get_args(NotificationEvent),
    *get_args(task.TaskEvent),
    *get_args(nudge.NudgeEvent),
    *get_args(DecisionEvent),
    EventAnswered,
    CaseClosed,
    SignatoriesTold,
)


class StateProjection:
    name = "notify.state"
    metadata: MetaData = METADATA

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        writing = Writing()
        for told in _KINDS.of(page):
            event = told.event
            if isinstance(event, OrganisationExcluded):
                await writing.write(tx)
                await _exclude(tx, event)
            else:
                _keep(writing, event)
        await writing.write(tx)


def _keep(writing: Writing, event: Any) -> None:
    if (changed := rows.of_notification(event)) is not None:
        writing.change(NOTIFICATIONS, event.notification, changed)
        return
    match event:
        case NotificationRaised():
            writing.add(NOTIFICATIONS, rows.notification(event))
        case EventAnswered():
            writing.add(ANSWERS, rows.answer(event))
        case CaseClosed():
            closed = {"case_id": event.case, "withdrawn_at": event.withdrawn_at}
            writing.add(CASES, closed, newer="withdrawn_at")
        case SignatoriesTold():
            writing.add(SIGNATORIES, row_of(event), newer="version")
        case _:
            _task(writing, event)
            _decision(writing, event)
            _nudge(writing, event)


def _task(writing: Writing, event: Any) -> None:
    match event:
        case task.TaskOpened():
            writing.add(TASKS, rows.task(event))
            if event.why is not None or event.escalates_to is not None:
                writing.add(TASK_NOTES, rows.task_note(event))
        case task.TaskClosed():
            closed = {"state": event.how.value, "closed_at": event.at, "closed_by": event.by}
            writing.change(TASKS, event.task, closed)
        case task.TaskDueMoved():
            writing.change(TASKS, event.task, {"due": event.due, "overdue": False})
        case task.TaskOverdue():
            writing.change(TASKS, event.task, {"overdue": True})
        case task.TaskEscalated():
            writing.change(TASK_NOTES, event.task, {"escalated_at": event.at})


def _decision(writing: Writing, event: Any) -> None:
    match event:
        case DecisionRecorded():
            writing.add(DECISIONS, rows.decision(event))
        case DecisionSuperseded():
            writing.change(DECISIONS, event.decision, {"ended": "superseded", "waiting": False})
        case DecisionClosed():
            writing.change(DECISIONS, event.decision, {"ended": "withdrawn", "waiting": False})
        case Placed():
            placed = {
                "waiting": False,
                "problem": None,
                "targets": list(event.organisations),
                "left_out": list(event.left_out),
            }
            writing.change(DECISIONS, event.decision, placed)
        case Unplaced():
            problem = {"problem": event.problem.value, "left_out": list(event.left_out)}
            writing.change(DECISIONS, event.decision, problem)


async def _exclude(tx: AsyncConnection, event: OrganisationExcluded) -> None:
    one = DECISIONS.c.decision == event.decision
    row = (await tx.execute(DECISIONS.select().where(one))).one_or_none()
    if row is None:
        return
    changed = {
        "excluded": [*row.excluded, event.organisation],
        "round": row.round + 1,
        "waiting": row.ended is None,
        "problem": None,
    }
    await tx.execute(update(DECISIONS).where(one).values(changed))


def _nudge(writing: Writing, event: Any) -> None:
    match event:
        case nudge.NudgeAsked():
            writing.add(NUDGES, rows.nudge(event), newer="attempts")
            joined = {"nudge": event.nudge, "notification": event.notification}
            writing.add(NUDGED, joined)
        case nudge.NudgeBegun():
            begun = {"next_at": event.until, "attempts": event.attempt}
            writing.change(NUDGES, event.nudge, begun)
        case nudge.NudgeDeferred():
            writing.change(NUDGES, event.nudge, {"next_at": event.again_at})
        case nudge.NudgeSent():
            writing.change(NUDGES, event.nudge, {"next_at": None, "sent_at": event.at})
        case nudge.NudgeDropped():
            writing.change(NUDGES, event.nudge, {"next_at": None})
            if event.address:
                writing.add(REFUSALS, refusal(event), newer="at")
