"""What became of it? Told to the agency that sent it, and to those who run the service."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Select, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.store import EventStore
from services.notify.domain.localtime import local_day
from services.notify.readmodels.barred import Barred, person_of
from services.notify.receipts import details
from services.notify.receipts.kept_from import kept_from
from services.notify.receipts.projection import OUTCOMES, RECEIPTS, TELLINGS, UNPLACED
from services.notify.receipts.references import references

PAGE = 200
_SEES_ALL = frozenset({"operations", "information-governance", "service"})
Asker = Annotated[Principal, Depends(guard("publisher", *sorted(_SEES_ALL)))]


def router(
    store: EventStore,
    database: Database,
    projector: Projector,
    state: Projector,
    barred: Barred,
    clock: Clock,
) -> APIRouter:
    """`state`: of the decisions and notifications, where the details stand."""
    routes = APIRouter(tags=["receipts"])

    @routes.get("/notify/v1/receipts")
    async def latest(
        principal: Asker, limit: Annotated[int, Query(ge=1, le=PAGE)] = 50
    ) -> dict[str, Any]:
        """The newest first. `outcomes` counts the decisions that stand; of those disclosed,
        `unplaced` are the ones for which nobody to tell was found. The sender alone reads its own
        `reference`."""
        await projector.catch_up()
        await state.catch_up()
        async with database.reading() as tx:
            asked = _visible(principal).order_by(RECEIPTS.c.received_at.desc(), RECEIPTS.c.receipt)
            found = list(await tx.execute(asked.limit(limit)))
            person = await person_of(tx, principal)
            mine = [row.receipt for row in found]
            hidden = await kept_from(tx, person, mine, barred, local_day(clock.now()))
            found = [row for row in found if row.receipt not in hidden]
            mine = [row.receipt for row in found]
            counts = await _counts(tx, mine)
            own = not principal.roles & _SEES_ALL
            called = await references(tx, store, mine) if own else {}
        return {
            "receipts": [
                {
                    **_event(row),
                    "reference": called.get(row.receipt),
                    "outcomes": counts[row.receipt],
                }
                for row in found
            ]
        }

    @routes.get("/notify/v1/receipts/{receipt}")
    async def get_receipt(receipt: UUID, principal: Asker) -> dict[str, Any]:
        await projector.catch_up()
        await state.catch_up()
        async with database.reading() as tx:
            asked = _visible(principal).where(RECEIPTS.c.receipt == receipt)
            found = (await tx.execute(asked)).one_or_none()
            person = await person_of(tx, principal)
            hidden = await kept_from(tx, person, [receipt], barred, local_day(clock.now()))
            if found is None or hidden:  # also for another's: that it exists is not told
                raise Problem(404, "There is no such receipt of yours")
            told = {"note": await details.note_of(tx, receipt)}
            return {**_event(found), **told, "outcomes": await _outcomes(tx, receipt)}

    return routes


def _visible(principal: Principal) -> Select[Any]:
    if principal.roles & _SEES_ALL:
        return select(RECEIPTS)
    return select(RECEIPTS).where(RECEIPTS.c.agency == principal.agency)


async def _counts(tx: AsyncConnection, receipts: list[UUID]) -> dict[UUID, dict[str, int]]:
    counts: dict[UUID, dict[str, int]] = {receipt: {} for receipt in receipts}
    asked = (
        select(OUTCOMES.c.receipt, OUTCOMES.c.outcome, func.count())
        .where(OUTCOMES.c.receipt.in_(receipts), OUTCOMES.c.superseded.is_(False))
        .group_by(OUTCOMES.c.receipt, OUTCOMES.c.outcome)
    )
    for receipt, outcome, number in await tx.execute(asked):
        counts[receipt][outcome] = number
    told = or_(
        TELLINGS.c.decision == OUTCOMES.c.decision, TELLINGS.c.first_decision == OUTCOMES.c.decision
    )
    unplaced = (
        select(OUTCOMES.c.receipt, func.count())
        .join(UNPLACED, UNPLACED.c.decision == OUTCOMES.c.decision)
        .where(OUTCOMES.c.receipt.in_(receipts), OUTCOMES.c.superseded.is_(False))
        .where(~select(TELLINGS.c.notification).where(told).exists())
        .group_by(OUTCOMES.c.receipt)
    )
    for receipt, number in await tx.execute(unplaced):
        counts[receipt]["unplaced"] = number
    return counts


async def _outcomes(tx: AsyncConnection, receipt: UUID) -> list[dict[str, Any]]:
    order = (OUTCOMES.c.audience, OUTCOMES.c.decided_at, OUTCOMES.c.decision)
    asked = select(OUTCOMES).where(OUTCOMES.c.receipt == receipt).order_by(*order)
    decisions = list(await tx.execute(asked))
    mine = [row.decision for row in decisions]
    tellings = await tx.execute(
        select(TELLINGS)
        .where(or_(TELLINGS.c.decision.in_(mine), TELLINGS.c.first_decision.in_(mine)))
        .order_by(TELLINGS.c.notification)
    )
    asked = select(UNPLACED).where(UNPLACED.c.decision.in_(mine))
    unplaced = {row.decision: row.problem for row in await tx.execute(asked)}
    found = list(tellings)
    dues = await details.of_tellings(tx, [row.notification for row in found])
    told: dict[UUID, list[dict[str, Any]]] = {}
    for row in found:  # under both, where a correction changed nothing that was shown
        for decision in {row.decision, row.first_decision}:
            telling = {**_telling(row), **dues.get(row.notification, {})}
            told.setdefault(decision, []).append(telling)
    more = await details.of_decisions(tx, mine)
    return [
        {
            "audience": row.audience,
            "outcome": row.outcome,
            **more.get(row.decision, {}),
            "decided_at": row.decided_at,
            "superseded": row.superseded,
            "told": told.get(row.decision, []),
            # Where nobody was found: why not, in a word, and that no one has been told since.
            **(
                {"not_told": unplaced[row.decision]}
                if row.decision in unplaced.keys() - told.keys()
                else {}
            ),
        }
        for row in decisions
    ]


def _event(row: Row[Any]) -> dict[str, Any]:
    return {
        "receipt": row.receipt,
        "source": row.source,
        "id": row.event,
        "type": row.type,
        "received_at": row.received_at,
        "decided_at": row.decided_at,
    }


def _telling(row: Row[Any]) -> dict[str, Any]:
    return {
        "state": row.state,
        "told_at": row.told_at,
        "opened_at": row.opened_at,
        "acknowledged_at": row.acknowledged_at,
    }
