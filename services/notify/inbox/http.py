"""How does a recipient read and answer? The routes of the inbox."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.sealing import Sealed
from services.chassis.store import Context
from services.chassis.tracing import current_traceparent
from services.notify.domain.instructions import Acknowledge, Command, Open, SayNotOurs
from services.notify.domain.notification import NotOurs, Reaction, Status, stream_of
from services.notify.domain.telling import Closed
from services.notify.inbox.listing import PAGE, Wish
from services.notify.inbox.reading import Reader, Reading, missing
from services.notify.ledger import Ledger
from services.notify.readmodels.places import place
from services.notify.streams.case import AcknowledgementNoted, note_key

Recipient = Annotated[Principal, Depends(guard("recipient"))]
By = Annotated[str | None, Query(max_length=100)]
Contact = Annotated[str | None, Header(alias="X-Daybreak-Contact", max_length=100)]


class AcknowledgementIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: str = Field(max_length=100)
    note: str | None = Field(default=None, max_length=4000)
    outcome: Reaction | None = None


class NotOursIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: NotOurs
    by: str | None = Field(default=None, max_length=100)


def router(ledger: Ledger, reading: Reading) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/inbox", tags=["inbox"])
    answering = _Answering(ledger, reading)

    @routes.get("")
    async def inbox(
        principal: Recipient,
        wish: Annotated[Wish, Depends(_wish)],
        by: By = None,
        contact: Contact = None,
    ) -> dict[str, Any]:
        """The newest first. `next` and `previous` are the `after` and `before` of other pages."""
        reader = await reading.reader(principal, by or contact)
        return {**await reading.listed(reader, wish), "as_of": await reading.as_of()}

    @routes.get("/{notification}")
    async def read(
        notification: str, principal: Recipient, by: By = None, contact: Contact = None
    ) -> dict[str, Any]:
        reader = await reading.reader(principal, by or contact)
        one = _known(notification)
        row = await reading.one(reader, one)
        content = await reading.full(row)
        # Kept before it is shown: a reading that cannot be recorded does not happen.
        await answering.do(reader, one, Open(by=reader.name, at=ledger.now()))
        return {**content, **await reading.present(one)}

    @routes.post("/{notification}/acknowledge")
    async def acknowledge(
        notification: str, body: AcknowledgementIn, principal: Recipient
    ) -> dict[str, Any]:
        reader = await reading.reader(principal, body.by)
        one = _known(notification)
        row = await reading.one(reader, one)
        await reading.decided(row)
        command = Acknowledge(by=reader.name, outcome=body.outcome, at=ledger.now())
        done = await answering.do(reader, one, command)
        if body.note and done:
            await answering.note(reader, row.subject, one, body.note)
        return await reading.present(one)

    @routes.post("/{notification}/not-ours")
    async def not_ours(notification: str, body: NotOursIn, principal: Recipient) -> dict[str, str]:
        reader = await reading.reader(principal, body.by)
        one = _known(notification)
        await reading.decided(await reading.one(reader, one))
        command = SayNotOurs(by=reader.name, reason=body.reason, at=ledger.now())
        await answering.do(reader, one, command)
        return {"id": str(one), "state": Status.NOT_OURS.value}

    return routes


def _wish(
    state: Annotated[list[Status] | None, Query()] = None,
    after: Annotated[str | None, Query(max_length=100)] = None,
    before: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    notification: UUID | None = None,
    together: UUID | None = None,
) -> Wish:
    """`state` more than once: any of them. `notification`, `together`: as an item names them."""
    if after is not None and before is not None:
        detail = {"pointer": "/before", "detail": "not together with after"}
        raise Problem(422, "A page begins at one place", [detail])
    return Wish(
        states=tuple(state or ()),
        after=place(after, "after"),
        before=place(before, "before"),
        limit=limit,
        one=notification,
        together=together,
    )


def _known(notification: str) -> UUID:
    """What can be no notification of anybody is answered like one that is not there."""
    try:
        return UUID(notification)
    except ValueError:
        raise missing() from None


class _Answering:
    def __init__(self, ledger: Ledger, reading: Reading) -> None:
        self._ledger = ledger
        self._reading = reading

    async def do(self, reader: Reader, notification: UUID, command: Command) -> int:
        try:
            facts = await self._ledger.notification(
                notification, command, _context(reader, notification)
            )
        except Closed:
            # It was closed between our look and theirs.
            await self._reading.one(reader, notification)
            raise missing() from None
        return len(facts)

    async def note(self, reader: Reader, subject: UUID, notification: UUID, text: str) -> None:
        noted = AcknowledgementNoted(
            notification=notification,
            by=reader.name,
            note=Sealed(note_key(notification, subject), text),
            at=self._ledger.now(),
        )
        await self._ledger.note(stream_of(notification), noted, _context(reader, notification))


def _context(reader: Reader, notification: UUID) -> Context:
    return Context(
        correlation_id=notification, traceparent=current_traceparent(), actor=reader.name
    )
