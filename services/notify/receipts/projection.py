"""What became of an event, in outcomes and times? Kept from the log, without any content."""

from collections.abc import Sequence

from sqlalchemy import JSON, Boolean, Column, Index, Integer, MetaData, String, Table, Uuid
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant
from services.chassis.store import Row
from services.notify.domain.intake import EventOffered
from services.notify.domain.notification import (
    NotificationAcknowledged,
    NotificationAnnounced,
    NotificationCancelled,
    NotificationCarriedOver,
    NotificationNotOurs,
    NotificationOpened,
    NotificationRaised,
    NotificationSuperseded,
    NotificationWithdrawn,
    Status,
)
from services.notify.readmodels.told import Kinds
from services.notify.readmodels.writing import Writing
from services.notify.streams.case import EventAnswered
from services.notify.streams.decision import DecisionRecorded, DecisionSuperseded, Unplaced

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
    Column("barred_readers", JSON, nullable=False),  # keyed hashes of who must not see it
)
TELLINGS = Table(
    "receipt_tellings",
    METADATA,
    Column("notification", Uuid, primary_key=True),
    Column("decision", Uuid, nullable=False, index=True),  # the one that it rests on now
    Column("first_decision", Uuid, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("told_at", Instant),
    Column("opened_at", Instant),
    Column("acknowledged_at", Instant),
)
UNPLACED = Table(  # nobody was found to tell; who is told after all has a telling
    "receipt_unplaced",
    METADATA,
    Column("decision", Uuid, primary_key=True),
    Column("problem", String, nullable=False),
)
Index("receipts_newest", RECEIPTS.c.received_at)
Index("receipts_newest_of_agency", RECEIPTS.c.agency, RECEIPTS.c.received_at)
_ENDED = {
    NotificationNotOurs: Status.NOT_OURS,
    NotificationCancelled: Status.CANCELLED,
    NotificationWithdrawn: Status.WITHDRAWN,
    NotificationSuperseded: Status.SUPERSEDED,
}
_KINDS = Kinds(
    EventOffered,
    EventAnswered,
    DecisionRecorded,
    DecisionSuperseded,
    Unplaced,
    NotificationRaised,
    NotificationAnnounced,
    NotificationOpened,
    NotificationAcknowledged,
    NotificationCarriedOver,
    *_ENDED,
)


class Receipts:
    """The projection. Who the recipients are is never in it: an audience is all a sender learns."""

    name = "notify.receipts"
    metadata = METADATA

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        writing = Writing()
        for told in _KINDS.of(page):
            _keep(writing, told.event)
        await writing.write(tx)


def _keep(writing: Writing, event: object) -> None:
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
            writing.add(RECEIPTS, row)
        case EventAnswered():
            decided = {"decided_at": event.at, "decisions": event.decisions}
            writing.change(RECEIPTS, event.receipt, decided)
        case DecisionRecorded():
            row = {
                "decision": event.decision,
                "receipt": event.receipt,
                "audience": event.audience,
                "outcome": event.outcome.value,
                "decided_at": event.decided_at,
                "superseded": False,
                "barred_readers": list(event.routing.barred_readers) if event.routing else [],
            }
            writing.add(OUTCOMES, row)
        case DecisionSuperseded():
            writing.change(OUTCOMES, event.decision, {"superseded": True})
        case Unplaced():
            row = {"decision": event.decision, "problem": event.problem.value}
            writing.add(UNPLACED, row)
        case NotificationRaised():
            row = {
                "notification": event.notification,
                "decision": event.decision,
                "first_decision": event.decision,
                "state": Status.SCHEDULED,
            }
            writing.add(TELLINGS, row)
        case _:
            _keep_telling(writing, event)


def _keep_telling(writing: Writing, event: object) -> None:
    match event:
        case NotificationAnnounced(again=False):
            changes = {"state": Status.ANNOUNCED, "told_at": event.announced_at}
        case NotificationCarriedOver():
            changes = {"decision": event.decision}
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
    writing.change(TELLINGS, event.notification, changes)
