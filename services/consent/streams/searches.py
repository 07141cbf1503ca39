"""Who has asked what is recorded of somebody, and why? One stream for all of them: they are few."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.chassis.commands import Decider
from services.chassis.sealing import Sealed

STREAM = "access-searches"


@dataclass(frozen=True, kw_only=True)
class AccessSearched:
    """`keys` are the keyed hashes of what was asked for, never the names; `cases` what was found.

    `reason` is in the words of who asked, sealed under the search.
    """

    search: UUID
    how: Literal["person", "reference", "event"]
    keys: tuple[str, ...]
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
