"""What follows once a decision has found its organisations, or has found none?"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.messages import Organisation
from services.chassis.store import Recorded
from services.notify.domain import deadlines
from services.notify.domain.announcing import phone_at, timetable
from services.notify.domain.instructions import CarryOver, Recall, Supersede
from services.notify.domain.localtime import local_day
from services.notify.domain.notification import NotificationRaised, Why, notification_id
from services.notify.domain.placement import SCHOOLS
from services.notify.domain.readers import works_here
from services.notify.domain.subscriptions import Cadence
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels import mornings
from services.notify.readmodels.barred import Barred
from services.notify.readmodels.lineage import live_before
from services.notify.readmodels.subscriptions import cadence
from services.notify.streams.decision import DecisionRecorded, Placed, Unplaced

_ACTOR = "notify.routing"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """Everything that raising one notification needs to know of its establishment."""

    organisation: Organisation
    due: deadlines.Due
    morning: deadlines.Morning | None
    cadence: Cadence


class Raising:
    def __init__(self, ledger: Ledger, barred: Barred) -> None:
        self._ledger = ledger
        self._barred = barred

    async def react(self, recorded: Recorded) -> None:
        match recorded.event:
            case Placed():
                await self._raise_all(recorded, recorded.event)
            case Unplaced():
                await self._recall_former(recorded, recorded.event)

    async def _raise_all(self, recorded: Recorded, placed: Placed) -> None:
        decided = await self._ledger.decided(placed.decision)
        row = await self._ledger.look.decision(placed.decision)
        if decided is None or row is None or row.ended is not None:
            return
        live = await self._ledger.look.live(decided.decision) or ()
        mine = {one.organisation for one in live}
        former = await live_before(self._ledger.look, decided.supersedes)
        same = {
            one.notification
            for one in former
            if one.organisation in placed.organisations
            and await self._says_the_same(decided, one.decision)
        }
        told = {one.organisation for one in former if one.notification in same}
        for organisation in placed.organisations:
            if organisation not in mine | told:
                await self._raise(recorded, decided, placed, organisation)
        for one in former:
            still_told = one.organisation in placed.organisations
            await self._settle_former(
                recorded, decided, one.notification, still_told, one.notification in same
            )

    async def _raise(
        self, recorded: Recorded, decided: DecisionRecorded, placed: Placed, organisation: str
    ) -> None:
        telling = await self._telling(decided, organisation, placed)
        if telling is None:
            return
        raised = self._raised(decided, placed, telling)
        one = raised.notification
        await self._ledger.notification(one, raised, because_of(recorded, _ACTOR))

    async def _telling(
        self, decided: DecisionRecorded, organisation: str, placed: Placed
    ) -> _Telling | None:
        look = self._ledger.look
        found = await look.organisation(organisation)
        if found is None or decided.due is None:
            return None
        routing, holidays = decided.routing, self._ledger.bank_holidays
        lead = routing.lead_minutes if routing else None
        morning = await mornings.morning(look, found, holidays, lead) if _school(found) else None
        place = routing.local_authority if routing else None
        first_day = placed.not_before.get(organisation)
        subscribed = await look.subscriptions(organisation) or ()
        return _Telling(
            organisation=found,
            due=deadlines.due(decided.due, holidays, morning, not_before=first_day),
            morning=morning,
            cadence=cadence(subscribed, decided.agreement, area=place),
        )

    def _raised(
        self, decided: DecisionRecorded, placed: Placed, telling: _Telling
    ) -> NotificationRaised:
        now, organisation = self._ledger.now(), telling.organisation.id
        first_day: date | None = placed.not_before.get(organisation)
        assert decided.due is not None
        kept_out = self._kept_out(decided, telling.organisation)
        times = timetable(
            audience=decided.audience,
            # What was found only later is told from then on, and not in the night in between.
            accepted=decided.decided_at if placed.round == 1 and _fresh(decided, placed) else now,
            due=telling.due.at,
            pupil_days=telling.morning.pupil_days if telling.morning else None,
            cadence=telling.cadence,
            not_before=first_day,
        )
        return NotificationRaised(
            notification=notification_id(decided.decision, organisation, placed.round),
            decision=decided.decision,
            receipt=decided.receipt,
            case=decided.case,
            source=decided.source,
            organisation=organisation,
            audience=decided.audience,
            agreement=decided.agreement,
            about=decided.about,
            subject=decided.subject,
            due=telling.due.at,
            starts_at=decided.due.starts_at,
            raised_at=now,
            available_from=max(times.available_from, now),
            announce_at=times.announce_at,
            phone_at=phone_at(decided.audience, telling.due.at),
            round=placed.round,
            late=telling.due.late,
            rests_on_consent=decided.rests_on_consent,
            correction=decided.correction,
            phone_first=decided.phone_first,
            by_register=organisation in placed.by_register,
            by_person=placed.by_person,
            not_readers=kept_out,
            quiet=bool(kept_out) or _works_here(decided, telling.organisation),
            not_before=first_day,
            calendar=deadlines.calendar_of(decided.due, telling.due, telling.morning),
        )

    def _kept_out(self, decided: DecisionRecorded, home: Organisation) -> tuple[str, ...]:
        keys = decided.routing.barred_readers if decided.routing else ()
        out = self._barred.among(home, keys, local_day(self._ledger.now()))
        return tuple(one.id for one in home.contacts if one.id in out)

    async def _says_the_same(self, decided: DecisionRecorded, before: UUID) -> bool:
        """Does the correction show a recipient nothing that the former one did not?"""
        former = await self._ledger.decided(before)
        if former is None or former.content is None or decided.content is None:
            return False
        return former.content.value is not None and former.content.value == decided.content.value

    async def _settle_former(
        self,
        recorded: Recorded,
        decided: DecisionRecorded,
        notification: UUID,
        still_told: bool,
        same: bool,
    ) -> None:
        now, context = self._ledger.now(), because_of(recorded, _ACTOR)
        if not still_told:
            command: Any = Recall(reason=Why.CORRECTED, at=now)
        elif same:
            command = CarryOver(decision=decided.decision, at=now)
        else:
            command = Supersede(by_decision=decided.decision, at=now)
        await self._ledger.notification(notification, command, context)

    async def _recall_former(self, recorded: Recorded, unplaced: Unplaced) -> None:
        """Nobody is sent the correction meanwhile, and nobody keeps what it corrects."""
        decided = await self._ledger.decided(unplaced.decision)
        if decided is None:
            return
        former = await live_before(self._ledger.look, decided.supersedes)
        for one in former:
            await self._settle_former(recorded, decided, one.notification, False, False)


def _fresh(decided: DecisionRecorded, placed: Placed) -> bool:
    """Placed by the first look: a look that was only late, after a fault, counts as that one."""
    return (placed.at - decided.recorded_at).total_seconds() < 3600


def _works_here(decided: DecisionRecorded, organisation: Organisation) -> bool:
    routing = decided.routing
    return routing is not None and works_here(organisation, routing.works_at)


def _school(organisation: Organisation) -> bool:
    return organisation.kind in SCHOOLS
