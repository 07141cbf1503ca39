"""Which nudges have not gone yet? Claims each one, sends it, and keeps what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, select

from services.chassis.store import Context, VersionConflict
from services.notify.delivery.channels import Channel, Deferred, Delivered, Refused
from services.notify.domain.notification import UNOPENED
from services.notify.domain.nudge import Claim, Settle
from services.notify.ledger import Ledger, each
from services.notify.readmodels import book
from services.notify.readmodels.state import NOTIFICATIONS, NUDGED, NUDGES

_ACTOR = "notify.nudging"
_PAGE = 100
_UNOPENED = [state.value for state in UNOPENED]


class Nudging:
    """A Worker of due rows. The claim is a fact in the log: two processes never hold one."""

    name = "notify.nudging"

    def __init__(self, ledger: Ledger, channel: Channel) -> None:
        self._ledger = ledger
        self._channel = channel

    async def run_once(self) -> int:
        now = self._ledger.now()
        async with self._ledger.rows() as tx:
            query = select(NUDGES).where(NUDGES.c.next_at <= now).order_by(NUDGES.c.next_at)
            due = list(await tx.execute(query.limit(_PAGE)))
        return await each(due, lambda row: self._nudge(row, now))

    async def next_due(self) -> datetime | None:
        async with self._ledger.rows() as tx:
            query = select(func.min(NUDGES.c.next_at)).where(NUDGES.c.next_at > self._ledger.now())
            found: datetime | None = await tx.scalar(query)
            return found

    async def _nudge(self, row: Row[Any], now: datetime) -> int:
        context = Context(correlation_id=row.nudge, actor=_ACTOR)
        try:
            claimed = await self._ledger.nudge(row.nudge, Claim(at=now), context)
        except VersionConflict:
            return 0  # another process was first
        if not claimed:
            return 0
        settled = await self._attempt(row, now)
        await self._ledger.nudge(row.nudge, settled, context)
        return 1

    async def _attempt(self, row: Row[Any], now: datetime) -> Settle:
        address = await self._address(row)
        if not await self._still_wanted(row):
            return Settle(sent=False, at=now, needless=True)
        if address is None:
            return Settle(sent=False, at=now, refused=True)
        match await self._channel.send(address, row.nudge):
            case Delivered():
                return Settle(sent=True, at=now)
            case Refused():
                return Settle(sent=False, at=now, refused=True)
            case Deferred():
                return Settle(sent=False, at=now)

    async def _address(self, row: Row[Any]) -> str | None:
        """As the book has it now; it stands nowhere in our log."""
        async with self._ledger.rows() as tx:
            organisation = await book.organisation(tx, row.organisation)
        contacts = organisation.contacts if organisation else ()
        return next((one.email for one in contacts if one.id == row.contact), None)

    async def _still_wanted(self, row: Row[Any]) -> bool:
        """Something is unopened that no later nudge to the same person has told of already.

        After a day without mail the rounds that waited are one nudge, not one for each.
        """
        since, told = NUDGES.alias(), NUDGED.alias()
        covered = (
            exists()
            .where(since.c.nudge == told.c.nudge, told.c.notification == NUDGED.c.notification)
            .where(since.c.organisation == row.organisation, since.c.contact == row.contact)
            .where(since.c.nudge != row.nudge, since.c.sent_at >= row.asked_at)
        )
        mine = NUDGED.join(NOTIFICATIONS, NUDGED.c.notification == NOTIFICATIONS.c.notification)
        query = (
            select(func.count())
            .select_from(mine)
            .where(NUDGED.c.nudge == row.nudge, NOTIFICATIONS.c.state.in_(_UNOPENED), ~covered)
        )
        async with self._ledger.rows() as tx:
            return bool(await tx.scalar(query))
