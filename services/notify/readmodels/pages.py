"""What does the address book say of many at once? One query for all who ask (see `together`)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Row, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Organisation, PupilKeys
from services.notify.domain.placement import Book
from services.notify.domain.this_child import Enrolment
from services.notify.readmodels.book import ENROLMENT_WAYS, ENROLMENTS, ORGANISATIONS

Place: TypeAlias = tuple[str, str | None]  # a kind, and the organisation that was named directly
_SCHOOLS = ("school", "college")


def among(column: Column[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column IN (...)`. The list is filled up to a power of two by repeating its last value, so
    that there are few different statements, each prepared once."""
    listed = list(values)
    if listed:
        listed += [listed[-1]] * ((1 << (len(listed) - 1).bit_length()) - len(listed))
    return column.in_(listed)


async def organisations(tx: AsyncConnection, ids: Sequence[str]) -> dict[str, Organisation]:
    return {one.id: one for one in await _bodies(tx, among(ORGANISATIONS.c.id, ids))}


async def authorities(tx: AsyncConnection, places: Sequence[str]) -> dict[str, Organisation]:
    """The organisation of the local authority that each GSS code names."""
    here = among(ORGANISATIONS.c.local_authority, places)
    found = await _bodies(tx, ORGANISATIONS.c.kind == "local-authority", here)
    ordered = sorted(found, key=lambda one: one.id, reverse=True)
    return {one.local_authority: one for one in ordered if one.local_authority}


async def schools(tx: AsyncConnection, places: Sequence[str]) -> dict[str, list[Organisation]]:
    """By the GSS code of the authority in whose place they are."""
    here = among(ORGANISATIONS.c.local_authority, places)
    found: dict[str, list[Organisation]] = defaultdict(list)
    for one in await _bodies(tx, ORGANISATIONS.c.kind.in_(_SCHOOLS), here):
        found[one.local_authority or ""].append(one)
    return found


async def of_places(tx: AsyncConnection, wanted: Sequence[Place]) -> dict[Place, Book]:
    kinds = {kind for kind, _ in wanted}
    every = await _bodies(tx, among(ORGANISATIONS.c.kind, sorted(kinds)))
    named = await _with_successors(tx, {direct for _, direct in wanted if direct is not None})
    of_kind: dict[str, dict[str, Organisation]] = {kind: {} for kind in kinds}
    for one in every:
        of_kind[one.kind][one.id] = one
    return {
        (kind, direct): Book(
            organisations={**of_kind[kind], **_reached(named, {direct} if direct else set())},
            by_urn={},
        )
        for kind, direct in wanted
    }


async def for_children(tx: AsyncConnection, many: Sequence[PupilKeys]) -> dict[PupilKeys, Book]:
    """Everything that finding each child's schools needs."""
    enrolled = await _enrolments(tx, many)
    urns = sorted({urn for keys in many for urn in keys.urns})
    named = await _bodies(tx, among(ORGANISATIONS.c.urn, urns)) if urns else []
    theirs = {one.organisation for one in enrolled}
    known = await _with_successors(tx, theirs | {one.id for one in named})
    uploaded = await _with_register(tx, known)
    by_key: dict[str, list[Enrolment]] = defaultdict(list)
    for one in enrolled:
        for key in {one.upn, one.person, one.nhs, *one.also} - {None}:
            by_key[str(key)].append(one)
    by_urn = {one.urn: one.id for one in named if one.urn}
    return {keys: _book(keys, by_key, by_urn, known, uploaded) for keys in many}


def _book(
    keys: PupilKeys,
    by_key: dict[str, list[Enrolment]],
    by_urn: dict[str, str],
    known: dict[str, Organisation],
    uploaded: frozenset[str],
) -> Book:
    """Of this child and nobody else, whoever was asked about in the same query."""
    ways = [keys.upn, keys.nhs, *keys.person, *keys.also]
    mine = list({id(one): one for way in ways if way for one in by_key.get(way, ())}.values())
    named = {urn: by_urn[urn] for urn in keys.urns if urn in by_urn}
    organisations = _reached(known, {one.organisation for one in mine} | set(named.values()))
    return Book(
        organisations=organisations,
        by_urn=named,
        enrolments=mine,
        with_register=uploaded & organisations.keys(),
    )


async def _enrolments(tx: AsyncConnection, many: Sequence[PupilKeys]) -> list[Enrolment]:
    wanted = (
        (ENROLMENTS.c.upn, {keys.upn for keys in many if keys.upn}),
        (ENROLMENTS.c.person, {person for keys in many for person in keys.person}),
        (
            ENROLMENT_WAYS.c.way,
            {way for keys in many for way in (keys.nhs, *keys.also) if way},
        ),
    )
    found = [
        select(column.table.c.enrolment).where(among(column, sorted(values)))
        for column, values in wanted
        if values
    ]
    if not found:
        return []
    columns, ways = ENROLMENTS.c, ENROLMENT_WAYS.c
    both = ENROLMENTS.outerjoin(ENROLMENT_WAYS, ways.enrolment == columns.enrolment)
    rows = await tx.execute(
        select(ENROLMENTS, ways.way, ways.numbered)
        .select_from(both)
        .where(columns.enrolment.in_(union(*found)), columns.removed.is_(False))
    )
    return _joined(rows)


def _joined(rows: Iterable[Row[Any]]) -> list[Enrolment]:
    """A row for each further way by which an enrolment is known, or one without."""
    of_one: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        of_one[row.enrolment].append(row)
    return [
        Enrolment(
            organisation=found[0].organisation,
            upn=found[0].upn,
            person=found[0].person,
            starts=found[0].starts,
            until=found[0].until,
            nhs=next((row.way for row in found if row.numbered), None),
            also=tuple(row.way for row in found if row.numbered is False),
        )
        for found in of_one.values()
    ]


async def _with_successors(tx: AsyncConnection, wanted: set[str]) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    asked: set[str] = set()
    while missing := wanted - asked:
        found |= await organisations(tx, sorted(missing))
        asked |= missing
        wanted = {one.successor for one in found.values() if one.successor}
    return found


def _reached(known: dict[str, Organisation], first: set[str]) -> dict[str, Organisation]:
    """Those, and whoever has taken their place."""
    reached: dict[str, Organisation] = {}
    ahead = list(first)
    while ahead:
        one = known.get(ahead.pop())
        if one is not None and one.id not in reached:
            reached[one.id] = one
            ahead += [one.successor] if one.successor else []
    return reached


async def _with_register(tx: AsyncConnection, names: Iterable[str]) -> frozenset[str]:
    """Those that have uploaded a pupil at any time, also one that has left since."""
    if not (listed := sorted(names)):
        return frozenset()
    one = ENROLMENTS.c.organisation
    rows = await tx.execute(
        select(ORGANISATIONS.c.id).where(
            among(ORGANISATIONS.c.id, listed),
            select(one).where(one == ORGANISATIONS.c.id).exists(),
        )
    )
    return frozenset(row.id for row in rows)


async def _bodies(tx: AsyncConnection, *where: ColumnElement[bool]) -> list[Organisation]:
    rows = await tx.execute(select(ORGANISATIONS.c.body).where(*where))
    return [Organisation.model_validate(row.body) for row in rows]
