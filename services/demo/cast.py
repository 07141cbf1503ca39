"""Who reads, answers and works through tasks in the story, and when?

Nothing of what they have done is kept here: what is still to be done is read off the service, and
the moment of each deed is its own. Those whom the visitor may play are left alone.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import structlog
from sqlalchemy import Row, select

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.demo import habits
from services.demo.acting import Acting
from services.demo.area import DemoArea
from services.demo.chance import chance
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS, TASKS

ALONE = frozenset({"alder", "north-marac", "north-police"})
_OUTCOMES = ("supported-silently", "supported-silently", "supported-overtly", "referred")
_ELSEWHERE = ("referred", "referred", "no-action")  # by anybody but a school
_LOOKS_BACK = timedelta(days=8)
_MINUTE = timedelta(minutes=1)
_TO_READ = ("scheduled", "announced", "opened")


@dataclass(frozen=True, slots=True)
class Deed:
    at: datetime
    key: str
    do: Callable[[], Awaitable[httpx.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the story wants of single events, by receipt; chance decides the rest.

    `free_from`: since when the visitor's own roles are left to the visitor. `reviewed`: when a
    hold is released, None for never.
    """

    free_from: datetime
    not_ours: frozenset[UUID] = frozenset()
    reviewed: Mapping[UUID, datetime | None] = field(default_factory=dict)


class Cast:
    def __init__(
        self, area: DemoArea, acting: Acting, database: Database, clock: Clock, written: Written
    ) -> None:
        self._area, self._acting, self._database = area, acting, database
        self._clock, self._written = clock, written
        self._kinds = {one["id"]: one["kind"] for one in area.organisations}
        self._tried: dict[str, datetime] = {}

    async def next_due(self) -> datetime | None:
        return min((one.at for one in await self._deeds()), default=None)

    async def play(self) -> int:
        now = self._clock.now()
        due = [one for one in await self._deeds() if one.at <= now]
        for one in sorted(due, key=lambda each: (each.at, each.key)):
            self._tried[one.key] = now
            answer = await one.do()
            if answer.is_error:
                structlog.get_logger().warning("deed refused", status=answer.status_code)
        forgotten = now - 2 * _LOOKS_BACK
        self._tried = {key: when for key, when in self._tried.items() if when > forgotten}
        return len(due)

    async def _deeds(self) -> list[Deed]:
        """What somebody will still do, as things stand."""
        since = self._clock.now() - _LOOKS_BACK
        readable = (
            NOTIFICATIONS.c.state.in_(_TO_READ),
            NOTIFICATIONS.c.available_at.is_not(None),
            NOTIFICATIONS.c.raised_at > since,
        )
        tasks = (
            select(TASKS, DECISIONS.c.receipt, NOTIFICATIONS.c.organisation.label("reader"))
            .outerjoin(DECISIONS, DECISIONS.c.decision == TASKS.c.decision)
            .outerjoin(NOTIFICATIONS, NOTIFICATIONS.c.notification == TASKS.c.notification)
            .where(TASKS.c.state == "open", TASKS.c.opens_at > since)
        )
        async with self._database.reading() as tx:
            to_read = list(await tx.execute(select(NOTIFICATIONS).where(*readable)))
            to_do = list(await tx.execute(tasks))
        found = [deed for row in to_read for deed in self._reading(row)]
        found += [deed for row in to_do for deed in self._working(row)]
        return [one for one in found if one.key not in self._tried]

    def _reading(self, row: Row[Any]) -> Iterator[Deed]:
        reader = row.diverted_to or row.organisation
        if reader not in self._area.contacts or self._left_alone(reader, row.raised_at):
            return
        if row.opened_at is None:
            when = self._opens(row)
            if when is not None:
                do = partial(self._acting.open, reader, row.notification)
                yield Deed(when, f"open/{row.notification}", do)
            return
        rng = chance("answers", row.receipt, row.audience, row.about)
        when = row.opened_at + rng.randrange(2, 13) * _MINUTE
        if row.audience != "education":
            outcome = rng.choice(_ELSEWHERE)
            do = partial(self._acting.acknowledge, reader, row.notification, outcome)
        elif row.receipt in self._written.not_ours or rng.random() < habits.NOT_OURS:
            do = partial(self._acting.send_back, reader, row.notification)
        else:
            outcome = rng.choice(_OUTCOMES)
            do = partial(self._acting.acknowledge, reader, row.notification, outcome)
        yield Deed(when, f"answer/{row.notification}", do)

    def _opens(self, row: Row[Any]) -> datetime | None:
        if row.organisation in self._area.school:
            return habits.school_opens(row.organisation, row.due, row.available_at)
        habit = habits.OPENS.get(self._kinds[row.organisation], habits.OPENS_OTHERWISE)
        return habit(row.available_at, chance("opens", row.receipt, row.audience, row.about))

    def _working(self, row: Row[Any]) -> Iterator[Deed]:
        habit = habits.DOES.get(row.kind)
        if habit is None or row.owner not in self._area.contacts:
            return
        if self._left_alone(row.owner, row.opens_at) or row.reader in ALONE:
            return
        rng = chance("task", row.kind, row.receipt or row.case_id, row.about, row.audience)
        when, key = habit(row.opens_at, rng), f"task/{row.task}"
        if row.kind == "review-hold":
            released = self._written.reviewed.get(
                row.receipt, when if rng.random() < habits.HOLDS_REVIEWED else None
            )
            if released is not None:
                yield Deed(released, key, partial(self._acting.release, row.owner, row.decision))
            return
        school = self._some_school(row) if row.kind == "resolve-school" else None
        yield Deed(when, key, partial(self._acting.complete, row.owner, row.task, school))

    def _left_alone(self, organisation: str, since: datetime) -> bool:
        return organisation in ALONE and since >= self._written.free_from

    def _some_school(self, row: Row[Any]) -> str:
        """Found by telephone, in the area of who looked for it."""
        near = [
            one.id
            for one in self._area.schools
            if one.authority.force == row.owner and one.phase == "primary" and one.id not in ALONE
        ]
        return chance("found", row.receipt, row.about).choice(near or ["birch"])
