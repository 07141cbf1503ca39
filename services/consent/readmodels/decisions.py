"""Which decisions stand, which are held, and what rests on whose consent?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import DecisionMade
from services.consent.readmodels.tables import DECISIONS, RESTING


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    message: DecisionMade
    superseded: bool
    resting: Mapping[str, Any] | None  # keys, purpose, category


async def all_of(
    tx: AsyncConnection, *, event: tuple[str, str] | None = None, outcome: str | None = None
) -> list[Standing]:
    asked = select(DECISIONS).order_by(DECISIONS.c.position)
    if event is not None:
        asked = asked.where(DECISIONS.c.source == event[0], DECISIONS.c.event_id == event[1])
    if outcome is not None:
        asked = asked.where(DECISIONS.c.outcome == outcome, DECISIONS.c.superseded.is_(False))
    return [_standing(row) for row in await tx.execute(asked)]


async def one(tx: AsyncConnection, decision_id: UUID) -> Standing | None:
    asked = select(DECISIONS).where(DECISIONS.c.decision_id == str(decision_id))
    row = (await tx.execute(asked)).one_or_none()
    return None if row is None else _standing(row)


async def resting_on(tx: AsyncConnection, keys: Iterable[str]) -> Sequence[Standing]:
    """The standing decisions, disclosed or held, that rest on the consent of this person."""
    asked = (
        select(DECISIONS)
        .where(
            DECISIONS.c.decision_id.in_(
                select(RESTING.c.decision_id).where(RESTING.c.key.in_(sorted(set(keys))))
            ),
            DECISIONS.c.superseded.is_(False),
        )
        .order_by(DECISIONS.c.position)
    )
    return [_standing(row) for row in await tx.execute(asked)]


def _standing(row: "SqlRow[Any]") -> Standing:
    body = json.loads(row.body)
    return Standing(
        message=DecisionMade.model_validate(body["message"]),
        superseded=row.superseded,
        resting=body["resting"],
    )
