"""Who was told of one event, who was not, and why? Every decision with what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, select

from services.notify.domain.notification import stream_of
from services.notify.ledger import Ledger
from services.notify.readmodels.state import (
    ANSWERS,
    DECISIONS,
    NOTIFICATIONS,
    TASK_NOTES,
    TASKS,
)
from services.notify.streams.decision import DecisionRecorded
from services.notify.why.deletions import asks_for_deletion, deletion
from services.notify.why.steps import step

Json = dict[str, Any]


async def history(ledger: Ledger, receipt: UUID) -> Json | None:
    """As those see it who run the service; None while nothing of it has been decided."""
    async with ledger.rows() as tx:
        asked = select(ANSWERS).where(ANSWERS.c.receipt == receipt)
        answer = (await tx.execute(asked)).one_or_none()
        if answer is None:
            return None
        case = answer.case_id
        decisions = list(await tx.execute(_decisions(case, receipt)))
        told = list(await tx.execute(_of_case(NOTIFICATIONS, case, NOTIFICATIONS.c.raised_at)))
        tasks = list(await tx.execute(_tasks(case)))
        answers = list(await tx.execute(_of_case(ANSWERS, case, ANSWERS.c.at)))
    return {
        "receipt": str(receipt),
        "source": answer.source,
        "note": answer.note,
        "decided_at": answer.at.isoformat(),
        "decisions": [await _decision(ledger, row, told) for row in decisions],
        "tasks": [_task(row) for row in tasks if _has_been(row, ledger.now())],
        "deletions": [await deletion(ledger, row) for row in tasks if asks_for_deletion(row)],
        "related": [_related(row) for row in answers if row.receipt != receipt],
    }


def _decisions(case: UUID, receipt: UUID) -> Select[Any]:
    order = (DECISIONS.c.audience, DECISIONS.c.about, DECISIONS.c.recorded_at)
    mine = (DECISIONS.c.case_id == case, DECISIONS.c.receipt == receipt)
    return select(DECISIONS).where(*mine).order_by(*order)


def _of_case(table: Table, case: UUID, order: ColumnElement[Any]) -> Select[Any]:
    return select(table).where(table.c.case_id == case).order_by(order)


def _tasks(case: UUID) -> Select[Any]:
    noted = TASKS.outerjoin(TASK_NOTES, TASK_NOTES.c.task == TASKS.c.task)
    more = (TASK_NOTES.c.why, TASK_NOTES.c.escalates_to, TASK_NOTES.c.escalated_at)
    mine = select(TASKS, *more).select_from(noted).where(TASKS.c.case_id == case)
    return mine.order_by(TASKS.c.opens_at)


async def _decision(ledger: Ledger, row: Row[Any], told: list[Row[Any]]) -> Json:
    decided = await ledger.decided(row.decision)
    mine = [one for one in told if row.decision in (one.decision, one.first_decision)]
    return {
        "decision": str(row.decision),
        "audience": row.audience,
        "about": row.about,
        "outcome": row.outcome,
        "decided_at": row.decided_at.isoformat(),
        "superseded": row.ended is not None,
        "unplaced": row.problem,
        **(_grounds(decided) if decided else {}),
        "notifications": [await told_of(ledger, one) for one in mine],
    }


def _grounds(decided: DecisionRecorded) -> Json:
    return {
        "because": [reason.model_dump() for reason in decided.because],
        "agreement": decided.agreement,
        "agreement_version": decided.agreement_version,
        "profile": decided.profile,
        "shows": list(decided.shows),
        "rests_on_consent": decided.rests_on_consent,
    }


async def told_of(ledger: Ledger, row: Row[Any]) -> Json:
    """One notification with every step of it."""
    steps = []
    for recorded in await ledger.store.read_stream(stream_of(row.notification)):
        seen = step(recorded.event)
        if seen is not None:
            steps.append(seen)
    return {
        "notification": str(row.notification),
        "organisation": row.organisation,
        "diverted_to": row.diverted_to,
        "state": row.state,
        "due": row.due.isoformat(),
        "overdue": row.overdue,
        "steps": steps,
    }


def _has_been(row: Row[Any], now: datetime) -> bool:
    """One that was over before its moment came never was."""
    return row.opens_at <= now and (row.closed_at is None or row.closed_at >= row.opens_at)


def _task(row: Row[Any]) -> Json:
    return {
        "task": str(row.task),
        "kind": row.kind,
        "owner": row.owner,
        "about": row.about,
        "audience": row.audience,
        "due": row.due.isoformat(),
        "state": row.state,
        "overdue": row.overdue,
        "why": row.why,
        "escalated_to": row.escalates_to if row.escalated_at else None,
        "opened_at": row.opens_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
    }


def _related(row: Row[Any]) -> Json:
    return {
        "receipt": str(row.receipt),
        "source": row.source,
        "event": row.event_id,
        "at": row.at.isoformat(),
    }
