"""Which facts give a person something to do?"""

from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from contracts.messages import ClockKind, ClockRule, Routing
from services.chassis.store import Recorded
from services.notify.domain import deadlines
from services.notify.domain.notification import (
    AnnouncementBegun,
    ConsentNotConfirmed,
    NotificationCancelled,
    NotificationTakenBack,
    NotificationWithdrawn,
    PhoneAsked,
    Why,
)
from services.notify.domain.placement import Problem
from services.notify.domain.reviews import review_by
from services.notify.domain.task import Cause, TaskKind, TaskOpened, task_id
from services.notify.ledger import Ledger, because_of
from services.notify.readmodels import mornings
from services.notify.streams.decision import Unplaced
from services.notify.streams.hooks import MappingFailed

_ACTOR = "notify.tasks"
_CLOSE_OF_DAY = time(17, 0)
_UNSIGNED = (Why.NOT_SIGNATORY, Why.AGREEMENT_ENDED)
_NOBODYS = frozenset({Problem.NOBODY, Problem.SEVERAL})


class Opening:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def react(self, recorded: Recorded) -> None:
        event = recorded.event
        match event:
            case Unplaced():
                opened = await self._unplaced(event)
            case PhoneAsked():
                opened = await self._phone(event)
            case MappingFailed():
                opened = self._mapping(event)
            case AnnouncementBegun() if _nobody_left(event):
                opened = await self._nobody_left(event)
            case ConsentNotConfirmed():
                opened = await self._unconfirmed(event)
            case NotificationCancelled() | NotificationWithdrawn() if event.reason in _UNSIGNED:
                opened = await self._unsigned(event)
            case NotificationWithdrawn() | NotificationTakenBack() if event.was_opened:
                opened = await self._deletion(event)
            case _:
                return
        if opened is not None:
            await self._ledger.task(opened.task, opened, because_of(recorded, _ACTOR))

    async def _unplaced(self, event: Unplaced) -> TaskOpened | None:
        if event.problem is Problem.NOT_SIGNATORY:
            return None  # not a party: recorded with the reason, and nobody can resolve it here
        look = self._ledger.look
        row = await look.decision(event.decision)
        if row is None or row.ended is not None:
            return None
        routing = Routing.model_validate(row.routing or {})
        if routing.quiet and event.problem in _NOBODYS:
            return None  # no duty rests on it: the receipt says that nobody there was told
        school = row.audience == "education"
        never = event.problem is Problem.NEVER_TELL
        kind = TaskKind.RESOLVE_SCHOOL if school and not never else TaskKind.REVIEW_HOLD
        place = routing.local_authority
        rule = ClockRule.model_validate(row.due)
        due = await mornings.due_of_place(look, rule, place, self._ledger.bank_holidays)
        if kind is TaskKind.REVIEW_HOLD:
            due = review_by(rule.kind, due, event.at)
        authority = await mornings.authority_of(look, place) if school and never else None
        return TaskOpened(
            task=task_id(kind, event.decision, event.round),
            kind=kind,
            owner=authority.id if authority else _sender(row),
            due=due,
            opens_at=event.at,
            at=event.at,
            decision=event.decision,
            why=Cause.NEVER_TELL if never else None,
            escalates_to=_sender(row) if never else None,
            **_about(row),
        )

    async def _phone(self, event: PhoneAsked) -> TaskOpened | None:
        row = await self._notification(event.notification)
        return TaskOpened(
            task=event.task,
            kind=TaskKind.PHONE_ESTABLISHMENT,
            owner=event.owner,
            due=event.due,
            opens_at=event.at,
            at=event.at,
            notification=event.notification,
            decision=row.decision,
            **_about(row),
        )

    async def _nobody_left(self, event: AnnouncementBegun) -> TaskOpened:
        """Whoever reads it now hears why; where nobody can, who knows of it finds a reader."""
        row = await self._notification(event.notification)
        return TaskOpened(
            task=task_id(TaskKind.CONFIRM_CONTACT, event.notification, "conflict"),
            kind=TaskKind.CONFIRM_CONTACT,
            owner=event.diverted_to or _sender(row),
            due=row.due,
            opens_at=event.begun_at,
            at=event.begun_at,
            notification=event.notification,
            decision=row.decision,
            why=Cause.NOBODY_MAY_READ,
            **_about(row),
        )

    async def _unconfirmed(self, event: ConsentNotConfirmed) -> TaskOpened | None:
        row = await self._notification(event.notification)
        return TaskOpened(
            task=task_id(TaskKind.REVIEW_HOLD, event.notification, "unconfirmed"),
            kind=TaskKind.REVIEW_HOLD,
            owner=_sender(row),
            due=row.due,
            opens_at=event.at,
            at=event.at,
            notification=event.notification,
            decision=row.decision,
            why=Cause.CONSENT_UNCONFIRMED,
            **_about(row),
        )

    async def _unsigned(
        self, event: NotificationCancelled | NotificationWithdrawn
    ) -> TaskOpened | None:
        """A duty stands without the agreement that carried it: a person finds another way."""
        row = await self._notification(event.notification)
        if row.rests_on_consent:
            return None
        return TaskOpened(
            task=task_id(TaskKind.REVIEW_HOLD, event.notification, event.reason),
            kind=TaskKind.REVIEW_HOLD,
            owner=_sender(row),
            due=row.due,
            opens_at=event.at,
            at=event.at,
            decision=row.decision,  # the notification itself is over, and ends what is asked of it
            **_about(row),
        )

    def _mapping(self, event: MappingFailed) -> TaskOpened:
        day = ClockRule(kind=ClockKind.WORKING_DAY, starts_at=event.failed_at, days=1)
        return TaskOpened(
            task=event.task,
            kind=TaskKind.RESOLVE_MAPPING,
            owner=event.organisation,
            due=deadlines.due(day, self._ledger.bank_holidays).at,
            opens_at=event.failed_at,
            at=event.failed_at,
        )

    async def _deletion(self, event: NotificationWithdrawn | NotificationTakenBack) -> TaskOpened:
        """One for each recipient and ending, however many of the children it had read of."""
        row = await self._notification(event.notification)
        reader = row.diverted_to or row.organisation  # whose desk read it in its place
        why = event.reason if isinstance(event, NotificationWithdrawn) else Why.RETRACTED
        which = (why,) if event.retraction is None else (why, event.retraction)
        next_day = ClockRule(
            kind=ClockKind.WORKING_DAY, starts_at=event.at, days=1, at=_CLOSE_OF_DAY
        )
        return TaskOpened(
            task=task_id(TaskKind.CONFIRM_DELETION, row.case_id, reader, *which),
            kind=TaskKind.CONFIRM_DELETION,
            owner=reader,
            due=deadlines.due(next_day, self._ledger.bank_holidays).at,
            opens_at=event.at,
            at=event.at,
            notification=event.notification,
            decision=row.decision,
            **_about(row),
        )

    async def _notification(self, one: UUID) -> Row[Any]:
        row = await self._ledger.look.notification(one)
        assert row is not None  # the fact that we answer is later in the log than its raising
        return row


def _nobody_left(event: AnnouncementBegun) -> bool:
    return event.conflict and (event.diverted_to is not None or not event.contacts)


def _about(row: Row[Any]) -> dict[str, Any]:
    return {
        "about": row.about,
        "subject": row.subject,
        "audience": row.audience,
        "case": row.case_id,
    }


def _sender(row: Row[Any]) -> str:
    return str(row.source).removeprefix("/agencies/")
