"""Where does each entry lie, for who looks for a child? Keyed hashes, and places in the log.

No name, day or address stands in a table; where to read them, sealed, is all that is kept.
"""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant, upsert
from services.chassis.store import Recorded
from services.directory.finding.blocks import Described, blocks_held
from services.directory.streams.pupil_search import PupilsSought
from services.directory.streams.register import PupilChanged, PupilRegistered, PupilRemoved

METADATA = MetaData()
BLOCKS = Table(
    "pupil_blocks",
    METADATA,
    Column("enrolment", String(36), nullable=False, index=True),
    Column("block", BigInteger, nullable=False),
)
Index("pupil_blocks_found", BLOCKS.c.block, BLOCKS.c.enrolment)
PLACES = Table(
    "pupil_places",
    METADATA,
    Column("enrolment", String(36), primary_key=True),
    Column("position", BigInteger, nullable=False),  # of the event that last said who it is
)
SEARCHES = Table(
    "pupil_searches",
    METADATA,
    Column("search", String(36), primary_key=True),
    Column("agency", String, nullable=False),
    Column("person", String, nullable=False),
    Column("task", String(36)),
    Column("found", BigInteger, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)


class Findable:
    """The projection. Who was removed, or whose key is destroyed, is found no more."""

    name = "directory.findable-pupils"
    metadata = METADATA

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        match recorded.event:
            case PupilRegistered() | PupilChanged() as said:
                await self._entry(tx, said, recorded.position)
            case PupilRemoved() as said:
                await _forget(tx, str(said.enrolment))
            case PupilsSought() as said:
                await _sought(tx, said)
            case _:
                pass

    async def _entry(
        self, tx: AsyncConnection, said: PupilRegistered | PupilChanged, position: int
    ) -> None:
        one, details = str(said.enrolment), said.details.value
        if isinstance(said, PupilChanged) or details is None:
            await _forget(tx, one)
        if details is None:
            return
        held = blocks_held(self._pepper, described(details))
        if held:
            await tx.execute(insert(BLOCKS), [{"enrolment": one, "block": each} for each in held])
        row = {"enrolment": one, "position": position}
        await upsert(tx, PLACES, row, key=["enrolment"])


def described(details: dict[str, Any]) -> Described:
    """What a register said of a pupil: the legal name first, then the others it knows."""
    legal = (details["given_name"], details["family_name"])
    given = (details.get("preferred_given_name"), details.get("former_given_name"))
    family = (details.get("preferred_family_name"), details.get("former_family_name"))
    others = (
        (one or legal[0], other or legal[1]) for one in (None, *given) for other in (None, *family)
    )
    born = details["date_of_birth"]
    return Described(
        names=tuple(dict.fromkeys((legal, *others))),
        born=date.fromisoformat(born) if born else None,
        postcode=details["postcode"],
    )


async def _forget(tx: AsyncConnection, enrolment: str) -> None:
    for table in (BLOCKS, PLACES):
        await tx.execute(delete(table).where(table.c.enrolment == enrolment))


async def _sought(tx: AsyncConnection, said: PupilsSought) -> None:
    row = {
        "search": str(said.search),
        "agency": said.agency,
        "person": said.by,
        "task": str(said.task) if said.task else None,
        "found": len(said.enrolments),
        "at": said.at,
    }
    await upsert(tx, SEARCHES, row, key=["search"])
