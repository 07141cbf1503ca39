"""Who is who? The address book as the directory has told it, kept by version."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    MetaData,
    String,
    Table,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Organisation, PupilState
from services.chassis.database import upsert
from services.notify.readmodels import asks

METADATA = MetaData()

ORGANISATIONS = Table(
    "organisations",
    METADATA,
    Column("id", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("urn", String, index=True),
    Column("local_authority", String, index=True),
    Column("police_area", String),
    Column("body", JSON, nullable=False),
)
ENROLMENTS = Table(
    "enrolments",
    METADATA,
    Column("enrolment", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("organisation", String, nullable=False, index=True),
    Column("upn", String, index=True),
    Column("person", String, index=True),
    Column("starts", Date),
    Column("until", Date),
    Column("removed", Boolean, nullable=False),
)
ENROLMENT_WAYS = Table(  # the further hashes by which an enrolment may be found
    "enrolment_ways",
    METADATA,
    Column("enrolment", String, primary_key=True),
    Column("way", String, primary_key=True, index=True),
    Column("numbered", Boolean, nullable=False),  # numbered_key, else one of plain_person_keys
)
REVISIONS = Table(  # how often the book has changed: what was looked up before may now be otherwise
    "address_book_revisions",
    METADATA,
    Column("name", String, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)
LOOKED_AT = Table(  # under which revision something was last looked up; lost without harm
    "address_book_lookups",
    METADATA,
    Column("name", String, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)
Index("enrolments_live", ENROLMENTS.c.organisation, ENROLMENTS.c.removed)

_ORGANISATIONS, _PUPILS = "organisations", "pupils"


async def keep_organisation(tx: AsyncConnection, version: int, one: Organisation) -> bool:
    """Whether it was news: an older or equal version changes nothing."""
    row = {
        "id": one.id,
        "version": version,
        "kind": one.kind,
        "urn": one.urn,
        "local_authority": one.local_authority,
        "police_area": one.police_area,
        "body": one.model_dump(mode="json"),
    }
    news = await upsert(tx, ORGANISATIONS, row, key=["id"], newer="version") > 0
    if news:
        await _count(tx, _ORGANISATIONS)
        await asks.keep(tx, one)
    return news


async def keep_enrolment(tx: AsyncConnection, state: PupilState) -> bool:
    row = {
        "enrolment": str(state.enrolment),
        "version": state.version,
        "organisation": state.organisation,
        "upn": state.upn,
        "person": state.person,
        "starts": state.starts,
        "until": state.until,
        "removed": state.removed,
    }
    news = await upsert(tx, ENROLMENTS, row, key=["enrolment"], newer="version") > 0
    if news:
        await _keep_ways(tx, state)
        await _count(tx, _PUPILS)
    return news


async def _keep_ways(tx: AsyncConnection, state: PupilState) -> None:
    one = str(state.enrolment)
    await tx.execute(ENROLMENT_WAYS.delete().where(ENROLMENT_WAYS.c.enrolment == one))
    ways = {**dict.fromkeys(state.also, False), **({state.nhs: True} if state.nhs else {})}
    if ways:
        rows = [{"enrolment": one, "way": way, "numbered": is_nhs} for way, is_nhs in ways.items()]
        await tx.execute(ENROLMENT_WAYS.insert(), rows)


async def _count(tx: AsyncConnection, name: str) -> None:
    counted = await tx.execute(
        update(REVISIONS).where(REVISIONS.c.name == name).values(revision=REVISIONS.c.revision + 1)
    )
    if counted.rowcount == 0:
        await upsert(tx, REVISIONS, {"name": name, "revision": 1}, key=["name"])


async def revision(tx: AsyncConnection, *, pupils: bool) -> int:
    """Of organisations alone, or of everything that placement asks."""
    names = [_ORGANISATIONS, _PUPILS] if pupils else [_ORGANISATIONS]
    total = select(func.coalesce(func.sum(REVISIONS.c.revision), 0)).where(
        REVISIONS.c.name.in_(names)
    )
    return int(await tx.scalar(total) or 0)


async def looked_at(tx: AsyncConnection, name: str) -> int:
    one = select(LOOKED_AT.c.revision).where(LOOKED_AT.c.name == name)
    return int(await tx.scalar(one) or 0)


async def note_look(tx: AsyncConnection, name: str, at: int) -> None:
    await upsert(tx, LOOKED_AT, {"name": name, "revision": at}, key=["name"])


async def organisation(tx: AsyncConnection, one: str) -> Organisation | None:
    found = await _bodies(tx, ORGANISATIONS.c.id == one)
    return found[0] if found else None


async def _bodies(tx: AsyncConnection, *where: Any) -> list[Organisation]:
    rows = await tx.execute(select(ORGANISATIONS.c.body).where(*where))
    return [Organisation.model_validate(row.body) for row in rows]


async def forget_organisation(tx: AsyncConnection, one: str, version: int) -> None:
    """Before it is taken over anew; what is newer than `version` stays."""
    columns = ORGANISATIONS.c
    await tx.execute(ORGANISATIONS.delete().where(columns.id == one, columns.version <= version))


async def forget_enrolment(tx: AsyncConnection, one: UUID, version: int) -> None:
    columns = ENROLMENTS.c
    mine = (columns.enrolment == str(one), columns.version <= version)
    await tx.execute(ENROLMENTS.delete().where(*mine))
