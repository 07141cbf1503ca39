"""What was not disclosed in these days, by which rules and agreements? Down to the one decision."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import DecisionMade, Outcome, Reason
from services.chassis.database import Database
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.consent.domain.days import london_day
from services.consent.readmodels.tables import DECISIONS

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Json = dict[str, Any]
LONGEST = timedelta(days=92)
_PAGE = 500
_MOST = 200  # single decisions in one answer; the counts are of all


def routes(*, database: Database, register: Projector) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/refusals", tags=["governance"])

    @router.get("")
    async def refusals(
        _: Governor, since: date, until: date, agreement: str = "", rule: str = ""
    ) -> Json:
        """Both days are inside, in London. Decisions are listed for a rule or an agreement."""
        if not timedelta() <= until - since <= LONGEST:
            detail = {"pointer": "/until", "detail": "Not before `since`, nor 92 days after it"}
            raise Problem(422, "These are not days that can be looked at", [detail])
        await register.catch_up()
        counts: dict[tuple[str, str], Json] = {}
        single: list[Json] = []
        total = 0
        async with database.reading() as tx:
            # the newest first: what is older than the first day is not read
            async for made, superseded in _withheld(tx):
                day = london_day(made.decided_at)
                if day < since:
                    break
                if day > until:
                    continue
                total += 1
                _count(counts, made)
                if _is_asked_for(made, agreement, rule) and len(single) < _MOST:
                    single.append(_single(made, superseded))
        rows = sorted(counts.values(), key=lambda one: (-one["decisions"], one["rule"]))
        return {"total": total, "counts": rows, "decisions": single}

    return router


async def _withheld(tx: AsyncConnection) -> AsyncIterator[tuple[DecisionMade, bool]]:
    """In pages: years of them are not read at once, and no cursor stays open."""
    asked = select(DECISIONS).where(DECISIONS.c.outcome == Outcome.WITHHELD.value)
    asked = asked.order_by(DECISIONS.c.position.desc()).limit(_PAGE)
    rows = list(await tx.execute(asked))
    while rows:
        for row in rows:
            yield DecisionMade.model_validate(json.loads(row.body)["message"]), row.superseded
        rows = list(await tx.execute(asked.where(DECISIONS.c.position < rows[-1].position)))


def _rules(made: DecisionMade) -> Iterator[tuple[str, Reason]]:
    """A reason's version is `agreement@version`; a person's own has no agreement."""
    for reason in made.because:
        name, at, _version = reason.version.partition("@")
        yield (name if at else ""), reason


def _count(counts: dict[tuple[str, str], Json], made: DecisionMade) -> None:
    for agreement, rule in {(name, reason.rule) for name, reason in _rules(made)}:
        row = counts.setdefault(
            (agreement, rule), {"agreement": agreement, "rule": rule, "decisions": 0}
        )
        row["decisions"] += 1


def _is_asked_for(made: DecisionMade, agreement: str, rule: str) -> bool:
    if not agreement and not rule:
        return False
    return any(
        agreement in ("", name) and rule in ("", reason.rule) for name, reason in _rules(made)
    )


def _single(made: DecisionMade, superseded: bool) -> Json:
    return {
        "decision": str(made.decision_id),
        "receipt": str(made.event.receipt),
        "source": made.event.source,
        "audience": made.audience,
        "about": made.about.ref,
        "because": [reason.model_dump(mode="json") for reason in made.because],
        "decided_at": made.decided_at.isoformat(),
        "superseded": superseded,
    }
