"""What would somebody hear who hears it all now? The present state of every thing, page by page.

Ordered by the place of each thing's last event: what changes while somebody reads comes again at
the end, so nothing is missed, and the last place read is where to go on later.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import AgencyKeyState, PupilState
from services.directory.handles import Directory
from services.directory.readmodels.tables import ENROLMENT_WAYS, ENROLMENTS, KEYS, ORGANISATIONS
from services.directory.state.telling import Told, key_told, organisation_told, pupil_told
from services.directory.streams.organisation import stream_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`last` is where to go on from; `more` says that there is something after it now."""

    told: tuple[Told, ...]
    last: int
    more: bool


async def page_after(directory: Directory, after: int, limit: int) -> Page:
    await directory.book.catch_up()
    async with directory.database.reading() as connection:
        places = await _places(connection, after, limit + 1)
        wanted = places[:limit]
        rows = {
            table.name: await _rows(connection, table, wanted)
            for table in (ORGANISATIONS, ENROLMENTS, KEYS)
        }
        ways = await _ways(connection, rows[ENROLMENTS.name].values())
    told = []
    for kind, position in wanted:
        row = rows[kind].get(position)
        if row is not None:  # else it changed just now, and stands further on
            told.append(await _told(directory, kind, row, ways))
    last = wanted[-1][1] if wanted else after
    return Page(told=tuple(told), last=last, more=len(places) > limit)


async def _places(connection: AsyncConnection, after: int, limit: int) -> Sequence[tuple[str, int]]:
    every = union_all(
        *(
            select(literal(table.name).label("kind"), table.c.position.label("position")).where(
                table.c.position > after
            )
            for table in (ORGANISATIONS, ENROLMENTS, KEYS)
        )
    ).subquery()
    query = select(every.c.kind, every.c.position).order_by(every.c.position).limit(limit)
    return [(row.kind, row.position) for row in await connection.execute(query)]


async def _rows(
    connection: AsyncConnection, table: Table, wanted: Sequence[tuple[str, int]]
) -> dict[int, Row[Any]]:
    positions = [position for kind, position in wanted if kind == table.name]
    query = select(table).where(table.c.position.in_(positions))
    return {row.position: row for row in await connection.execute(query)}


async def _ways(
    connection: AsyncConnection, enrolments: Iterable[Row[Any]]
) -> dict[str, list[Row[Any]]]:
    wanted = [row.enrolment for row in enrolments]
    query = select(ENROLMENT_WAYS).where(ENROLMENT_WAYS.c.enrolment.in_(wanted))
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(query.order_by("way")):
        found[row.enrolment].append(row)
    return found


async def _told(
    directory: Directory, kind: str, row: Row[Any], ways: Mapping[str, Sequence[Row[Any]]]
) -> Told:
    if kind == ORGANISATIONS.name:
        history = await directory.store.read_stream(stream_of(row.id))
        return organisation_told(row.id, row.version, history)
    if kind == KEYS.name:
        key = AgencyKeyState(
            version=row.version,
            key_id=row.key_id,
            agency=row.agency,
            roles=tuple(row.roles.split()),
            secret_hash=row.secret_hash,
            revoked=row.revoked,
        )
        return key_told(UUID(row.event_id), key)
    pupil = PupilState(
        version=row.version,
        enrolment=UUID(row.enrolment),
        organisation=row.organisation,
        upn=row.upn,
        person=row.person,
        nhs=next((one.way for one in ways.get(row.enrolment, ()) if one.numbered), None),
        also=tuple(one.way for one in ways.get(row.enrolment, ()) if not one.numbered),
        starts=row.starts,
        until=row.until,
        removed=row.removed,
    )
    return pupil_told(UUID(row.event_id), pupil)
