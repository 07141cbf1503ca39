"""What has a case left behind so far?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, literal, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.tables import DECISIONS, FACTS

_CASES: BindParameter[Any] = bindparam("keys", expanding=True)
_LEFT = union(
    select(FACTS.c.case_id, FACTS.c.key).where(FACTS.c.case_id.in_(_CASES)),
    select(DECISIONS.c.case_id, literal("")).where(DECISIONS.c.case_id.in_(_CASES)),
)


async def left_by(tx: AsyncConnection, cases: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
    """By case, the keys under which its facts are found; nothing of a case that is new."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for part in in_parts(map(str, cases)):
        for case, key in await tx.execute(_LEFT, {"keys": part}):
            found[UUID(case)].add(key)
    return {case: frozenset(keys - {""}) for case, keys in found.items()}
