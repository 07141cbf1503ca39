"""Where do the children of the benchmark stand? In the tables that the product itself asks.

Written in bulk, row for row what the projections would write; the entries of the log are held in
memory, and what it costs to open one that is sealed is measured apart.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Table, insert

from bench.children import TODAY, Child
from contracts.messages import Organisation
from services.chassis.database import Database
from services.chassis.sealing import Sealed
from services.directory.finding.blocks import blocks_held
from services.directory.finding.tables import BLOCKS, PLACES, described
from services.directory.pupils.given import Given
from services.directory.readmodels.tables import ENROLMENTS, ORGANISATIONS
from services.directory.streams.register import PupilRegistered
from services.notify.readmodels import book

PEPPER = b"bench" * 8
_AT_ONCE = 5_000
_TODAY = datetime.combine(TODAY, time(0), UTC)


class Entry(NamedTuple):
    """As the log would answer it."""

    event: PupilRegistered


class Log:
    """The part of an event store that a look asks for."""

    def __init__(self) -> None:
        self.entries: list[PupilRegistered] = []

    async def read_all(self, after: int, limit: int = 500) -> list[Entry]:
        return [Entry(self.entries[after])]


def school(number: int) -> str:
    return f"school-{number}"


def given(child: Child, until: date | None = None) -> Given:
    return Given(
        line=1,
        given_name=child.given,
        family_name=child.family,
        date_of_birth=child.born,
        postcode=child.postcode,
        upn=child.upn,
        nhs_number=child.nhs,
        preferred_given_name=child.preferred if child.known_preferred else "",
        until=until,
    )


async def fill(
    directory: Database, notify: Database, log: Log, children: Sequence[Child], schools: int
) -> None:
    await _schools(directory, notify, schools)
    for start in range(0, len(children), _AT_ONCE):
        rows: dict[Table, list[dict[str, Any]]] = {
            table: []
            for table in (ENROLMENTS, BLOCKS, PLACES, book.ENROLMENTS, book.ENROLMENT_WAYS)
        }
        for child in children[start : start + _AT_ONCE]:
            left = [(child.former, TODAY - timedelta(days=9))] if child.former is not None else []
            for number, until in (*((one, None) for one in child.schools), *left):
                _enrol(log, rows, school(number), given(child, until))
        for table, filled in rows.items():
            database = notify if table.metadata is book.METADATA else directory
            if filled:
                async with database.transaction() as tx:
                    await tx.execute(insert(table), filled)


def _enrol(log: Log, rows: dict[Table, list[dict[str, Any]]], at: str, one: Given) -> None:
    pupil, position = one.pupil(PEPPER), len(log.entries) + 1
    enrolment = UUID(int=position)
    entry = PupilRegistered(
        enrolment=enrolment,
        organisation=at,
        upn=pupil.upn,
        person=pupil.person,
        starts=None,
        until=pupil.until,
        details=Sealed("bench", dict(pupil.details)),
        registered_at=_TODAY,
    )
    log.entries.append(entry)
    known = {
        "enrolment": str(enrolment),
        "organisation": at,
        "upn": pupil.upn,
        "person": pupil.person,
        "starts": None,
        "until": pupil.until,
        "removed": False,
        "version": 1,
    }
    rows[ENROLMENTS].append({**known, "position": position, "event_id": str(enrolment)})
    rows[PLACES].append({"enrolment": str(enrolment), "position": position})
    held = blocks_held(PEPPER, described(dict(pupil.details)))
    rows[BLOCKS].extend({"enrolment": str(enrolment), "block": each} for each in held)
    rows[book.ENROLMENTS].append(known)
    ways = [*((way, False) for way in pupil.also), *([(pupil.nhs, True)] if pupil.nhs else [])]
    rows[book.ENROLMENT_WAYS].extend(
        {"enrolment": str(enrolment), "way": way, "numbered": is_nhs} for way, is_nhs in ways
    )


async def _schools(directory: Database, notify: Database, count: int) -> None:
    every = [Organisation(id=school(one), kind="school", urn=f"9{one:05}") for one in range(count)]
    rows = [
        {
            "id": one.id,
            "kind": one.kind,
            "name": one.id,
            "urn": one.urn,
            "version": 1,
            "position": at,
            "event_id": one.id,
        }
        for at, one in enumerate(every)
    ]
    async with directory.transaction() as tx:
        await tx.execute(insert(ORGANISATIONS), rows)
    async with notify.transaction() as tx:
        for one in every:
            await book.keep_organisation(tx, 1, one)
