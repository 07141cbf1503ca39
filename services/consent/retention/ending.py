"""What ends when a case's retention has ended? Its keys first, and then it is recorded.

Killed in between it is done again: destroying twice destroys nothing more, and a second worker
finds in the stream that it was said. Notify hears of it from what is recorded (ADR 0033).
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid5

import structlog

from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore
from services.consent.domain.days import london_day
from services.consent.retention.due import Ended, any_ended, ended, kept_by, lapsed, next_end
from services.consent.streams.annotations import annotation_stream
from services.consent.streams.case import stream_of
from services.consent.streams.pieces import keys_in
from services.consent.streams.retention import (
    RETENTION,
    CaseErased,
    HistoryForgotten,
    RetentionEvent,
    retention_stream,
)

_log = structlog.get_logger(__name__)


class Ending:
    """A Worker whose work falls due by the clock."""

    name = "consent.retention"

    def __init__(
        self,
        *,
        store: EventStore,
        database: Database,
        clock: Clock,
        register: Projector,
        retained: Projector,
    ) -> None:
        self._store = store
        self._database = database
        self._clock = clock
        self._register = register
        self._retained = retained
        self._commands = Commands(store, RETENTION)
        self._warned: date | None = None

    async def run_once(self) -> int:
        now = self._clock.now()
        found = await self._found(now)
        await self._warn(now)
        for one in found:
            await self._end(one, now)
        return len(found)

    async def next_due(self) -> datetime | None:
        now = self._clock.now()
        if await self._found(now):
            return now
        async with self._database.reading() as tx:
            return await next_end(tx, now)

    async def _found(self, now: datetime) -> Sequence[Ended]:
        await self._retained.catch_up()
        async with self._database.reading() as tx:
            if not await any_ended(tx, now):
                return ()
        await self._register.catch_up()
        async with self._database.reading() as tx:
            return await ended(tx, now, (await kept_by(tx)).every)

    async def _warn(self, now: datetime) -> None:
        """Of legal holds whose review has lapsed: once a day, and they hold all the same."""
        today = london_day(now)
        if today == self._warned:
            return
        async with self._database.reading() as tx:
            for hold in await lapsed(tx, today):
                _log.warning("legal hold not reviewed", hold=hold)
        self._warned = today

    async def _end(self, one: Ended, now: datetime) -> None:
        if one.history is not None:
            forgotten = HistoryForgotten(case=one.case, ended_at=one.history, at=now)
            await self._record(one, forgotten)
        if one.keys is not None:
            await self._record(one, await self._erased(one, one.keys, now))

    async def _erased(self, one: Ended, ended_at: datetime, now: datetime) -> CaseErased:
        """Only keys that were read are destroyed: what comes meanwhile is sealed under others."""
        history = await self._store.read_stream(stream_of(one.case))
        said = await self._store.read_stream(annotation_stream(one.case))
        keys = sorted({key for each in (*history, *said) for key in keys_in(each.event)})
        for key in keys:
            await self._store.destroy_key(key)
        return CaseErased(
            case=one.case,
            agreement=one.agreement,
            ground=one.ground,
            months=one.months,
            ended_at=ended_at,
            keys=len(keys),
            events=len(history),
            at=now,
        )

    async def _record(self, one: Ended, event: RetentionEvent) -> None:
        ended_at = event.ended_at.isoformat()
        key = uuid5(one.case, f"{type(event).__name__}/{ended_at}")
        context = Context(correlation_id=one.case, actor=self.name)
        await self._commands.handle(retention_stream(one.case), event, context, key=key)
