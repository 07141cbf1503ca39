"""Who has asked who saw what of some cases, and why? One stream for all of them: they are few."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.chassis.commands import Decider
from services.chassis.sealing import Sealed

STREAM = "access-searches"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSearched:
    """`search` is the number that consent gave it; `reason` is sealed under it."""

    search: UUID
    cases: tuple[UUID, ...]
    reason: Sealed
    by: str
    agency: str
    at: datetime


SearchEvent: TypeAlias = AccessSearched
SEARCHES: Decider[AccessSearched, None, AccessSearched] = Decider(
    initial=None, decide=lambda asked, _: (asked,), evolve=lambda _state, _event: None
)


def sealed_under(search: UUID) -> str:
    return f"access-search-{search}"
