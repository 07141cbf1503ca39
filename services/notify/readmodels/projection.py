"""How do the facts of the log become rows? One projection, so that all its tables agree."""

from typing import Any

from sqlalchemy import MetaData, Table, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import Recorded
from services.notify.domain import nudge, task
from services.notify.domain.notification import NotificationRaised
from services.notify.readmodels import rows
from services.notify.readmodels.state import (
    ANSWERS,
    CASES,
    DECISIONS,
    METADATA,
    NOTIFICATIONS,
    NUDGED,
    NUDGES,
    TASKS,
)
from services.notify.streams.case import CaseClosed, EventAnswered
from services.notify.streams.decision import (
    DecisionClosed,
    DecisionRecorded,
    DecisionSuperseded,
    OrganisationExcluded,
    Placed,
    Unplaced,
)


class StateProjection:
    name = "notify.state"
    metadata: MetaData = METADATA

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        event = recorded.event
        if (changed := rows.of_notification(event)) is not None:
            await _change(tx, NOTIFICATIONS, "notification", event.notification, changed)
            return
        match event:
            case NotificationRaised():
                await upsert(tx, NOTIFICATIONS, rows.notification(event), key=["notification"])
            case task.TaskOpened():
                await upsert(tx, TASKS, rows.task(event), key=["task"])
            case task.TaskClosed():
                closed = {
                    "state": event.how.value,
                    "closed_at": event.at,
                    "closed_by": event.by,
                }
                await _change(tx, TASKS, "task", event.task, closed)
            case task.TaskOverdue():
                await _change(tx, TASKS, "task", event.task, {"overdue": True})
            case EventAnswered():
                await upsert(tx, ANSWERS, rows.answer(event), key=["receipt"])
            case CaseClosed():
                closed_case = {"case_id": event.case, "withdrawn_at": event.withdrawn_at}
                await upsert(tx, CASES, closed_case, key=["case_id"])
            case _:
                await _decision(tx, event)
                await _nudge(tx, event)


async def _decision(tx: AsyncConnection, event: Any) -> None:
    match event:
        case DecisionRecorded():
            await upsert(tx, DECISIONS, rows.decision(event), key=["decision"])
        case DecisionSuperseded():
            ended = {"ended": "superseded", "waiting": False}
            await _change(tx, DECISIONS, "decision", event.decision, ended)
        case DecisionClosed():
            ended = {"ended": "withdrawn", "waiting": False}
            await _change(tx, DECISIONS, "decision", event.decision, ended)
        case Placed():
            placed = {
                "waiting": False,
                "problem": None,
                "targets": list(event.organisations),
                "left_out": list(event.left_out),
            }
            await _change(tx, DECISIONS, "decision", event.decision, placed)
        case Unplaced():
            problem = {"problem": event.problem.value, "left_out": list(event.left_out)}
            await _change(tx, DECISIONS, "decision", event.decision, problem)
        case OrganisationExcluded():
            await _exclude(tx, event)


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


async def _nudge(tx: AsyncConnection, event: Any) -> None:
    match event:
        case nudge.NudgeAsked():
            await upsert(tx, NUDGES, rows.nudge(event), key=["nudge"], newer="attempts")
            joined = {"nudge": event.nudge, "notification": event.notification}
            await upsert(tx, NUDGED, joined, key=["nudge", "notification"])
        case nudge.NudgeBegun():
            begun = {"next_at": event.until, "attempts": event.attempt}
            await _change(tx, NUDGES, "nudge", event.nudge, begun)
        case nudge.NudgeDeferred():
            await _change(tx, NUDGES, "nudge", event.nudge, {"next_at": event.again_at})
        case nudge.NudgeSent():
            sent = {"next_at": None, "sent_at": event.at}
            await _change(tx, NUDGES, "nudge", event.nudge, sent)
        case nudge.NudgeDropped():
            await _change(tx, NUDGES, "nudge", event.nudge, {"next_at": None})


async def _change(
    tx: AsyncConnection, table: Table, key: str, one: Any, values: dict[str, Any]
) -> None:
    if values:
        await tx.execute(update(table).where(table.c[key] == one).values(values))
