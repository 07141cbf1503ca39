"""What follows from the beginning of an announcement, and from a nudge or webhook that went?

And who was told by a nudge, or has read, is told by a nudge that it was taken back.
"""

from uuid import UUID

from services.chassis.store import Recorded
from services.notify.domain import nudge
from services.notify.domain.instructions import Announce
from services.notify.domain.notification import (
    AnnouncementBegun,
    NotificationTakenBack,
    NotificationWithdrawn,
)
from services.notify.domain.webhooks import AttemptOutcome, WebhookAttempted
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels.reached import nudged_or_read

_ACTOR = "notify.delivery"


class Telling:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def react(self, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case AnnouncementBegun():
                await self._ask(recorded, event)
            case (
                NotificationWithdrawn(retraction=UUID() as by)
                | NotificationTakenBack(retraction=by)
            ):
                await self._take_back(recorded, event, by)
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

    async def _take_back(
        self,
        recorded: Recorded,
        event: NotificationWithdrawn | NotificationTakenBack,
        retraction: UUID,
    ) -> None:
        """One nudge for each person and retraction, however many children it concerns."""
        run = nudge.withdrawal_run(retraction)
        async with self._ledger.rows() as tx:
            people = await nudged_or_read(tx, event.notification)
        for organisation, contact in sorted(people):
            one = nudge.nudge_id(organisation, contact, run)
            asked = nudge.NudgeAsked(
                nudge=one,
                organisation=organisation,
                contact=contact,
                run=run,
                notification=event.notification,
                at=event.at,
            )
            await self._ledger.nudge(one, asked, because_of(recorded, _ACTOR))

    async def _joined(self, recorded: Recorded, asked: nudge.NudgeAsked) -> None:
        """The contact has been nudged in this run already: that nudge told of this one too."""
        row = await self._ledger.look.nudge(asked.nudge)
        if row is not None and row.sent_at is not None:
            await self._announce(recorded, asked.notification, "email", asked.run)

    async def _sent(self, recorded: Recorded, sent: nudge.NudgeSent) -> None:
        row = await self._ledger.look.nudge(sent.nudge)
        for one in await self._ledger.look.nudged(sent.nudge) or ():
            if row is not None:
                await self._announce(recorded, one, "email", row.run)

    async def _announce(self, recorded: Recorded, one: UUID, by: str, run: str) -> None:
        command = Announce(by=by, run=run, at=self._ledger.now())
        await self._ledger.notification(one, command, because_of(recorded, _ACTOR))
