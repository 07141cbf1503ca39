"""Which entries of the registers may be this child? For a person to choose among, never to send by.

Found by keyed hashes, then read from the sealed log and weighed; the answer holds no value of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from services.directory.finding.blocks import Described, blocks_asked
from services.directory.finding.likeness import Likeness, likeness
from services.directory.finding.tables import BLOCKS, PLACES, described
from services.directory.handles import Directory
from services.directory.readmodels.tables import ENROLMENTS, ORGANISATIONS
from services.directory.streams.register import PupilChanged, PupilRegistered

MOST = 5
_WEIGHED = 30  # entries that are read and compared
LEFT_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    enrolment: UUID
    school: Row[Any]  # id, name, urn
    standing: str
    likeness: Likeness


async def candidates(
    directory: Directory, asked: Described, today: date, local_authority: str | None = None
) -> list[Candidate]:
    """The likest first, at most five. `local_authority`: only its schools (GSS code)."""
    found = [
        candidate
        for row in await _near(directory, asked, today, local_authority)
        if (candidate := await _weighed(directory, asked, row, today)) is not None
    ]
    found.sort(key=lambda one: (-one.likeness.score, one.standing != ON_ROLL, one.school.id))
    return found[:MOST]


ON_ROLL, COMING, LEFT = "on-roll", "coming", "left-lately"


async def _near(
    directory: Directory, asked: Described, today: date, local_authority: str | None
) -> Sequence[Row[Any]]:
    """By how many hashes they share with who is asked for. Who left long ago is nobody's pupil."""
    hits = func.count().label("hits")
    wanted = (
        select(BLOCKS.c.enrolment, hits)
        .where(BLOCKS.c.block.in_(blocks_asked(directory.pepper, asked)))
        .group_by(BLOCKS.c.enrolment)
        .subquery()
    )
    until = ENROLMENTS.c.until
    query = (
        select(
            ENROLMENTS.c.enrolment,
            ENROLMENTS.c.starts,
            ENROLMENTS.c.until,
            PLACES.c.position,
            ORGANISATIONS.c.id,
            ORGANISATIONS.c.name,
            ORGANISATIONS.c.urn,
        )
        .select_from(wanted)
        .join(ENROLMENTS, ENROLMENTS.c.enrolment == wanted.c.enrolment)
        .join(PLACES, PLACES.c.enrolment == wanted.c.enrolment)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == ENROLMENTS.c.organisation)
        .where(ENROLMENTS.c.removed.is_(False), ORGANISATIONS.c.kind.in_(("school", "college")))
        .where(until.is_(None) | (until >= today - LEFT_LATELY))
        .order_by(wanted.c.hits.desc(), ENROLMENTS.c.enrolment)
        .limit(_WEIGHED)
    )
    if local_authority is not None:
        query = query.where(ORGANISATIONS.c.local_authority == local_authority)
    async with directory.database.reading() as connection:
        return list(await connection.execute(query))


async def _weighed(
    directory: Directory, asked: Described, row: Row[Any], today: date
) -> Candidate | None:
    recorded = await directory.store.read_all(row.position - 1, 1)
    said = recorded[0].event if recorded else None
    if not isinstance(said, PupilRegistered | PupilChanged) or said.details.value is None:
        return None
    how = likeness(asked, described(said.details.value))
    if not how.is_enough:
        return None
    return Candidate(
        enrolment=said.enrolment, school=row, standing=_standing(row, today), likeness=how
    )


def _standing(row: Row[Any], today: date) -> str:
    if row.until is not None and row.until < today:
        return LEFT
    return COMING if row.starts is not None and row.starts > today else ON_ROLL
