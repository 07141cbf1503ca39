"""Which nudges have not gone yet? Claims each one, sends it, and keeps what came of it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.gathering import Gathering
from services.chassis.store import Context, VersionConflict
from services.notify.delivery.channels import Channel, Deferred, Delivered, Refused
from services.notify.domain.notification import UNOPENED, Why
from services.notify.domain.nudge import WITHDRAWAL, Claim, Settle
from services.notify.ledger import Ledger
from services.notify.readmodels.mailboxes import Mailboxes
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import NOTIFICATIONS, NUDGED, NUDGES
from services.notify.together import in_lanes

_ACTOR = "notify.nudging"
_PAGE = 200
_MAILS = 16  # connections to the mail server at once
_UNOPENED = [state.value for state in UNOPENED]


class Nudging:
    """A Worker of due rows. The claim is a fact in the log: two processes never hold one."""

    name = "notify.nudging"

    def __init__(self, ledger: Ledger, channel: Channel, mailboxes: Mailboxes) -> None:
        self._ledger = ledger
        self._mailboxes = mailboxes
        self._channel = channel
        self._mails = asyncio.Semaphore(_MAILS)
        self._wanted = Gathering(self._still_wanted)

    async def run_once(self) -> int:
        now = self._ledger.now()
        async with self._ledger.rows() as tx:
            query = select(NUDGES).where(NUDGES.c.next_at <= now)
            ordered = query.order_by(NUDGES.c.next_at, NUDGES.c.asked_at, NUDGES.c.nudge)
            due = list(await tx.execute(ordered.limit(_PAGE)))
        # One person's in their order: whether a later one is wanted depends on the one before.
        return await in_lanes(due, _person, lambda row: self._nudge(row, now))

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
        if not await self._wanted(row.nudge):
            return Settle(sent=False, at=now, needless=True)
        if address is None:
            return Settle(sent=False, at=now, refused=True)
        async with self._mails:
            withdrawn = row.run.startswith(WITHDRAWAL)
            sent = await self._channel.send(address, row.nudge, withdrawn=withdrawn)
        match sent:
            case Delivered():
                return Settle(sent=True, at=now)
            case Refused():
                key = self._mailboxes.key(address)
                return Settle(sent=False, at=now, refused=True, address=key)
            case Deferred():
                return Settle(sent=False, at=now)

    async def _address(self, row: Row[Any]) -> str | None:
        """As the book has it now; it stands nowhere in our log."""
        organisation = await self._ledger.look.organisation(row.organisation)
        contacts = organisation.contacts if organisation else ()
        return next((one.email for one in contacts if one.id == row.contact), None)

    async def _still_wanted(self, nudges: Sequence[UUID]) -> Mapping[UUID, bool]:
        async with self._ledger.rows() as tx:
            return dict.fromkeys(await _wanted(tx, nudges), True)


async def _wanted(tx: AsyncConnection, nudges: Sequence[UUID]) -> list[UUID]:
    """Those of which something is unopened that no later nudge to the same person has told of.

    After a day without mail the rounds that waited are one nudge, not one for each.
    """
    since, told = NUDGES.alias(), NUDGED.alias()
    covered = (
        exists()
        .where(since.c.nudge == told.c.nudge, told.c.notification == NUDGED.c.notification)
        .where(since.c.organisation == NUDGES.c.organisation, since.c.contact == NUDGES.c.contact)
        .where(since.c.nudge != NUDGES.c.nudge, since.c.sent_at >= NUDGES.c.asked_at)
    )
    mine = NUDGES.join(NUDGED, NUDGED.c.nudge == NUDGES.c.nudge).join(
        NOTIFICATIONS, NUDGED.c.notification == NOTIFICATIONS.c.notification
    )
    unopened = NOTIFICATIONS.c.state.in_(_UNOPENED)
    taken_back = and_(
        NUDGES.c.run.startswith(WITHDRAWAL), NOTIFICATIONS.c.ended_why == Why.RETRACTED.value
    )
    query = (
        select(NUDGES.c.nudge)
        .select_from(mine)
        .where(among(NUDGES.c.nudge, nudges), or_(unopened, taken_back), ~covered)
        .distinct()
    )
    return [row.nudge for row in await tx.execute(query)]


def _person(row: Row[Any]) -> tuple[str, str]:
    return row.organisation, row.contact
