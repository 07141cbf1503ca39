"""What has ended, and what must not end? Erasures of a case and legal holds; nothing personal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from services.chassis.commands import Decider
from services.chassis.sealing import Sealed


@dataclass(frozen=True, kw_only=True)
class CaseErased:
    """Every key of the case is destroyed. `ended_at` is when its retention ended.

    `agreement` (`id@version`, empty for none) and `months` are the term that was applied; `keys`
    and `events` are counts.
    """

    case: UUID
    agreement: str
    months: int
    ended_at: datetime
    keys: int
    events: int
    at: datetime
    ground: str = ""  # where no agreement spoke of it


@dataclass(frozen=True, kw_only=True)
class HistoryForgotten:
    """The incidents of the case count towards no history any more."""

    case: UUID
    ended_at: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordForgotten:
    """Who was meant by a request, a refusal or a legal hold that is over cannot be read any more.

    `subject` is the name of the key that was destroyed, `ground` and `months` the term applied.
    """

    record: UUID
    subject: str
    ground: str
    months: int
    ended_at: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GroundsSet:
    """For how many months each is kept that no agreement covers; all that the area has settled."""

    months: dict[str, int]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LegalHoldPlaced:
    """Nothing of the case, or of any case in which somebody with one of the keys appears, ends.

    Placed again it is replaced. `told` is the reason and the person, sealed under the hold.
    """

    hold: UUID
    case: UUID | None
    keys: tuple[str, ...]
    review_on: date
    told: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LegalHoldLifted:
    hold: UUID
    told: Sealed
    by: str
    at: datetime


RetentionEvent: TypeAlias = CaseErased | HistoryForgotten | RecordForgotten
GroundsEvent: TypeAlias = GroundsSet
LegalHoldEvent: TypeAlias = LegalHoldPlaced | LegalHoldLifted


class NotHeld(Exception):
    """No such legal hold, or it was lifted already."""


def _end(command: RetentionEvent, done: frozenset[Any]) -> Sequence[RetentionEvent]:
    return () if _done(command) in done else (command,)


def _done(event: RetentionEvent) -> tuple[str, datetime]:
    return type(event).__name__, event.ended_at


def _hold(command: LegalHoldEvent, standing: bool) -> Sequence[LegalHoldEvent]:
    if isinstance(command, LegalHoldLifted) and not standing:
        raise NotHeld
    return (command,)


RETENTION: Decider[RetentionEvent, frozenset[Any], RetentionEvent] = Decider(
    initial=frozenset(), decide=_end, evolve=lambda done, event: done | {_done(event)}
)
LEGAL_HOLD: Decider[LegalHoldEvent, bool, LegalHoldEvent] = Decider(
    initial=False, decide=_hold, evolve=lambda _, event: isinstance(event, LegalHoldPlaced)
)


GROUNDS: Decider[GroundsSet, GroundsSet | None, GroundsSet] = Decider(
    initial=None,
    decide=lambda wanted, _: (wanted,),
    evolve=lambda _, event: event,
)
GROUNDS_STREAM = "retention-grounds"


def retention_stream(case: UUID) -> str:
    return f"retention-{case}"


def legal_hold_stream(hold: UUID) -> str:
    return f"legal-hold-{hold}"
