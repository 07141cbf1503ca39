"""What has ended, what is kept until when and why, and for how long is what no agreement covers?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.domain.days import london_day
from services.consent.domain.retention import GROUNDS, ground_of
from services.consent.readmodels.closed import RECORDS
from services.consent.readmodels.grounds import months_of_grounds
from services.consent.readmodels.retained import CASES
from services.consent.retention.due import ended, kept_by, lapsed
from services.consent.retention.records import over
from services.consent.streams import retention as streams

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Json = dict[str, Any]
Months = Annotated[int, Field(ge=1, le=1_200)]
STATUS = "to be confirmed by the area"


class GroundsIn(BaseModel):
    """What is left out has its default again."""

    model_config = ConfigDict(extra="forbid")

    months: dict[str, Months]
    reason: Annotated[str, Field(min_length=1, max_length=1_000)]
    by: Annotated[str, Field(min_length=1, max_length=200)]


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    register: Projector,
    retained: Projector,
    closed: Projector,
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/retention", tags=["retention"])
    commands = Commands(store, streams.GROUNDS)

    @router.get("")
    async def standing(_: Governor) -> Json:
        """What is kept, when the next of it ends, and what stays beyond its end and why."""
        for projector in (retained, register, closed):
            await projector.catch_up()
        async with database.reading() as tx:
            return {**await _cases(tx, clock.now()), "records": await _records(tx)}

    @router.get("/grounds")
    async def grounds(_: Governor) -> Json:
        """For how many months each is kept that no agreement covers, and who settled it."""
        await retained.catch_up()
        async with database.reading() as tx:
            months = await months_of_grounds(tx)
        said = [each.event for each in await store.read_stream(streams.GROUNDS_STREAM)]
        last = said[-1] if said else None
        settled = last.months if last else {}
        return {
            "grounds": [
                {"ground": one, "months": months[one], "settled": one in settled, "status": STATUS}
                for one in GROUNDS
            ],
            "by": last.by if last else None,
            "at": last.at.isoformat() if last else None,
            "reason": last.reason if last else None,
        }

    @router.put("/grounds", status_code=status.HTTP_204_NO_CONTENT)
    async def settle(principal: Governor, told: GroundsIn) -> None:
        """Counts at once, also for what is kept already: what is past by then ends."""
        speaks_for_self(principal, told.by)
        if unknown := sorted(told.months.keys() - GROUNDS.keys()):
            errors = [{"pointer": f"/months/{one}", "detail": "No such ground"} for one in unknown]
            raise Problem(422, "The months cannot be set", errors)
        event = streams.GroundsSet(
            months=told.months, reason=told.reason, by=told.by, at=clock.now()
        )
        context = Context(
            correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
        )
        await commands.handle(streams.GROUNDS_STREAM, event, context)

    return router


async def _cases(tx: AsyncConnection, now: datetime) -> Json:
    kept = await kept_by(tx)
    beyond = {str(one.case) for one in await ended(tx, now, limit=None)}
    without_end = select(func.count()).select_from(CASES).where(CASES.c.months.is_(None))
    erased = select(func.count()).select_from(CASES).where(CASES.c.erased.is_not(None))
    next_due = select(func.min(CASES.c.due)).where(CASES.c.due > now, CASES.c.erased.is_(None))
    return {
        "cases": await tx.scalar(select(func.count()).select_from(CASES)),
        "erased": await tx.scalar(erased),
        "next_end": _text(await tx.scalar(next_due)),
        "ended_and_kept": {
            "by_legal_hold": sorted(beyond & kept.by_law),
            "waiting_for_a_person": sorted((beyond & kept.by_hold) - kept.by_law),
        },
        "without_an_end": await tx.scalar(without_end),
        "legal_holds_to_review": len(await lapsed(tx, london_day(now))),
        "terms": await _terms(tx),
    }


async def _terms(tx: AsyncConnection) -> list[Json]:
    """By what gives the end, the longest kept last: how many are kept, how many have ended."""
    of = CASES.c
    asked = select(
        of.agreement,
        of.type,
        of.months,
        func.count().label("cases"),
        func.count(of.erased).label("ended"),
        func.min(of.due).filter(of.erased.is_(None)).label("next_end"),
    ).group_by(of.agreement, of.type, of.months)
    return _folded(await tx.execute(asked))


def _folded(rows: Iterable[Any]) -> list[Json]:
    found: dict[tuple[str, str, int], Json] = {}
    for row in rows:
        ground = "" if row.agreement else ground_of(row.type)
        at = (row.agreement, ground, row.months or 0)
        one = found.setdefault(
            at,
            {
                "agreement": row.agreement,
                "ground": ground,
                "months": row.months,
                "kept": 0,
                "ended": 0,
                "next_end": None,
            },
        )
        one["kept"] += row.cases - row.ended
        one["ended"] += row.ended
        moments = [moment for moment in (one["next_end"], _text(row.next_end)) if moment]
        one["next_end"] = min(moments, default=None)
    return [found[at] for at in sorted(found, key=lambda at: (at[2], at[0], at[1]))]


async def _records(tx: AsyncConnection) -> Json:
    """Requests, refusals, searches and legal holds: nothing of whom they are about."""
    forgotten = select(func.count()).select_from(RECORDS).where(RECORDS.c.forgotten.is_not(None))
    every = int(await tx.scalar(select(func.count()).select_from(RECORDS)) or 0)
    gone = int(await tx.scalar(forgotten) or 0)
    ends = [one.ends_at for one in await over(tx)]
    return {"kept": every - gone, "forgotten": gone, "next_end": _text(min(ends, default=None))}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
