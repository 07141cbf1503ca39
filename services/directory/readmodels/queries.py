"""What is asked of the rows? Organisations by what they are, enrolments by school, keys."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from services.chassis.database import Database
from services.directory.readmodels.tables import ENROLMENTS, KEYS, ORGANISATIONS


async def organisation_ids(
    database: Database,
    *,
    kind: str | None = None,
    local_authority: str | None = None,
    after: str = "",
    limit: int,
) -> Sequence[str]:
    table = ORGANISATIONS.c
    query = select(table.id).where(table.id > after).order_by(table.id).limit(limit)
    if kind is not None:
        query = query.where(table.kind == kind)
    if local_authority is not None:
        query = query.where(table.local_authority == local_authority)
    async with database.reading() as connection:
        return (await connection.execute(query)).scalars().all()


async def by_urn(database: Database, urn: str) -> str | None:
    """The organisation with this URN. One only: a second is refused when it is set."""
    query = select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.urn == urn).order_by("id").limit(1)
    async with database.reading() as connection:
        return (await connection.execute(query)).scalar_one_or_none()


async def enrolments_of(database: Database, organisation: str) -> Sequence[Row[Any]]:
    table = ENROLMENTS.c
    query = (
        select(ENROLMENTS)
        .where(table.organisation == organisation, table.removed.is_(False))
        .order_by(table.position)
    )
    async with database.reading() as connection:
        return (await connection.execute(query)).all()


async def keys_of(database: Database, agency: str | None) -> Sequence[Row[Any]]:
    query = select(KEYS).order_by(KEYS.c.position)
    if agency is not None:
        query = query.where(KEYS.c.agency == agency)
    async with database.reading() as connection:
        return (await connection.execute(query)).all()


async def organisations_known(database: Database) -> int:
    async with database.reading() as connection:
        return (
            await connection.execute(select(func.count()).select_from(ORGANISATIONS))
        ).scalar_one()
