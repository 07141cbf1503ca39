"""What has a case left behind so far, and has its sender taken it back?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, literal, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.tables import DECISIONS, FACTS, RETRACTIONS

_CASES: BindParameter[Any] = bindparam("keys", expanding=True)
_LEFT = union(
    select(FACTS.c.case_id, FACTS.c.key).where(FACTS.c.case_id.in_(_CASES)),
    select(DECISIONS.c.case_id, literal("")).where(DECISIONS.c.case_id.in_(_CASES)),
)
_RETRACTED = select(RETRACTIONS).where(RETRACTIONS.c.case_id.in_(_CASES))


async def left_by(tx: AsyncConnection, cases: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
    """By case, the keys under which its facts are found; nothing of a case that is new."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for part in in_parts(map(str, cases)):
        for case, key in await tx.execute(_LEFT, {"keys": part}):
            found[UUID(case)].add(key)
    return {case: frozenset(keys - {""}) for case, keys in found.items()}


async def retracted(tx: AsyncConnection, cases: Iterable[UUID]) -> Mapping[UUID, datetime]:
    """When each was taken back, by the sender's clock; nothing of a case that stands."""
    found: dict[UUID, datetime] = {}
    for part in in_parts(map(str, cases)):
        rows = await tx.execute(_RETRACTED, {"keys": part})
        found |= {UUID(row.case_id): row.sent_at for row in rows}
    return found
