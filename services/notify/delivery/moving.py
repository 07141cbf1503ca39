"""Has a calendar changed? Then what is unopened is due at another moment, told only once."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select

from contracts.messages import ClockRule, Routing
from services.chassis.store import Context
from services.notify.domain import announcing, deadlines
from services.notify.domain.instructions import MoveDue
from services.notify.domain.notification import UNOPENED, Status
from services.notify.domain.placement import SCHOOLS
from services.notify.ledger import Ledger
from services.notify.readmodels import book, mornings
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS
from services.notify.together import each

_ACTOR = "notify.moving"
_LOOK = "delivery.moving"
_UNOPENED = [state.value for state in UNOPENED]


class Moving:
    """A Worker: looks at every unopened school notification once for each change of the book."""

    name = "notify.moving"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def run_once(self) -> int:
        async with self._ledger.rows() as tx:
            revision = await book.revision(tx, pupils=False)
            if revision <= await book.looked_at(tx, _LOOK):
                return 0
            query = (
                select(NOTIFICATIONS, DECISIONS.c.routing, DECISIONS.c.due.label("rule"))
                .join(DECISIONS, DECISIONS.c.decision == NOTIFICATIONS.c.decision)
                .where(
                    NOTIFICATIONS.c.state.in_(_UNOPENED),
                    NOTIFICATIONS.c.overdue.is_(False),
                    NOTIFICATIONS.c.audience == announcing.EDUCATION,
                )
            )
            unopened = list(await tx.execute(query))
        moved = await each(unopened, self._move)
        async with self._ledger.database.transaction() as writing:
            await book.note_look(writing, _LOOK, revision)
        return moved

    async def _move(self, row: Row[Any]) -> int:
        now = self._ledger.now()
        look, holidays = self._ledger.look, self._ledger.bank_holidays
        organisation = await look.organisation(row.organisation)
        if organisation is None or organisation.kind not in SCHOOLS:
            return 0
        lead = Routing.model_validate(row.routing or {}).lead_minutes
        morning = await mornings.morning(look, organisation, holidays, lead)
        rule = ClockRule.model_validate(row.rule)
        first_day = _day(row.not_before)
        found = deadlines.due(rule, holidays, morning, not_before=first_day)
        due = found.at
        if due == row.due:
            return 0
        announce_at = announcing.again(now, due, morning.pupil_days)
        if row.state == Status.SCHEDULED.value and row.announce_at is not None:
            announce_at = min(row.announce_at, announce_at or row.announce_at)
        command = MoveDue(
            due=due,
            announce_at=announce_at,
            phone_at=announcing.phone_at(row.audience, due),
            at=now,
            calendar=deadlines.calendar_of(rule, found, morning),
        )
        context = Context(correlation_id=row.receipt, actor=_ACTOR)
        return len(await self._ledger.notification(row.notification, command, context))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
