"""What if no mailbox took the nudge? Then the next who answer are told, at once."""

from uuid import UUID

from sqlalchemy import select

from services.chassis.store import Recorded
from services.notify.delivery.choosing import Choosing
from services.notify.domain.notification import UNOPENED
from services.notify.domain.nudge import NudgeDropped
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS, NUDGED, NUDGES

_ACTOR = "notify.falling-back"
_UNOPENED = [state.value for state in UNOPENED]


class FallingBack:
    def __init__(self, ledger: Ledger, choosing: Choosing) -> None:
        self._ledger = ledger
        self._choosing = choosing

    async def react(self, recorded: Recorded) -> None:
        event = recorded.event
        if isinstance(event, NudgeDropped) and event.refused:
            for one in await self._ledger.look.nudged(event.nudge) or ():
                await self._next(recorded, event, one)

    async def _next(self, recorded: Recorded, dropped: NudgeDropped, notification: UUID) -> None:
        """Not while another nudge has gone, or is still to go: somebody there is told by that."""
        now = self._ledger.now()
        async with self._ledger.rows() as tx:
            asked = list(
                await tx.execute(
                    select(NUDGES)
                    .join(NUDGED, NUDGED.c.nudge == NUDGES.c.nudge)
                    .where(NUDGED.c.notification == notification)
                )
            )
            query = select(NOTIFICATIONS, DECISIONS.c.routing).join(
                DECISIONS, DECISIONS.c.decision == NOTIFICATIONS.c.decision
            )
            standing = (
                NOTIFICATIONS.c.notification == notification,
                NOTIFICATIONS.c.state.in_(_UNOPENED),
                DECISIONS.c.ended.is_(None),
            )
            row = (await tx.execute(query.where(*standing))).one_or_none()
        if row is None or any(one.sent_at or one.next_at for one in asked):
            return
        # One run, however many of the former one came to nothing at the same time.
        run = next(one.run for one in asked if one.nudge == dropped.nudge)
        begin = await self._choosing.beginning(row, now, f"instead:{run}")
        tried = {(one.organisation, one.contact) for one in asked}
        where = begin.diverted_to or row.organisation
        if begin.contacts and not all((where, one) in tried for one in begin.contacts):
            await self._ledger.notification(notification, begin, because_of(recorded, _ACTOR))
