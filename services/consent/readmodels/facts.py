"""What is known of these people, beside the event that is being decided?"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.identity import pair_key
from services.consent.domain import noting
from services.consent.domain.facts import ConsentEntry, Facts, MaracEntry, Status
from services.consent.domain.matter import Matter, children_of
from services.consent.readmodels.tables import FACTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    case: str
    at: datetime
    body: Mapping[str, Any]


async def rows(tx: AsyncConnection, kind: str, keys: Iterable[str]) -> list[Row]:
    """Each fact once, however many of the keys find it."""
    wanted = sorted(set(keys))
    if not wanted:
        return []
    asked = (
        select(FACTS.c.case_id, FACTS.c.number, FACTS.c.at, FACTS.c.body)
        .where(FACTS.c.key.in_(wanted), FACTS.c.kind == kind)
        .distinct()
        .order_by(FACTS.c.at, FACTS.c.case_id, FACTS.c.number)
    )
    found = await tx.execute(asked)
    return [Row(case=row.case_id, at=row.at, body=json.loads(row.body)) for row in found]


async def gather(
    tx: AsyncConnection,
    matter: Matter,
    case: UUID,
    keys: Mapping[str, frozenset[str]],
    pepper: bytes,
) -> Facts:
    """`keys` are all that each person of the event is known by, by ref; `case` does not count."""
    statuses: dict[str, tuple[Status, ...]] = {}
    earlier: dict[str, tuple[datetime, ...]] = {}
    harm: set[str] = set()
    for child in children_of(matter):
        mine = keys[child.ref]
        statuses[child.ref] = tuple(map(_status, await rows(tx, noting.STATUS, mine)))
        found = await rows(tx, noting.CHILD_INCIDENT, mine)
        earlier[child.ref] = tuple(row.at for row in found if row.case != str(case))
        stated = await rows(tx, noting.HARM, mine)
        if any(row.body["agency"] == matter.agency for row in stated):
            harm.add(child.ref)
    told = matter.episode or matter.appointment
    consents = {}
    if told is not None:
        consents[told.client.ref] = await consents_of(tx, keys[told.client.ref])
    between, marac, turned = await _pair(tx, matter, case, keys, pepper)
    return Facts(
        statuses=statuses,
        consents=consents,
        earlier=earlier,
        harm_stated=frozenset(harm),
        between=between,
        marac=marac,
        marac_reversed=turned,
    )


async def consents_of(tx: AsyncConnection, keys: Iterable[str]) -> tuple[ConsentEntry, ...]:
    return tuple(_consent(row) for row in await rows(tx, noting.CONSENT, keys))


def _status(row: Row) -> Status:
    since = date.fromisoformat(row.body["since"])
    return Status(status=row.body["status"], since=since, told_at=row.at)


def _consent(row: Row) -> ConsentEntry:
    told = row.body
    return ConsentEntry(
        consent=told["consent"],
        kind=told["kind"],
        at=row.at,
        purposes=tuple(told["purposes"]),
        audiences=tuple(told["audiences"]),
        categories=tuple(told["categories"]),
        competence=told["competence"],
        presence_doubtful=told["presence_doubtful"],
        expires_on=date.fromisoformat(told["expires_on"]) if told["expires_on"] else None,
    )


async def _pair(
    tx: AsyncConnection,
    matter: Matter,
    case: UUID,
    keys: Mapping[str, frozenset[str]],
    pepper: bytes,
) -> tuple[tuple[datetime, ...], tuple[MaracEntry, ...], tuple[MaracEntry, ...]]:
    incident = matter.incident
    if incident is None:
        return (), (), ()
    harmed = sorted(keys[incident.parties.harmed])
    others = sorted({key for ref in incident.parties.other for key in keys[ref]})
    pair = pair_key(pepper, harmed, others)
    met = {
        row.case: row.at
        for row in await rows(tx, noting.PAIR_INCIDENT, pair)
        if row.case != str(case)
    }
    turned = pair_key(pepper, others, harmed)
    return tuple(met.values()), await _marac(tx, pair), await _marac(tx, turned)


async def _marac(tx: AsyncConnection, pair: Iterable[str]) -> tuple[MaracEntry, ...]:
    """Referrals of the pair, and the hearings of those referrals; the area after any transfer."""
    found: list[MaracEntry] = []
    for row in await rows(tx, noting.MARAC_REFERRAL, pair):
        key = [noting.marac_key(row.body["reference"])]
        moved = await rows(tx, noting.MARAC_TRANSFER, key)
        area = moved[-1].body["area"] if moved else row.body["area"]
        found.append(MaracEntry(kind="referral", at=row.at, area=area))
        heard = await rows(tx, noting.MARAC_MEETING, key)
        found += [MaracEntry(kind="meeting", at=hearing.at, area=area) for hearing in heard]
    return tuple(found)
