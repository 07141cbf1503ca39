"""Who is who? The address book as the directory has told it, kept by version."""

from collections.abc import Iterable
from datetime import date
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
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Organisation, Owner, PupilKeys, PupilState
from services.chassis.database import upsert
from services.notify.domain.placement import Book, Enrolment, serving

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
        await _count(tx, _PUPILS)
    return news


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


async def of_kind(tx: AsyncConnection, kind: str) -> list[Organisation]:
    return await _bodies(tx, ORGANISATIONS.c.kind == kind)


async def authority_of(tx: AsyncConnection, place: str | None) -> Organisation | None:
    """The organisation of the local authority that this GSS code names."""
    if place is None:
        return None
    found = await _bodies(
        tx,
        ORGANISATIONS.c.kind == "local-authority",
        ORGANISATIONS.c.local_authority == place,
    )
    return min(found, key=lambda one: one.id) if found else None


async def schools_in(tx: AsyncConnection, place: str | None) -> list[Organisation]:
    if place is None:
        return []
    kinds = ORGANISATIONS.c.kind.in_(["school", "college"])
    return await _bodies(tx, kinds, ORGANISATIONS.c.local_authority == place)


async def _bodies(tx: AsyncConnection, *where: Any) -> list[Organisation]:
    rows = await tx.execute(select(ORGANISATIONS.c.body).where(*where))
    return [Organisation.model_validate(row.body) for row in rows]


async def for_child(tx: AsyncConnection, keys: PupilKeys) -> Book:
    """Everything that finding this child's schools needs."""
    enrolments = await _enrolments(tx, keys)
    named = await _bodies(tx, ORGANISATIONS.c.urn.in_(list(keys.urns))) if keys.urns else []
    wanted = {one.organisation for one in enrolments} | {one.id for one in named}
    organisations = await _with_successors(tx, wanted)
    return Book(
        organisations=organisations,
        by_urn={one.urn: one.id for one in named if one.urn},
        enrolments=enrolments,
        with_register=await _with_register(tx, organisations),
    )


async def of_place(tx: AsyncConnection, kind: str, direct: str | None) -> Book:
    organisations = {one.id: one for one in await of_kind(tx, kind)}
    if direct is not None:
        organisations |= await _with_successors(tx, {direct})
    return Book(organisations=organisations, by_urn={})


async def _enrolments(tx: AsyncConnection, keys: PupilKeys) -> list[Enrolment]:
    ways = []
    if keys.upn is not None:
        ways.append(ENROLMENTS.c.upn == keys.upn)
    if keys.person:
        ways.append(ENROLMENTS.c.person.in_(list(keys.person)))
    if not ways:
        return []
    found = await tx.execute(select(ENROLMENTS).where(or_(*ways), ENROLMENTS.c.removed.is_(False)))
    return [
        Enrolment(
            organisation=row.organisation,
            upn=row.upn,
            person=row.person,
            starts=row.starts,
            until=row.until,
        )
        for row in found
    ]


async def _with_successors(tx: AsyncConnection, wanted: set[str]) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    while missing := wanted - found.keys():
        rows = await _bodies(tx, ORGANISATIONS.c.id.in_(sorted(missing)))
        found |= {one.id: one for one in rows}
        known = {one.id for one in rows}
        wanted = (wanted - (missing - known)) | {one.successor for one in rows if one.successor}
        if not rows:
            break
    return found


async def _with_register(tx: AsyncConnection, among: Iterable[str]) -> frozenset[str]:
    """Those that have uploaded a pupil at any time, also one that has left since."""
    names = sorted(among)
    if not names:
        return frozenset()
    rows = await tx.execute(
        select(ENROLMENTS.c.organisation).where(ENROLMENTS.c.organisation.in_(names)).distinct()
    )
    return frozenset(row.organisation for row in rows)


async def forget_organisation(tx: AsyncConnection, one: str, version: int) -> None:
    """Before it is taken over anew; what is newer than `version` stays."""
    columns = ORGANISATIONS.c
    await tx.execute(ORGANISATIONS.delete().where(columns.id == one, columns.version <= version))


async def forget_enrolment(tx: AsyncConnection, one: UUID, version: int) -> None:
    columns = ENROLMENTS.c
    mine = (columns.enrolment == str(one), columns.version <= version)
    await tx.execute(ENROLMENTS.delete().where(*mine))


async def owner(tx: AsyncConnection, wanted: Owner, sender: str, day: date) -> str:
    """Which organisation must act. Nobody found: the one that knows of it."""
    if wanted.organisation is not None:
        return wanted.organisation
    if wanted.kind is not None:
        mine = await of_place(tx, wanted.kind, None)
        near = serving(wanted.kind, wanted.local_authority, wanted.police_area, mine, day)
        if near:
            return min(near)
    return wanted.otherwise or sender
