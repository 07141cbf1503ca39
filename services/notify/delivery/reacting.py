"""What follows from the beginning of an announcement, and from a nudge or webhook that went?"""

from uuid import UUID

from sqlalchemy import select

from services.chassis.store import Recorded
from services.notify.domain import nudge
from services.notify.domain.instructions import Announce
from services.notify.domain.notification import AnnouncementBegun
from services.notify.domain.webhooks import AttemptOutcome, WebhookAttempted
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels.state import NUDGED, NUDGES

_ACTOR = "notify.delivery"


class Telling:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def react(self, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case AnnouncementBegun():
                await self._ask(recorded, event)
            case nudge.NudgeAsked():
                await self._joined(recorded, event)
            case nudge.NudgeSent():
                await self._sent(recorded, event)
            case WebhookAttempted(outcome=AttemptOutcome.DELIVERED, notification=UUID() as one):
                await self._announce(recorded, one, "webhook", f"webhook:{event.delivery}")

    async def _ask(self, recorded: Recorded, begun: AnnouncementBegun) -> None:
        organisation = begun.diverted_to or begun.organisation
        for contact in begun.contacts:
            one = nudge.nudge_id(organisation, contact, begun.run)
            asked = nudge.NudgeAsked(
                nudge=one,
                organisation=organisation,
                contact=contact,
                run=begun.run,
                notification=begun.notification,
                at=begun.begun_at,
            )
            await self._ledger.nudge(one, asked, because_of(recorded, _ACTOR))

    async def _joined(self, recorded: Recorded, asked: nudge.NudgeAsked) -> None:
        """The contact has been nudged in this run already: that nudge told of this one too."""
        async with self._ledger.rows() as tx:
            query = select(NUDGES.c.sent_at).where(NUDGES.c.nudge == asked.nudge)
            sent = await tx.scalar(query)
        if sent is not None:
            await self._announce(recorded, asked.notification, "email", asked.run)

    async def _sent(self, recorded: Recorded, sent: nudge.NudgeSent) -> None:
        async with self._ledger.rows() as tx:
            query = (
                select(NUDGED.c.notification, NUDGES.c.run)
                .join(NUDGES, NUDGES.c.nudge == NUDGED.c.nudge)
                .where(NUDGED.c.nudge == sent.nudge)
            )
            told = list(await tx.execute(query))
        for row in told:
            await self._announce(recorded, row.notification, "email", row.run)

    async def _announce(self, recorded: Recorded, one: UUID, by: str, run: str) -> None:
        command = Announce(by=by, run=run, at=self._ledger.now())
        await self._ledger.notification(one, command, because_of(recorded, _ACTOR))
