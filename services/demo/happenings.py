"""What has happened lately? Read off the log of the service, in words, without anybody's name."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.store import EventStore
from services.demo.wording import Seen, said_of
from services.notify.domain import notification as facts
from services.notify.domain.intake import EventOffered
from services.notify.domain.task import TaskOpened
from services.notify.readmodels.state import NOTIFICATIONS
from services.notify.streams.case import EventAnswered
from services.notify.streams.decision import DecisionRecorded

_PAGE = 500
_TAIL = 3_000  # positions that are read again after a restart
_KEPT = 3_000
_TOGETHER = 30
_REMEMBERED = 10_000
DAY = timedelta(days=1)
COUNTED = ("recorded", "decided", "told", "opened", "overdue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """`number` counts from 1 in the order of the log."""

    number: int
    at: datetime
    kind: str
    words: str
    receipt: UUID | None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """Whom one notification is for, and of which event it tells."""

    organisation: str
    receipt: UUID
    audience: str


class Happenings:
    """`names`: of organisations, by id."""

    def __init__(
        self, store: EventStore, database: Database, clock: Clock, names: Mapping[str, str]
    ) -> None:
        self._store, self._database, self._clock, self._names = store, database, clock, names
        self._position = -1
        self._count = 0
        self._kept: deque[Happening] = deque(maxlen=_KEPT)
        self._told: dict[UUID, Told] = {}
        self._receipts: dict[UUID, UUID] = {}  # the first of each case
        self._outcomes: dict[UUID, list[str]] = {}

    def latest(self, count: int) -> list[Happening]:
        """The newest first."""
        return [self._kept[-place] for place in range(1, min(count, len(self._kept)) + 1)]

    def counts(self) -> dict[str, int]:
        """Of the last 24 hours of story time."""
        since = self._clock.now() - DAY
        found = dict.fromkeys(COUNTED, 0)
        for one in reversed(self._kept):
            if one.at < since:
                break
            if one.kind in found:
                found[one.kind] += one.times
        return found

    async def look(self) -> int:
        head = await self._store.head()
        if self._position < 0:
            self._position = max(0, head - _TAIL)
        before = self._count
        while self._position < head:
            page = await self._store.read_all(self._position, _PAGE)
            if not page:
                break
            for recorded in page:
                await self._take(recorded.event)
            self._position = page[-1].position
        if len(self._told) > _REMEMBERED:  # what is asked for again is looked up
            self._told.clear()
            self._receipts.clear()
            self._outcomes.clear()
        return self._count - before

    async def _take(self, event: Any) -> None:
        seen = await self._seen(event)
        said = said_of(event, seen, self._names) if seen is not None else None
        if said is None or seen is None:
            return
        found = Happening(
            number=self._count + 1,
            at=said.at,
            kind=said.kind,
            words=said.words,
            receipt=seen.receipt,
        )
        if not self._joined(found):
            self._count += 1
            self._kept.append(found)

    def _joined(self, new: Happening) -> bool:
        """Two children of one event at one school are one line, which says how many."""
        for place in range(1, min(_TOGETHER, len(self._kept)) + 1):
            old = self._kept[-place]
            if old.at != new.at:
                return False
            if (old.words, old.receipt) == (new.words, new.receipt):
                self._kept[-place] = replace(old, times=old.times + 1)
                return True
        return False

    async def _seen(self, event: Any) -> Seen | None:
        """What the words need besides the fact itself."""
        match event:
            case EventOffered():
                return Seen(receipt=event.receipt)
            case DecisionRecorded():
                self._receipts.setdefault(event.case, event.receipt)
                self._outcomes.setdefault(event.receipt, []).append(event.outcome.value)
                return None
            case EventAnswered():
                self._receipts.setdefault(event.case, event.receipt)
                outcomes = tuple(self._outcomes.pop(event.receipt, ()))
                return Seen(receipt=event.receipt, outcomes=outcomes)
            case facts.NotificationRaised():
                told = Told(event.organisation, event.receipt, event.audience)
                self._told[event.notification] = told
                return Seen(receipt=told.receipt, organisation=told.organisation)
            case TaskOpened():
                receipt = self._receipts.get(event.case) if event.case else None
                return Seen(receipt=receipt)
            case _ if isinstance(getattr(event, "notification", None), UUID):
                known = await self._of(event.notification)
                if known is None:
                    return None
                return Seen(receipt=known.receipt, organisation=known.organisation)
            case _:
                return None

    async def _of(self, notification: UUID) -> Told | None:
        if notification not in self._told:
            asked = select(NOTIFICATIONS).where(NOTIFICATIONS.c.notification == notification)
            async with self._database.reading() as tx:
                row = (await tx.execute(asked)).one_or_none()
            if row is None:
                return None
            self._told[notification] = Told(row.organisation, row.receipt, row.audience)
        return self._told[notification]
