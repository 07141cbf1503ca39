"""How soon does a recipient want to hear of what an agreement lets it know?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID, uuid5

_SUBSCRIPTIONS = UUID("a5a0b8f4-5a57-5d5e-8f0c-0c1f0a3f4b21")


class Cadence(StrEnum):
    AT_ONCE = "at-once"
    DAILY = "daily"  # 07:00 local
    WEEKLY = "weekly"  # Mondays, 07:00 local


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionSet:
    subscription: str
    organisation: str
    agreement: str
    cadence: Cadence
    area: str | None = None
    grading: str | None = None
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionEnded:
    subscription: str
    organisation: str
    ended_at: datetime


SubscriptionEvent: TypeAlias = SubscriptionSet | SubscriptionEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSubscription:
    subscription: str
    organisation: str
    at: datetime


SubscriptionCommand: TypeAlias = SubscriptionSet | EndSubscription


def stream_of(organisation: str, subscription: str) -> str:
    """Ids are the recipient's own: two recipients may choose the same one."""
    return f"subscription-{uuid5(_SUBSCRIPTIONS, f'{organisation}|{subscription}')}"


def decide(
    command: SubscriptionCommand, state: SubscriptionSet | None
) -> tuple[SubscriptionEvent, ...]:
    match command:
        case SubscriptionSet():
            return () if state and _same(command, state) else (command,)
        case EndSubscription():
            if state is None:
                return ()
            return (
                SubscriptionEnded(
                    subscription=command.subscription,
                    organisation=command.organisation,
                    ended_at=command.at,
                ),
            )


def evolve(state: SubscriptionSet | None, event: SubscriptionEvent) -> SubscriptionSet | None:
    return event if isinstance(event, SubscriptionSet) else None


def _same(one: SubscriptionSet, other: SubscriptionSet) -> bool:
    return (one.agreement, one.cadence, one.area, one.grading) == (
        other.agreement,
        other.cadence,
        other.area,
        other.grading,
    )
