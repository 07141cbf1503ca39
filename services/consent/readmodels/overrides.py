"""Which decisions did a person override, and what did the review say?"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.readmodels.tables import OVERRIDES

Json = dict[str, Any]


async def all_of(tx: AsyncConnection) -> list[Json]:
    """The latest first. Reasons stay sealed in the log."""
    asked = select(OVERRIDES).order_by(OVERRIDES.c.overridden_at.desc(), OVERRIDES.c.decision_id)
    return [_shown(row) for row in await tx.execute(asked)]


async def by_decision(tx: AsyncConnection) -> Mapping[str, Json]:
    return {one["decision_id"]: one for one in await all_of(tx)}


async def one(tx: AsyncConnection, decision_id: str) -> Json | None:
    return (await by_decision(tx)).get(decision_id)


def _shown(row: "Row[Any]") -> Json:
    review = None
    if row.outcome is not None:
        review = {
            "outcome": row.outcome,
            "by": row.reviewed_by,
            "at": row.reviewed_at.isoformat(),
        }
    return {
        "decision_id": row.decision_id,
        "supersedes": row.former,
        "case": row.case_id,
        "audience": row.audience,
        "by": row.by,
        "rank": row.rank,
        "subject_told": row.subject_told,
        "at": row.overridden_at.isoformat(),
        "review": review,
    }
