"""What became of an event, in outcomes and times? Kept from the log, without any content."""

from uuid import UUID

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Uuid, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant, upsert
from services.chassis.store import Recorded
from services.notify.domain.intake import EventOffered
from services.notify.domain.notification import (
    NotificationAcknowledged,
    NotificationAnnounced,
    NotificationCancelled,
    NotificationNotOurs,
    NotificationOpened,
    NotificationRaised,
    NotificationSuperseded,
    NotificationWithdrawn,
    Status,
)
from services.notify.streams.case import EventAnswered
from services.notify.streams.decision import DecisionRecorded, DecisionSuperseded

METADATA = MetaData()
RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("receipt", Uuid, primary_key=True),
    Column("agency", String, nullable=False),
    Column("source", String, nullable=False),
    Column("event", String, nullable=False),
    Column("type", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decisions", Integer),
)
OUTCOMES = Table(
    "receipt_outcomes",
    METADATA,
    Column("decision", Uuid, primary_key=True),
    Column("receipt", Uuid, nullable=False, index=True),
    Column("audience", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("superseded", Boolean, nullable=False),
)
TELLINGS = Table(
    "receipt_tellings",
    METADATA,
    Column("notification", Uuid, primary_key=True),
    Column("receipt", Uuid, nullable=False, index=True),
    Column("decision", Uuid, nullable=False),
    Column("state", String, nullable=False),
    Column("told_at", Instant),
    Column("opened_at", Instant),
    Column("acknowledged_at", Instant),
)
_ENDED = {
    NotificationNotOurs: Status.NOT_OURS,
    NotificationCancelled: Status.CANCELLED,
    NotificationWithdrawn: Status.WITHDRAWN,
    NotificationSuperseded: Status.SUPERSEDED,
}


class Receipts:
    """The projection. Who the recipients are is never in it: an audience is all a sender learns."""

    name = "notify.receipts"
    metadata = METADATA

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        match recorded.event:
            case EventOffered() | EventAnswered():
                await _of_the_event(tx, recorded.event)
            case DecisionRecorded() | DecisionSuperseded():
                await _of_a_decision(tx, recorded.event)
            case NotificationRaised() as raised:
                row = {
                    "notification": raised.notification,
                    "receipt": raised.receipt,
                    "decision": raised.decision,
                    "state": Status.SCHEDULED,
                }
                await upsert(tx, TELLINGS, row, key=["notification"])
            case _:
                await _of_the_telling(tx, recorded.event)


async def _of_the_event(tx: AsyncConnection, event: EventOffered | EventAnswered) -> None:
    match event:
        case EventOffered():
            row = {
                "receipt": event.receipt,
                "agency": event.agency,
                "source": event.source,
                "event": event.event,
                "type": event.type,
                "received_at": event.offered_at,
            }
            await upsert(tx, RECEIPTS, row, key=["receipt"])
        case EventAnswered():
            await tx.execute(
                update(RECEIPTS)
                .where(RECEIPTS.c.receipt == event.receipt)
                .values(decided_at=event.at, decisions=event.decisions)
            )


async def _of_a_decision(tx: AsyncConnection, event: DecisionRecorded | DecisionSuperseded) -> None:
    match event:
        case DecisionRecorded():
            row = {
                "decision": event.decision,
                "receipt": event.receipt,
                "audience": event.audience,
                "outcome": event.outcome.value,
                "decided_at": event.decided_at,
                "superseded": False,
            }
            await upsert(tx, OUTCOMES, row, key=["decision"])
        case DecisionSuperseded():
            chosen = OUTCOMES.c.decision == event.decision
            await tx.execute(update(OUTCOMES).where(chosen).values(superseded=True))


async def _of_the_telling(tx: AsyncConnection, event: object) -> None:
    match event:
        case NotificationAnnounced(again=False):
            changes = {"state": Status.ANNOUNCED, "told_at": event.announced_at}
        case NotificationOpened():
            changes = {"state": Status.OPENED, "opened_at": event.opened_at}
        case NotificationAcknowledged():
            changes = {"state": Status.ACKNOWLEDGED, "acknowledged_at": event.acknowledged_at}
        case (
            NotificationNotOurs()
            | NotificationCancelled()
            | NotificationWithdrawn()
            | NotificationSuperseded()
        ):
            changes = {"state": _ENDED[type(event)]}
        case _:
            return
    notification: UUID = event.notification
    await tx.execute(
        update(TELLINGS).where(TELLINGS.c.notification == notification).values(**changes)
    )
