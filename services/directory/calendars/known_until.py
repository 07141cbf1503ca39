"""How far does each calendar reach? The projection behind the list of schools without one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    MetaData,
    Select,
    String,
    Table,
    case,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.school_days import AUTHORITY, NOBODY, SCHOOL, TRUST, ends
from services.chassis.database import upsert
from services.chassis.projections import Projector
from services.chassis.store import Recorded
from services.directory.handles import Directory
from services.directory.readmodels.schools import SCHOOLS
from services.directory.streams.calendar_layer import CalendarSet

METADATA = MetaData()
ENDS = Table(
    "calendar_ends",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("last_day", Date, nullable=False),
)
SOON = timedelta(days=30)
_KINDS = ("school", "college")


class CalendarEnds:
    name = "directory.calendar-ends"
    metadata = METADATA

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        said = recorded.event
        if not isinstance(said, CalendarSet):
            return
        if (last := ends(said.calendar)) is None:
            await tx.execute(delete(ENDS).where(ENDS.c.organisation == said.organisation))
            return
        row = {"organisation": said.organisation, "last_day": last}
        await upsert(tx, ENDS, row, key=["organisation"])


def projector(directory: Directory) -> Projector:
    return Projector(directory.store, directory.database, CalendarEnds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which schools, on which day."""

    today: date
    local_authority: str | None = None
    police_area: str | None = None

    def of(self, table: Table) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [
            table.c.kind.in_(_KINDS),
            or_(table.c.closed_on.is_(None), table.c.closed_on > self.today),
            or_(table.c.open_from.is_(None), table.c.open_from <= self.today),
        ]
        if self.local_authority is not None:
            found.append(table.c.local_authority == self.local_authority)
        if self.police_area is not None:
            found.append(table.c.police_area == self.police_area)
        return found


async def counts(tx: AsyncConnection, scope: Scope) -> dict[str, int]:
    """By whose calendar they go today."""
    found = _schools(scope).subquery()
    query = select(found.c.level, func.count().label("schools")).group_by(found.c.level)
    return {row.level: row.schools for row in await tx.execute(query)}


async def listed(tx: AsyncConnection, scope: Scope, *, after: str, limit: int) -> Sequence[Any]:
    """Those that go by no calendar of their own, and those whose calendar runs out soon."""
    found = _schools(scope).subquery()
    soon = or_(found.c.level != SCHOOL, found.c.last_day <= scope.today + SOON)
    query = select(found).where(soon, found.c.id > after).order_by(found.c.id).limit(limit)
    return (await tx.execute(query)).all()


def _schools(scope: Scope) -> Select[Any]:
    own, trust, council = (ENDS.alias(name) for name in ("own", "trust_ends", "council_ends"))
    councils = (
        select(SCHOOLS.c.local_authority, func.min(SCHOOLS.c.id).label("id"))
        .where(SCHOOLS.c.kind == "local-authority")
        .group_by(SCHOOLS.c.local_authority)
        .subquery()
    )
    layers = ((SCHOOL, own), (TRUST, trust), (AUTHORITY, council))
    speaks = [(table.c.last_day >= scope.today, name) for name, table in layers]
    until = [(table.c.last_day >= scope.today, table.c.last_day) for _, table in layers]
    return (
        select(
            SCHOOLS.c.id,
            SCHOOLS.c.name,
            SCHOOLS.c.urn,
            SCHOOLS.c.local_authority,
            case(*speaks, else_=NOBODY).label("level"),
            case(*until, else_=None).label("last_day"),
        )
        .select_from(SCHOOLS)
        .outerjoin(own, own.c.organisation == SCHOOLS.c.id)
        .outerjoin(trust, trust.c.organisation == SCHOOLS.c.trust)
        .outerjoin(councils, councils.c.local_authority == SCHOOLS.c.local_authority)
        .outerjoin(council, council.c.organisation == councils.c.id)
        .where(*scope.of(SCHOOLS))
    )
