"""When is a webhook tried again, and when is it given up?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID, uuid5

_DELIVERIES = UUID("6f1e2d3c-4b5a-5978-8695-a4b3c2d1e0f9")

# Waits after each failed attempt (Standard Webhooks 1.0): about three days in all, so that a
# school whose server was off over a weekend still hears by machine. Its inbox never waited.
_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
SHORTEST_WAIT = timedelta(seconds=5)  # what a receiver may ask for, clamped at both ends
LONGEST_WAIT = timedelta(hours=6)
PATIENCE = timedelta(days=4)  # a receiver that only ever says 429 is given up as well


class AttemptOutcome(StrEnum):
    DELIVERED = "delivered"
    DEFERRED = "deferred"  # tried again at `again_at`
    REFUSED = "refused"  # the receiver will never take it
    EXHAUSTED = "exhausted"


class Kind(StrEnum):
    NOTIFICATION = "notification.announced"
    WITHDRAWN = "notification.withdrawn"
    TEST = "endpoint.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAttempted:
    """One POST is one attempt and one record, whatever came of it."""

    delivery: UUID
    kind: Kind
    notification: UUID | None
    recipient: str
    endpoint: str
    attempt: int  # from 1
    counted: bool  # whether it used up a part of the budget
    outcome: AttemptOutcome
    status: int | None  # the receiver's, None when there was no answer
    reason: str  # of a closed set of words
    attempted_at: datetime
    again_at: datetime | None = None


WebhookEvent: TypeAlias = WebhookAttempted


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver said to one attempt."""

    went: bool
    status: int | None = None
    reason: str = ""
    retry_after: timedelta | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was tried before: attempts in all, those that counted, and when the first one was."""

    attempts: int = 0
    counted: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    outcome: AttemptOutcome
    counted: bool
    again_at: datetime | None = None


def delivery_of(notification: UUID, organisation: str, endpoint: str, occasion: str) -> UUID:
    """One id over all retries; another occasion (announced again, resent) is another id."""
    return uuid5(_DELIVERIES, f"{notification}|{organisation}|{endpoint}|{occasion}")


def stream_of(delivery: UUID) -> str:
    return f"webhook-{delivery}"


def after(answer: Answer, before: Tried, now: datetime) -> Next:
    """429 and 503 with a Retry-After are the receiver's own pace: they cost nothing."""
    if answer.went:
        return Next(outcome=AttemptOutcome.DELIVERED, counted=True)
    if answer.permanent or _never(answer.status):
        return Next(outcome=AttemptOutcome.REFUSED, counted=True)
    paced = answer.status == 429 or (answer.status == 503 and answer.retry_after is not None)
    if paced:
        wait = answer.retry_after or _WAITS[min(before.attempts, 2)]
        again = now + min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)
        if before.first_at is None or again - before.first_at <= PATIENCE:
            return Next(outcome=AttemptOutcome.DEFERRED, counted=False, again_at=again)
        return Next(outcome=AttemptOutcome.EXHAUSTED, counted=False)
    if before.counted >= len(_WAITS):
        return Next(outcome=AttemptOutcome.EXHAUSTED, counted=True)
    return Next(
        outcome=AttemptOutcome.DEFERRED, counted=True, again_at=now + _WAITS[before.counted]
    )


def _never(status: int | None) -> bool:
    """A 3xx is no success either: redirects are not followed and will not change by waiting."""
    return status is not None and 300 <= status < 500 and status not in (408, 425, 429)
