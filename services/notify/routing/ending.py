"""What ends, or begins again, when consent takes something back or a recipient says no?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from contracts.messages import Outcome
from services.chassis.store import Recorded
from services.notify.domain.instructions import Recall, TakeBack
from services.notify.domain.notification import (
    HAD_BEFORE,
    LIVE,
    NotificationCancelled,
    NotificationNotOurs,
    NotificationWithdrawn,
    Why,
)
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels.lineage import live_before
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS
from services.notify.streams.case import CaseClosed
from services.notify.streams.decision import (
    DecisionClosed,
    DecisionRecorded,
    DecisionSuperseded,
    Exclusion,
    OrganisationExcluded,
)

_ACTOR = "notify.routing"
_LIVE = [state.value for state in LIVE]
_NOT_UPHELD = "override-not-upheld"  # what consent says of an override that was reviewed
_HAD_BEFORE = [state.value for state in HAD_BEFORE]


class Ending:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def react(self, recorded: Recorded) -> None:
        match recorded.event:
            case DecisionRecorded():
                await self._supersede(recorded, recorded.event)
            case CaseClosed():
                await self._close(recorded, recorded.event)
            case NotificationNotOurs():
                event = recorded.event
                await self._exclude(recorded, event, Exclusion.NOT_OURS)
            case NotificationCancelled() | NotificationWithdrawn():
                if recorded.event.reason is Why.LEFT:
                    await self._exclude(recorded, recorded.event, Exclusion.LEFT)

    async def _supersede(self, recorded: Recorded, decided: DecisionRecorded) -> None:
        context = because_of(recorded, _ACTOR)
        if await self._closed_since(decided.case, decided.decided_at):
            closed = DecisionClosed(decision=decided.decision, at=self._ledger.now())
            await self._ledger.decision(decided.decision, closed, context)
        if decided.supersedes is None:
            return
        superseded = DecisionSuperseded(
            decision=decided.supersedes,
            by=decided.decision,
            outcome=decided.outcome,
            correction=decided.correction,
            at=self._ledger.now(),
        )
        await self._ledger.decision(decided.supersedes, superseded, context)
        if decided.outcome is Outcome.DISCLOSED:
            return  # what was told of the former one is settled when this one has been placed
        # A consent that is withdrawn stops what has not been told, and only that; a correction
        # replaces the former whole.
        recall = Recall(
            reason=_why(decided),
            at=self._ledger.now(),
            unsent_only=not decided.correction,
        )
        for one in await live_before(self._ledger.look, decided.supersedes):
            await self._ledger.notification(one.notification, recall, context)

    async def _close(self, recorded: Recorded, closed: CaseClosed) -> None:
        now, context = self._ledger.now(), because_of(recorded, _ACTOR)
        async with self._ledger.rows() as tx:
            query = select(DECISIONS.c.decision).where(
                DECISIONS.c.case_id == closed.case,
                DECISIONS.c.decided_at <= closed.withdrawn_at,
            )
            decisions = [row.decision for row in await tx.execute(query)]
        for decision in decisions:
            fact = DecisionClosed(decision=decision, at=now)
            await self._ledger.decision(decision, fact, context)
        mine = NOTIFICATIONS.c.decision.in_(decisions)
        recall = Recall(reason=Why.RETRACTED, at=now, retraction=closed.receipt)
        for one in await self._those(mine, _LIVE):
            await self._ledger.notification(one, recall, context)
        # Who had it before a correction, or gave it back, has read what is taken back now.
        back = TakeBack(retraction=closed.receipt, at=now)
        for one in await self._those(mine, _HAD_BEFORE):
            await self._ledger.notification(one, back, context)

    async def _exclude(
        self,
        recorded: Recorded,
        event: NotificationNotOurs | NotificationCancelled | NotificationWithdrawn,
        why: Exclusion,
    ) -> None:
        fact = OrganisationExcluded(
            decision=event.decision,
            organisation=event.organisation,
            why=why,
            at=self._ledger.now(),
        )
        await self._ledger.decision(event.decision, fact, because_of(recorded, _ACTOR))

    async def _closed_since(self, case: UUID, decided_at: datetime) -> bool:
        closed = await self._ledger.look.case_closed(case)
        return closed is not None and closed.withdrawn_at >= decided_at

    async def _those(self, which: Any, states: list[str]) -> list[UUID]:
        async with self._ledger.rows() as tx:
            query = select(NOTIFICATIONS.c.notification).where(
                which, NOTIFICATIONS.c.state.in_(states)
            )
            return [row.notification for row in await tx.execute(query)]


def _why(decided: DecisionRecorded) -> Why:
    if any(reason.rule == _NOT_UPHELD for reason in decided.because):
        return Why.NOT_UPHELD
    if decided.correction:
        return Why.CORRECTED
    return Why.HELD if decided.outcome is Outcome.HELD else Why.CONSENT_WITHDRAWN
