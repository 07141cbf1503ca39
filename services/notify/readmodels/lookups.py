"""What do many who work at the same time ask of the rows? One query for all, an answer for each."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import Column, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.gathering import Gathering
from services.notify.domain.notification import LIVE
from services.notify.readmodels import pages, reach
from services.notify.readmodels.mailboxes import refusals
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import CASES, DECISIONS, NOTIFICATIONS, NUDGED, NUDGES, TASKS
from services.notify.readmodels.subscriptions import of_organisations

K = TypeVar("K")
V = TypeVar("V")
Rows: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
Load: TypeAlias = Callable[[AsyncConnection, Sequence[K]], Awaitable[Mapping[K, V]]]
_LIVE = [state.value for state in LIVE]


class Lookups:
    """`rows`: as the log has them now; `book`: what other services have told, kept as it came."""

    def __init__(self, rows: Rows, book: Rows) -> None:
        self.organisation = _together(book, pages.organisations)
        self.authority = _together(book, pages.authorities)  # by the GSS code of its place
        self.schools = _together(book, pages.schools)  # in the place of a GSS code
        self.of_place = _together(book, pages.of_places)
        self.for_child = _together(book, pages.for_children)
        self.endpoints = _together(book, reach.with_endpoint)
        self.subscriptions = _together(book, of_organisations)
        self.refusals = _together(rows, refusals)  # by mailboxes of an organisation
        self.decision = _together(rows, _one_of(DECISIONS.c.decision))
        self.notification = _together(rows, _one_of(NOTIFICATIONS.c.notification))
        self.case_closed = _together(rows, _one_of(CASES.c.case_id))
        self.nudge = _together(rows, _one_of(NUDGES.c.nudge))
        self.nudged = _together(rows, _nudged)  # notifications that one nudge tells of
        self.live = _together(rows, _live)  # notifications that rest on a decision now
        self.open_tasks = _together(rows, _open_tasks)  # by a column and its value


def _together(rows: Rows, load: Load[K, V]) -> Gathering[K, V]:
    async def find(keys: Sequence[K]) -> Mapping[K, V]:
        async with rows() as tx:
            return await load(tx, keys)

    return Gathering(find)


def _one_of(key: Column[Any]) -> Load[UUID, Row[Any]]:
    async def load(tx: AsyncConnection, keys: Sequence[UUID]) -> Mapping[UUID, Row[Any]]:
        found = await tx.execute(select(key.table).where(among(key, keys)))
        return {row._mapping[key.name]: row for row in found}

    return load


async def _live(tx: AsyncConnection, decisions: Sequence[UUID]) -> Mapping[UUID, list[Row[Any]]]:
    mine = (among(NOTIFICATIONS.c.decision, decisions), NOTIFICATIONS.c.state.in_(_LIVE))
    ordered = select(NOTIFICATIONS).where(*mine).order_by(NOTIFICATIONS.c.raised_at)
    return await _grouped(tx, ordered, "decision")


async def _nudged(tx: AsyncConnection, nudges: Sequence[UUID]) -> Mapping[UUID, list[UUID]]:
    found = await _grouped(tx, select(NUDGED).where(among(NUDGED.c.nudge, nudges)), "nudge")
    return {nudge: [row.notification for row in rows] for nudge, rows in found.items()}


async def _open_tasks(
    tx: AsyncConnection, wanted: Sequence[tuple[str, UUID]]
) -> Mapping[tuple[str, UUID], list[Row[Any]]]:
    by_column: dict[str, list[UUID]] = defaultdict(list)
    for column, value in wanted:
        by_column[column].append(value)
    found: dict[tuple[str, UUID], list[Row[Any]]] = {}
    for column, values in by_column.items():
        query = select(TASKS).where(among(TASKS.c[column], values), TASKS.c.state == "open")
        for value, rows in (await _grouped(tx, query, column)).items():
            found[column, value] = rows
    return found


async def _grouped(tx: AsyncConnection, query: Any, by: str) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row._mapping[by]].append(row)
    return found
