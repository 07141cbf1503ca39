"""Which webhooks are due, to which endpoints, and what came of those that went?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Table,
    exists,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import Row
from services.notify.domain.notification import (
    AnnouncementBegun,
    NotificationCancelled,
    NotificationNotOurs,
    NotificationSuperseded,
    NotificationTakenBack,
    NotificationWithdrawn,
)
from services.notify.domain.webhooks import AttemptOutcome, Kind, WebhookAttempted, delivery_of
from services.notify.readmodels.pages import among
from services.notify.readmodels.told import Kinds, Told
from services.notify.readmodels.webhook_tables import (
    ANNOUNCED,
    ATTEMPTS,
    DELIVERIES,
    ENDPOINTS,
    METADATA,
)
from services.notify.readmodels.writing import Writing
from services.notify.streams.endpoints import (
    EndpointFailing,
    EndpointRecovered,
    EndpointRemoved,
    EndpointSaved,
    ResendAsked,
    TrialAsked,
)


class Webhooks:
    """The projection: one for all four tables, so that an announcement meets the endpoints that
    there were at its place in the log, however late it is read."""

    name = "notify.webhooks"
    metadata = METADATA

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        """Announcements and attempts together, up to a fact that they must not overtake."""
        begun: list[Told[AnnouncementBegun]] = []
        attempted: list[WebhookAttempted] = []
        for told in _KINDS.of(page):
            match told.event:
                case AnnouncementBegun():
                    begun.append(told)
                case WebhookAttempted() as attempt:
                    attempted.append(attempt)
                case _:
                    await _together(tx, begun, attempted)
                    begun, attempted = [], []
                    await _apart(tx, told)
        await _together(tx, begun, attempted)


_KINDS = Kinds(
    AnnouncementBegun,
    WebhookAttempted,
    ResendAsked,
    TrialAsked,
    NotificationCancelled,
    NotificationWithdrawn,
    NotificationTakenBack,
    NotificationSuperseded,
    NotificationNotOurs,
    EndpointSaved,
    EndpointFailing,
    EndpointRecovered,
    EndpointRemoved,
)


async def _together(
    tx: AsyncConnection,
    begun: Sequence[Told[AnnouncementBegun]],
    attempted: Sequence[WebhookAttempted],
) -> None:
    if begun:
        await _announced(tx, begun)
    if attempted:
        await _attempted(tx, attempted)


async def _apart(tx: AsyncConnection, told: Told[Any]) -> None:
    trace = told.traceparent
    match told.event:
        case ResendAsked() as asked:
            await _resend(tx, asked, trace)
        case TrialAsked() as asked:
            row = _row(asked.organisation, asked.endpoint, asked.asked_at, trace)
            row |= {"delivery": asked.test, "kind": Kind.TEST, "retried": False}
            await _waits(tx, [row])
        case NotificationWithdrawn() | NotificationTakenBack() as ended:
            await _forget(tx, ended.notification)
            await _taken_back(tx, ended, trace)
        case NotificationCancelled() | NotificationSuperseded() | NotificationNotOurs() as ended:
            await _forget(tx, ended.notification)
        case _:
            await _endpoint(tx, told.event)


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


async def _announced(tx: AsyncConnection, begun: Sequence[Told[AnnouncementBegun]]) -> None:
    """Announced again in the morning is for people: the machine has it, under the same id."""
    first: dict[UUID, Told[AnnouncementBegun]] = {}
    for one in begun:
        if not one.event.quiet:  # a machine shows it to whoever sits before it (ADR 0030)
            first.setdefault(one.event.notification, one)
    known = select(ANNOUNCED.c.notification).where(among(ANNOUNCED.c.notification, sorted(first)))
    for notification in await tx.scalars(known):
        del first[notification]
    if not first:
        return
    # Where nobody at the school may read it, the authority's desk does, and its machine is told.
    told = {at: one.event.diverted_to or one.event.organisation for at, one in first.items()}
    endpoints = await _enabled(tx, set(told.values()))
    announced, waiting = [], []
    for notification, one in first.items():
        organisation, at, trace = told[notification], one.event.begun_at, one.traceparent
        row = {"notification": notification, "organisation": organisation}
        announced.append({**row, "announced_at": at, "traceparent": trace})
        for endpoint in endpoints.get(organisation, ()):
            delivery = delivery_of(notification, organisation, endpoint, "announced")
            called = _row(organisation, endpoint, at, trace)
            waiting.append(called | {"delivery": delivery, "notification": notification})
    await upsert(tx, ANNOUNCED, announced, key=["notification"])
    await _waits(tx, waiting)


async def _enabled(tx: AsyncConnection, organisations: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    mine = (among(ENDPOINTS.c.organisation, sorted(organisations)), ENDPOINTS.c.enabled)
    query = select(ENDPOINTS.c.organisation, ENDPOINTS.c.endpoint).where(*mine)
    for row in await tx.execute(query.order_by(ENDPOINTS.c.endpoint)):
        found[row.organisation].append(row.endpoint)
    return found


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


async def _taken_back(
    tx: AsyncConnection, ended: NotificationWithdrawn | NotificationTakenBack, trace: str
) -> None:
    """Every receiver that took the announcement is called once more, for as long as it is there."""
    went = exists().where(
        ATTEMPTS.c.delivery == DELIVERIES.c.delivery,
        ATTEMPTS.c.outcome == AttemptOutcome.DELIVERED,
    )
    told = (DELIVERIES.c.notification == ended.notification, DELIVERIES.c.kind == Kind.NOTIFICATION)
    took = select(DELIVERIES.c.organisation, DELIVERIES.c.endpoint).distinct().where(*told, went)
    rows = []
    for organisation, endpoint in sorted(map(tuple, await tx.execute(took))):
        one = delivery_of(ended.notification, organisation, endpoint, Kind.WITHDRAWN)
        row = _row(organisation, endpoint, ended.at, trace) | {"delivery": one}
        rows.append(row | {"kind": Kind.WITHDRAWN, "notification": ended.notification})
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


async def _attempted(tx: AsyncConnection, attempted: Sequence[WebhookAttempted]) -> None:
    columns = (DELIVERIES.c.attempts, DELIVERIES.c.counted, DELIVERIES.c.first_at)
    deliveries = sorted({one.delivery for one in attempted})
    query = select(DELIVERIES.c.delivery, *columns)
    rows = await tx.execute(query.where(among(DELIVERIES.c.delivery, deliveries)))
    now = {row.delivery: dict(row._mapping) for row in rows}
    writing = Writing()
    for one in attempted:
        row = now.get(one.delivery)
        if row is not None and row["attempts"] < one.attempt:
            row["attempts"] = one.attempt
            row["counted"] += int(one.counted)
            row["first_at"] = row["first_at"] or one.attempted_at
            changed = {name: row[name] for name in ("attempts", "counted", "first_at")}
            writing.change(DELIVERIES, one.delivery, changed | {"due_at": one.again_at})
        writing.add(ATTEMPTS, _attempt(one))
    await writing.write(tx)


def _attempt(one: WebhookAttempted) -> dict[str, Any]:
    return {
        "delivery": one.delivery,
        "attempt": one.attempt,
        "organisation": one.recipient,
        "endpoint": one.endpoint,
        "kind": one.kind,
        "notification": one.notification,
        "outcome": one.outcome,
        "status": one.status,
        "reason": one.reason,
        "attempted_at": one.attempted_at,
        "again_at": one.again_at,
    }


async def _forget(tx: AsyncConnection, notification: UUID) -> None:
    """What is closed is not told any more, and not sent again."""
    await tx.execute(ANNOUNCED.delete().where(ANNOUNCED.c.notification == notification))
    waiting = (DELIVERIES.c.notification == notification) & (DELIVERIES.c.due_at.is_not(None))
    await tx.execute(update(DELIVERIES).where(waiting).values(due_at=None))
