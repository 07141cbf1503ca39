"""Who is to be told now? Looks at the roll and the consent again, then begins the telling."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select

from contracts.messages import Routing
from services.chassis.store import Context
from services.notify.delivery.choosing import Choosing
from services.notify.delivery.consent import Confirmations, Standing
from services.notify.domain import announcing
from services.notify.domain.instructions import (
    Announce,
    Command,
    LeaveUnconfirmed,
    MakeAvailable,
    Recall,
)
from services.notify.domain.localtime import local_day
from services.notify.domain.notification import UNOPENED, Why
from services.notify.domain.placement import Target, still_on_roll
from services.notify.domain.signing import Signed, why_not
from services.notify.ledger import Ledger
from services.notify.readmodels import signed as signatures
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS
from services.notify.together import each

_ACTOR = "notify.announcing"
_UNOPENED = [state.value for state in UNOPENED]
_PAGE = 500
_ASK_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))


class Announcing:
    """A Worker of due rows."""

    name = "notify.announcing"

    def __init__(self, ledger: Ledger, confirmations: Confirmations, choosing: Choosing) -> None:
        self._ledger = ledger
        self._look = ledger.look
        self._confirmations = confirmations
        self._choosing = choosing

    async def run_once(self) -> int:
        now = self._ledger.now()
        async with self._ledger.rows() as tx:
            due = list(await tx.execute(_rows(_is_due(now)).limit(_PAGE)))
            signed = await signatures.signed(tx) if due else {}
        return await each(due, lambda row: self._tell(row, now, signed))

    async def next_due(self) -> datetime | None:
        moment = _moment()
        query = (
            select(func.min(moment))
            .join(DECISIONS, DECISIONS.c.decision == NOTIFICATIONS.c.decision)
            .where(NOTIFICATIONS.c.state.in_(_UNOPENED), DECISIONS.c.ended.is_(None))
            .where(moment > self._ledger.now())
        )
        async with self._ledger.rows() as tx:
            found: datetime | None = await tx.scalar(query.select_from(NOTIFICATIONS))
            return found

    async def _tell(self, row: Row[Any], now: datetime, signed: Signed) -> int:
        routing = Routing.model_validate(row.routing or {})
        stopped = why_not(row.agreement, row.organisation, routing, signed, local_day(now))
        if stopped is not None:
            return await self._do(row, Recall(reason=stopped, at=now))
        announce = row.announce_at is not None and row.announce_at <= now
        looked_up = row.audience == announcing.EDUCATION and not row.by_person
        if looked_up and not await self._on_roll(row, now):
            return await self._do(row, Recall(reason=Why.LEFT, at=now))
        if row.rests_on_consent:
            match await self._confirmations.ask(row.decision):
                case Standing.WITHDRAWN:
                    return await self._do(row, Recall(reason=Why.CONSENT_WITHDRAWN, at=now))
                case Standing.NO_ANSWER:
                    wait = _ASK_AGAIN[min(row.tries, len(_ASK_AGAIN) - 1)]
                    return await self._do(row, LeaveUnconfirmed(at=now, again_at=now + wait))
                case Standing.STANDS:
                    pass
        commands: list[Command] = []
        if row.available_at is None:
            commands.append(MakeAvailable(at=now))
        if announce:
            run = announcing.run_of(row.announce_at, now)
            beginning = await self._choosing.beginning(row, now, run)
            commands.append(beginning)
            if await self._reads_by_itself(row.organisation):
                commands.append(Announce(by="inbox", run=beginning.run, at=now))
        return await self._do(row, *commands)

    async def _reads_by_itself(self, organisation: str) -> bool:
        """No person and no endpoint is listed: the inbox or the feed is its only way to hear."""
        known = await self._look.organisation(organisation)
        if known is None or known.contacts:
            return False
        return not await self._look.endpoints(organisation)

    async def _do(self, row: Row[Any], *commands: Command) -> int:
        context = Context(correlation_id=row.receipt, actor=_ACTOR)
        return len(await self._ledger.notify(row.notification, commands, context))

    async def _on_roll(self, row: Row[Any], now: datetime) -> bool:
        """On the day of telling, and not only on the day when the school was found."""
        routing = Routing.model_validate(row.routing or {})
        if routing.pupil is None:
            return True
        target = Target(organisation=row.organisation, by_register=row.by_register)
        pages = await self._look.for_child(routing.pupil)
        return pages is not None and still_on_roll(target, routing.pupil, pages, local_day(now))


def _rows(which: ColumnElement[bool]) -> Any:
    """Of decisions that still stand: a correction is not overtaken by what it corrects."""
    return (
        select(NOTIFICATIONS, DECISIONS.c.routing)
        .join(DECISIONS, DECISIONS.c.decision == NOTIFICATIONS.c.decision)
        .where(NOTIFICATIONS.c.state.in_(_UNOPENED), DECISIONS.c.ended.is_(None), which)
        .order_by(NOTIFICATIONS.c.due, NOTIFICATIONS.c.notification)
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    columns = NOTIFICATIONS.c
    ready = or_(
        and_(columns.available_at.is_(None), columns.available_from <= now),
        and_(columns.announce_at <= now, columns.available_from <= now),
    )
    return and_(ready, or_(columns.ask_at.is_(None), columns.ask_at <= now))


def _moment() -> ColumnElement[datetime | None]:
    """When something is next to be done with a notification, as far as its own columns say so."""
    columns = NOTIFICATIONS.c
    first = case(
        (columns.available_at.is_(None), columns.available_from), else_=columns.announce_at
    )
    return case((columns.ask_at > first, columns.ask_at), else_=first)
