"""Whose name stands in a request or legal hold that has long been over? It goes, and is recorded.

The same way as a case ends: the key first, then the record of it; killed in between it is done
again, and two workers record it once (ADR 0033, ADR 0036).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore
from services.consent.domain.retention import end_of
from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.closed import RECORD_KEYS, RECORDS
from services.consent.readmodels.grounds import months_of_grounds
from services.consent.readmodels.recognition import known_as
from services.consent.retention.due import keys_held
from services.consent.streams.retention import RETENTION, RecordForgotten, retention_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A record that is over; `ends_at` is when its months have passed."""

    record: UUID
    subject: str
    ground: str
    months: int
    ends_at: datetime


class Records:
    """A Worker whose work falls due by the clock."""

    name = "consent.retention-of-records"

    def __init__(
        self,
        *,
        store: EventStore,
        database: Database,
        clock: Clock,
        register: Projector,
        retained: Projector,
        closed: Projector,
    ) -> None:
        self._store = store
        self._database = database
        self._clock = clock
        self._projectors = (register, retained, closed)
        self._commands = Commands(store, RETENTION)

    async def run_once(self) -> int:
        now = self._clock.now()
        due = [one for one in await self._over() if one.ends_at <= now]
        for one in due:
            await self._forget(one, now)
        return len(due)

    async def next_due(self) -> datetime | None:
        moments = [one.ends_at for one in await self._over()]
        return max(min(moments), self._clock.now()) if moments else None

    async def _over(self) -> Sequence[Over]:
        for projector in self._projectors:
            await projector.catch_up()
        async with self._database.reading() as tx:
            return await over(tx)

    async def _forget(self, one: Over, now: datetime) -> None:
        await self._store.destroy_key(one.subject)
        event = RecordForgotten(
            record=one.record,
            subject=one.subject,
            ground=one.ground,
            months=one.months,
            ended_at=one.ends_at,
            at=now,
        )
        key = uuid5(one.record, f"RecordForgotten/{one.ends_at.isoformat()}")
        context = Context(correlation_id=one.record, actor=self.name)
        await self._commands.handle(retention_stream(one.record), event, context, key=key)


async def over(tx: AsyncConnection) -> list[Over]:
    """They are few. Without those of somebody whom a legal hold keeps, the earliest end first."""
    asked = select(RECORDS).where(RECORDS.c.forgotten.is_(None), RECORDS.c.since.is_not(None))
    rows = list(await tx.execute(asked))
    if not rows:
        return []
    months, kept = await months_of_grounds(tx), await _kept(tx)
    found = [
        Over(
            record=UUID(row.record),
            subject=row.subject,
            ground=row.ground,
            months=months[row.ground],
            ends_at=end_of(row.since, months[row.ground]),
        )
        for row in rows
        if row.subject not in kept
    ]
    return sorted(found, key=lambda one: (one.ends_at, one.subject))


async def _kept(tx: AsyncConnection) -> set[str]:
    known, _ = await known_as(tx, await keys_held(tx))
    found: set[str] = set()
    for part in in_parts(known):
        asked = select(RECORD_KEYS.c.subject).where(RECORD_KEYS.c.key.in_(part))
        found.update((await tx.execute(asked)).scalars())
    return found
