"""Who is told in this moment, and when is it looked at again? As the address book has it now."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from contracts.messages import Contact, Organisation, Routing
from services.notify.domain import announcing, readers
from services.notify.domain.calendars import PupilDays
from services.notify.domain.instructions import BeginAnnouncement
from services.notify.domain.localtime import local, local_day, next_at
from services.notify.domain.on_call import Moment
from services.notify.domain.placement import SCHOOLS
from services.notify.ledger import Ledger
from services.notify.readmodels import mornings
from services.notify.readmodels.barred import Barred
from services.notify.readmodels.mailboxes import Mailboxes


class Choosing:
    """`row`: a notification with the `routing` of its decision."""

    def __init__(self, ledger: Ledger, barred: Barred, mailboxes: Mailboxes) -> None:
        self._ledger = ledger
        self._look = ledger.look
        self._barred = barred
        self._mailboxes = mailboxes

    async def beginning(self, row: Row[Any], now: datetime, run: str) -> BeginAnnouncement:
        organisation = await self._look.organisation(row.organisation)
        place = organisation.local_authority if organisation else None
        authority = await mornings.authority_of(self._look, place)
        if authority is not None and authority.id in (row.routing or {}).get("never_tell", ()):
            authority = None  # whoever must not be told is told in nobody's place either
        days = await self._pupil_days(organisation)
        again = announcing.again(now, row.due, days)
        told = await self._told(organisation, authority, row, now)
        if not told.contacts and again is None:
            # Nobody to nudge yet: look again each morning until it is due; then people telephone.
            morning = next_at(now + timedelta(seconds=1), announcing.RUN)
            again = morning if morning <= row.due else None
        return BeginAnnouncement(
            run=run,
            contacts=told.contacts,
            diverted_to=told.diverted_to,
            quiet=told.quiet,
            conflict=told.conflict,
            next_at=again,
            at=now,
        )

    async def _pupil_days(self, organisation: Organisation | None) -> PupilDays | None:
        if organisation is None or organisation.kind not in SCHOOLS:
            return None
        return await mornings.pupil_days(self._look, organisation, self._ledger.bank_holidays)

    async def _told(
        self,
        organisation: Organisation | None,
        authority: Organisation | None,
        row: Row[Any],
        now: datetime,
    ) -> readers.Told:
        if organisation is None:
            return readers.Told(contacts=())
        routing = Routing.model_validate(row.routing or {})

        def barred(contact: Contact) -> bool:
            return self._barred(contact, routing.barred_readers)

        refused = await self._look.refusals(organisation.id) or ()
        moment = Moment(
            day=local_day(now),
            at=local(now).time(),
            unreachable=frozenset(self._mailboxes.dead(organisation, refused)),
        )
        return readers.whom_to_tell(
            organisation, authority, row.audience, barred, moment, routing.works_at
        )
