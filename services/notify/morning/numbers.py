"""Was everything that came in the night told in time? The numbers of one morning, which reconcile.

Counted are (child, establishment) pairs: each is told, or withheld, or held, or still open with
somebody who must act. What consent and placement promised is counted apart from what became of it,
so that a difference is seen and not computed away.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from services.notify.domain.localtime import instant
from services.notify.ledger import Ledger
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS, TASK_NOTES, TASKS

NOWHERE = "(no establishment)"
_COLUMNS = (
    "received",
    "promised",
    "told",
    "withheld",
    "held",
    "open",
    "opened",
    "in_time",  # opened by somebody before it was due
    "late",
    "no_longer",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One child and one establishment, or one child whose establishment is not known."""

    establishment: str
    force: str
    counts: dict[str, int]


async def numbers(ledger: Ledger, day: date) -> dict[str, Any]:
    """Of what came in the 24 hours before 09:00 local of that day, and what is open still."""
    until = instant(day, time(9, 0))
    since = instant(day - timedelta(days=1), time(9, 0))
    async with ledger.rows() as tx:
        window = (DECISIONS.c.recorded_at >= since, DECISIONS.c.recorded_at < until)
        decided = list(await tx.execute(select(DECISIONS).where(*window)))
        ids = [row.decision for row in decided]
        told = list(
            await tx.execute(select(NOTIFICATIONS).where(NOTIFICATIONS.c.first_decision.in_(ids)))
        )
        tasks = list(await tx.execute(_open_tasks(ledger.now())))
        waiting = list(
            await tx.execute(
                select(NOTIFICATIONS).where(NOTIFICATIONS.c.state.in_(["scheduled", "announced"]))
            )
        )
    pairs = _pairs(decided, told)
    return {
        "date": day.isoformat(),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "totals": _total(pairs),
        "by_establishment": _grouped(pairs, "establishment"),
        "by_force": _grouped(pairs, "force"),
        "open": [_open(row) for row in sorted(waiting, key=lambda one: one.due)],
        "tasks": [_task(row) for row in sorted(tasks, key=lambda one: one.due)],
    }


def _open_tasks(now: datetime) -> Select[Any]:
    noted = TASKS.outerjoin(TASK_NOTES, TASK_NOTES.c.task == TASKS.c.task)
    more = (TASK_NOTES.c.why, TASK_NOTES.c.escalates_to, TASK_NOTES.c.escalated_at)
    mine = select(TASKS, *more).select_from(noted)
    return mine.where(TASKS.c.state == "open", TASKS.c.opens_at <= now)


def _pairs(decided: list[Any], told: list[Any]) -> list[Pair]:
    by_decision: dict[Any, list[Any]] = defaultdict(list)
    for row in told:
        by_decision[row.first_decision].append(row)
    pairs = []
    for row in decided:
        force = str(row.source).removeprefix("/agencies/")
        promised = list(row.targets)
        mine = by_decision[row.decision]
        pairs += [_pair(one.organisation, force, _notified(one)) for one in mine]
        raised = {one.organisation for one in mine}
        missing = [one for one in promised if one not in raised]
        # Promised and not raised yet, or carried over by a correction that changed nothing shown.
        otherwise = "no_longer" if row.ended or row.correction else "open"
        pairs += [_pair(one, force, {otherwise: 1}) for one in missing]
        if not promised and not raised and not row.left_out:
            pairs.append(_pair(NOWHERE, force, _undirected(row)))
        # Not a party to the agreement: withheld. Never to be told of this: somebody must decide.
        left = "open" if row.problem == "never-tell" else "withheld"
        pairs += [_pair(one, force, {left: 1}) for one in row.left_out]
    return pairs


def _pair(establishment: str, force: str, counts: dict[str, int]) -> Pair:
    return Pair(establishment=establishment, force=force, counts={"received": 1, **counts})


def _notified(row: Any) -> dict[str, int]:
    counts = {"promised": 1}
    if row.told_at is not None or row.opened_at is not None:
        counts["told"] = 1
    elif row.state in ("cancelled", "superseded", "not-ours", "withdrawn"):
        counts["no_longer"] = 1
    else:
        counts["open"] = 1
    if row.opened_at is not None:
        counts["opened"] = 1
        counts["in_time"] = 0 if row.overdue else 1
    if row.overdue:
        counts["late"] = 1
    return counts


def _undirected(row: Any) -> dict[str, int]:
    retracted = row.ended == "withdrawn"
    if row.outcome == "withheld" and (row.ended is None or retracted):
        return {"withheld": 1}  # nobody was ever to be told: there was nothing to need no longer
    if row.ended is not None:
        return {"no_longer": 1}
    return {"held": 1} if row.outcome == "held" else {"open": 1}


def _total(pairs: list[Pair]) -> dict[str, Any]:
    counts = {name: sum(pair.counts.get(name, 0) for pair in pairs) for name in _COLUMNS}
    accounted = sum(counts[name] for name in ("told", "withheld", "held", "open", "no_longer"))
    return {**counts, "unexplained": counts["received"] - accounted}


def _grouped(pairs: list[Pair], by: str) -> list[dict[str, Any]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[getattr(pair, by)].append(pair)
    return [{by: name, **_total(groups[name])} for name in sorted(groups)]


def _open(row: Any) -> dict[str, Any]:
    return {
        "notification": str(row.notification),
        "receipt": str(row.receipt),
        "establishment": row.organisation,
        "audience": row.audience,
        "state": row.state,
        "due": _text(row.due),
        "overdue": row.overdue,
    }


def _task(row: Any) -> dict[str, Any]:
    return {
        "task": str(row.task),
        "kind": row.kind,
        "owner": row.owner,
        "due": _text(row.due),
        "overdue": row.overdue,
        "why": row.why,
        "escalated_to": row.escalates_to if row.escalated_at else None,
    }


def _text(moment: datetime) -> str:
    return moment.isoformat()
