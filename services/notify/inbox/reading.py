"""What may this reader of this organisation see, and what did they see?"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Contact, Organisation, Routing
from services.chassis.principals import Principal
from services.chassis.problems import Problem
from services.notify.domain import readers
from services.notify.domain.localtime import local_day
from services.notify.domain.notification import (
    LIVE,
    UNOPENED,
    PhoneAsked,
    Status,
    Why,
    stream_of,
)
from services.notify.domain.signing import why_not
from services.notify.inbox import listing
from services.notify.inbox.correcting import corrected
from services.notify.inbox.glance import glance
from services.notify.inbox.lateness import for_a_reader, late
from services.notify.ledger import Ledger
from services.notify.readmodels import book
from services.notify.readmodels import signed as signatures
from services.notify.readmodels.barred import Barred
from services.notify.readmodels.state import ANSWERS, NOTIFICATIONS
from services.notify.streams.case import AcknowledgementNoted
from services.notify.streams.decision import DecisionRecorded

LIVE_STATES = frozenset(state.value for state in LIVE)
_UNOPENED = frozenset(state.value for state in UNOPENED)
_TO_DO = {
    Status.NOT_OURS.value: "You said that this is not yours. Keep no copy of it.",
    Status.WITHDRAWN.value: "The sender has withdrawn this. Delete every copy that you have made.",
    Status.SUPERSEDED.value: "This was corrected. Read the notification that replaces it.",
}
_TAKEN_BACK = _TO_DO[Status.WITHDRAWN.value]  # also where something else had ended it before


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: a named contact, or the organisation where no person is named."""

    organisation: str
    contact: Contact | None = None
    known: Organisation | None = None  # among whom they read

    @property
    def name(self) -> str:
        return self.contact.id if self.contact else self.organisation


def missing() -> Problem:
    """The same answer for what is not there, not theirs, and not to be seen by them."""
    return Problem(404, "There is no such notification")


class Reading:
    def __init__(self, ledger: Ledger, barred: Barred) -> None:
        self._ledger = ledger
        self._barred = barred

    async def reader(self, principal: Principal, by: str | None) -> Reader:
        """Who has signed in is who reads. Raises a Problem when there is no such contact."""
        organisation = principal.agency
        async with self._ledger.rows() as tx:
            known = await book.organisation(tx, organisation)
        if principal.person:
            if by not in (None, principal.person):
                raise Problem(403, "Who has signed in answers for nobody else")
            by = principal.person
        if by is None or by == organisation:
            return Reader(organisation=organisation, known=known)
        serving = readers.serving(known, local_day(self._ledger.now())) if known else []
        for contact in serving:
            if contact.id == by:
                return Reader(organisation=organisation, contact=contact, known=known)
        detail = {"pointer": "/by", "detail": "not a contact of this organisation"}
        raise Problem(422, "The organisation has no such contact", [detail])

    async def listed(self, reader: Reader, wish: listing.Wish) -> dict[str, Any]:
        def may_see(row: Row[Any]) -> bool:
            return not self._barred_from(row, reader)

        async with self._ledger.rows() as tx:
            page = await listing.page(tx, reader.organisation, wish, may_see)
        return {
            # Asked for in one moment, and so read in one query (ADR 0035).
            "notifications": await asyncio.gather(*map(self._item, page.rows)),
            "next": str(page.next) if page.next else None,
            "previous": str(page.previous) if page.previous else None,
        }

    async def one(self, reader: Reader, notification: UUID) -> Row[Any]:
        """The row, if this reader may know of it. Raises a Problem otherwise."""
        async with self._ledger.rows() as tx:
            which = NOTIFICATIONS.c.notification == notification
            mine = listing.of_organisation(reader.organisation, which)
            row: Row[Any] | None = (await tx.execute(mine)).one_or_none()
            if row is None or row.available_at is None or row.state == Status.CANCELLED.value:
                raise missing()
            if self._barred_from(row, reader):
                raise missing()
            if row.state in _UNOPENED and await self._may_be_told_no_more(tx, row):
                raise Problem(410, "The agreement under which this was sent no longer covers you")
        if row.state not in LIVE_STATES:
            raise Problem(410, _what_to_do(row) or "The content is closed")
        return row

    async def decided(self, row: Row[Any]) -> DecisionRecorded:
        """With its content, which nobody can read, answer or send back once it is erased."""
        decided = await self._ledger.decided(row.decision)
        if decided is None or decided.content is None or decided.content.value is None:
            raise Problem(410, "The content has been erased at the end of its retention")
        return decided

    async def full(self, row: Row[Any]) -> dict[str, Any]:
        decided = await self.decided(row)
        return {
            **_dates(row),
            "agreement_version": decided.agreement_version,
            "profile": decided.profile,
            "because": [reason.model_dump() for reason in for_a_reader(decided.because)],
            "late": late(row.due, decided),
            "content": decided.content and decided.content.value,
            "corrected": await corrected(self._ledger, row, decided) if row.correction else None,
            **await self._besides(row.notification),
        }

    async def _besides(self, notification: UUID) -> dict[str, Any]:
        """What the organisation's readers wrote, oldest first, gone with the person's key; and when
        it was asked that somebody telephone them."""
        history = await self._ledger.store.read_stream(stream_of(notification))
        said = [each.event for each in history if isinstance(each.event, AcknowledgementNoted)]
        asked = [each.event.at for each in history if isinstance(each.event, PhoneAsked)]
        return {
            "notes": [
                {"by": one.by, "at": _text(one.at), "note": one.note.value}
                for one in said
                if one.note.value is not None
            ],
            "telephone_asked_at": [_text(at) for at in asked],
        }

    async def present(self, notification: UUID) -> dict[str, Any]:
        """The dates and the state as they stand now, after what was just done."""
        async with self._ledger.rows() as tx:
            query = select(NOTIFICATIONS).where(NOTIFICATIONS.c.notification == notification)
            return _dates((await tx.execute(query)).one())

    async def as_of(self) -> dict[str, Any]:
        """That an empty list is no silence: when the last event of anybody was decided."""
        async with self._ledger.rows() as tx:
            last = await tx.scalar(select(func.max(ANSWERS.c.at)))
        return {"checked_at": _text(self._ledger.now()), "last_decided_at": _text(last)}

    async def _item(self, row: Row[Any]) -> dict[str, Any]:
        decided = await self._ledger.decided(row.decision)
        content = (decided.content.value if decided and decided.content else None) or {}
        if row.state in LIVE_STATES:
            today = local_day(self._ledger.now())
            return {**_dates(row), **glance(content, row.audience, today)}
        return {
            **_dates(row),
            "reference": content.get("incident.reference"),
            "closed_at": _text(row.ended_at),
            "closed_because": row.ended_why,
            "what_to_do": _what_to_do(row),
        }

    async def _may_be_told_no_more(self, tx: AsyncConnection, row: Row[Any]) -> bool:
        """Opening is the moment of telling: the next announcement will end what is over."""
        routing, today = Routing.model_validate(row.routing or {}), local_day(self._ledger.now())
        signed = await signatures.signed(tx)
        return why_not(row.agreement, row.organisation, routing, signed, today) is not None

    def _barred_from(self, row: Row[Any], reader: Reader) -> bool:
        """Where one of them must not know, who reads is named: a machine shows it to anybody."""
        known, routing = reader.known, Routing.model_validate(row.routing or {})
        if known is None:
            return False
        today = local_day(self._ledger.now())
        out = self._barred.among(known, routing.barred_readers, today)
        if reader.contact is not None:
            return reader.contact.id in out
        unnamed = bool(known.contacts) and readers.works_here(known, routing.works_at)
        return bool(out) or unnamed


def _what_to_do(row: Row[Any]) -> str | None:
    return _TAKEN_BACK if row.ended_why == Why.RETRACTED.value else _TO_DO.get(row.state)


def _dates(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.notification),
        "state": row.state,
        "audience": row.audience,
        "agreement": row.agreement,
        "about": row.about,
        "together": str(row.case_id),  # the same for all notifications of one event
        "from": row.source,
        "due": _text(row.due),
        "received_at": _text(row.available_at),
        "told_at": _text(row.told_at),
        "opened_at": _text(row.opened_at),
        "opened_by": row.opened_by,
        "acknowledged_at": _text(row.acknowledged_at),
        "acknowledged_by": row.acknowledged_by,
        "outcome": row.reaction,
        "overdue": row.overdue,
        "correction": row.correction,
        "found_by": _found_by(row),
        "telephone_first": row.phone_first,
    }


def _found_by(row: Row[Any]) -> str:
    """How the organisation was chosen: somebody looked, or a register, or as the sender named."""
    return "person" if row.by_person else "register" if row.by_register else "sender"


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
