"""Which webhooks are due, to which endpoints, and what came of those that went?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Uuid, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant, upsert
from services.chassis.store import Recorded
from services.notify.domain.notification import (
    AnnouncementBegun,
    NotificationCancelled,
    NotificationNotOurs,
    NotificationSuperseded,
    NotificationWithdrawn,
)
from services.notify.domain.webhooks import Kind, WebhookAttempted, delivery_of
from services.notify.streams.endpoints import (
    EndpointFailing,
    EndpointRecovered,
    EndpointRemoved,
    EndpointSaved,
    ResendAsked,
    TrialAsked,
)

METADATA = MetaData()
ENDPOINTS = Table(
    "endpoints",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("endpoint", String, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("failing_since", Instant),
)
ANNOUNCED = Table(
    "webhook_announced",
    METADATA,
    Column("notification", Uuid, primary_key=True),
    Column("organisation", String, nullable=False, index=True),
    Column("announced_at", Instant, nullable=False),
    Column("traceparent", String, nullable=False),
)
DELIVERIES = Table(
    "webhook_deliveries",
    METADATA,
    Column("delivery", Uuid, primary_key=True),
    Column("kind", String, nullable=False),
    Column("notification", Uuid, index=True),
    Column("organisation", String, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("at", Instant, nullable=False),  # what the payload says, the same in every attempt
    Column("due_at", Instant, index=True),  # None: nothing more to do
    Column("retried", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("first_at", Instant),
    Column("traceparent", String, nullable=False),
)
ATTEMPTS = Table(
    "webhook_attempts",
    METADATA,
    Column("delivery", Uuid, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("organisation", String, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("notification", Uuid),
    Column("outcome", String, nullable=False),
    Column("status", Integer),
    Column("reason", String, nullable=False),
    Column("attempted_at", Instant, nullable=False),
    Column("again_at", Instant),
)


class Webhooks:
    """The projection: one for all four tables, so that an announcement meets the endpoints that
    there were at its place in the log, however late it is read."""

    name = "notify.webhooks"
    metadata = METADATA

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        trace = recorded.context.traceparent
        match recorded.event:
            case AnnouncementBegun() as begun:
                await _announced(tx, begun, trace)
            case ResendAsked() as asked:
                await _resend(tx, asked, trace)
            case TrialAsked() as asked:
                row = _row(asked.organisation, asked.endpoint, asked.asked_at, trace)
                row |= {"delivery": asked.test, "kind": Kind.TEST, "retried": False}
                await _waits(tx, [row])
            case WebhookAttempted() as attempted:
                await _attempted(tx, attempted)
            case (
                NotificationCancelled()
                | NotificationWithdrawn()
                | NotificationSuperseded()
                | NotificationNotOurs()
            ) as ended:
                await _forget(tx, ended.notification)
            case _:
                await _endpoint(tx, recorded.event)


async def _endpoint(tx: AsyncConnection, event: object) -> None:
    match event:
        case EndpointSaved():
            row = {
                "organisation": event.organisation,
                "endpoint": event.endpoint,
                "enabled": event.enabled,
            }
            await upsert(tx, ENDPOINTS, row, key=["organisation", "endpoint"])
        case EndpointFailing():
            failing = update(ENDPOINTS).where(_is(ENDPOINTS, event))
            await tx.execute(failing.values(failing_since=event.since))
        case EndpointRecovered():
            failing = update(ENDPOINTS).where(_is(ENDPOINTS, event))
            await tx.execute(failing.values(failing_since=None))
        case EndpointRemoved():
            await tx.execute(ENDPOINTS.delete().where(_is(ENDPOINTS, event)))
            await tx.execute(update(DELIVERIES).where(_is(DELIVERIES, event)).values(due_at=None))
        case _:
            pass


def _is(table: Table, event: EndpointFailing | EndpointRecovered | EndpointRemoved) -> Any:
    return (table.c.organisation == event.organisation) & (table.c.endpoint == event.endpoint)


async def _announced(tx: AsyncConnection, begun: AnnouncementBegun, trace: str) -> None:
    """Announced again in the morning is for people: the machine has it, under the same id."""
    # Where nobody at the school may read it, the authority's desk does, and its machine is told.
    told = begun.diverted_to or begun.organisation
    announced = {
        "notification": begun.notification,
        "organisation": told,
        "announced_at": begun.begun_at,
        "traceparent": trace,
    }
    known = await tx.scalar(
        select(ANNOUNCED.c.notification).where(ANNOUNCED.c.notification == begun.notification)
    )
    if known:
        return
    await upsert(tx, ANNOUNCED, announced, key=["notification"])
    endpoints = await tx.scalars(
        select(ENDPOINTS.c.endpoint).where(ENDPOINTS.c.organisation == told, ENDPOINTS.c.enabled)
    )
    rows = [
        _row(told, endpoint, begun.begun_at, trace)
        | {
            "delivery": delivery_of(begun.notification, told, endpoint, "announced"),
            "notification": begun.notification,
        }
        for endpoint in endpoints
    ]
    await _waits(tx, rows)


async def _resend(tx: AsyncConnection, asked: ResendAsked, trace: str) -> None:
    chosen = await tx.execute(
        select(ANNOUNCED).where(
            ANNOUNCED.c.organisation == asked.organisation,
            ANNOUNCED.c.announced_at >= asked.since,
        )
    )
    rows = [
        _row(asked.organisation, asked.endpoint, announced.announced_at, trace)
        | {
            "delivery": delivery_of(
                announced.notification, asked.organisation, asked.endpoint, str(asked.resend)
            ),
            "notification": announced.notification,
            "due_at": asked.asked_at,
            "retried": False,  # a person asked for it and sees what came of it
        }
        for announced in chosen.all()
    ]
    await _waits(tx, rows)


def _row(organisation: str, endpoint: str, at: datetime, traceparent: str) -> dict[str, Any]:
    return {
        "kind": Kind.NOTIFICATION,
        "notification": None,
        "organisation": organisation,
        "endpoint": endpoint,
        "at": at,
        "due_at": at,
        "retried": True,
        "attempts": 0,
        "counted": 0,
        "traceparent": traceparent,
    }


async def _waits(tx: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    await upsert(tx, DELIVERIES, rows, key=["delivery"])


async def _attempted(tx: AsyncConnection, attempted: WebhookAttempted) -> None:
    one = DELIVERIES.c.delivery == attempted.delivery
    first = await tx.scalar(select(DELIVERIES.c.first_at).where(one))
    changes = {
        "due_at": attempted.again_at,
        "attempts": attempted.attempt,
        "counted": DELIVERIES.c.counted + int(attempted.counted),
        "first_at": first or attempted.attempted_at,
    }
    newer = one & (DELIVERIES.c.attempts < attempted.attempt)
    await tx.execute(update(DELIVERIES).where(newer).values(**changes))
    row = {
        "delivery": attempted.delivery,
        "attempt": attempted.attempt,
        "organisation": attempted.recipient,
        "endpoint": attempted.endpoint,
        "kind": attempted.kind,
        "notification": attempted.notification,
        "outcome": attempted.outcome,
        "status": attempted.status,
        "reason": attempted.reason,
        "attempted_at": attempted.attempted_at,
        "again_at": attempted.again_at,
    }
    await upsert(tx, ATTEMPTS, row, key=["delivery", "attempt"])


async def _forget(tx: AsyncConnection, notification: UUID) -> None:
    """What is closed is not told any more, and not sent again."""
    await tx.execute(ANNOUNCED.delete().where(ANNOUNCED.c.notification == notification))
    waiting = (DELIVERIES.c.notification == notification) & (DELIVERIES.c.due_at.is_not(None))
    await tx.execute(update(DELIVERIES).where(waiting).values(due_at=None))
