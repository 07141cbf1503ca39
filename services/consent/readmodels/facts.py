"""What is known of these people, beside the event that is being decided?"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.identity import pair_key
from services.consent.domain import noting
from services.consent.domain.facts import ConsentEntry, Facts, MaracEntry, Status
from services.consent.domain.matter import Matter, children_of
from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.tables import FACTS

_FACTS = select(
    FACTS.c.key, FACTS.c.kind, FACTS.c.at, FACTS.c.case_id, FACTS.c.number, FACTS.c.body
).where(FACTS.c.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    case: str
    number: int
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """By which keys the facts that bear on one event are found.

    `people` are all keys that each person of the event is known by, by ref.
    """

    people: Mapping[str, frozenset[str]]
    pair: tuple[str, ...] = ()
    turned: tuple[str, ...] = ()  # the same pair in reversed roles

    @property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*self.people.values(), self.pair, self.turned)


def wanted(matter: Matter, people: Mapping[str, frozenset[str]], pepper: bytes) -> Wanted:
    incident = matter.incident
    if incident is None:
        return Wanted(people=people)
    harmed = sorted(people[incident.parties.harmed])
    others = sorted({key for ref in incident.parties.other for key in people[ref]})
    return Wanted(
        people=people,
        pair=tuple(pair_key(pepper, harmed, others)),
        turned=tuple(pair_key(pepper, others, harmed)),
    )


class Found:
    """Facts by key, as far as they were asked for."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], list[Row]] = defaultdict(list)

    def add(self, kind: str, key: str, row: Row) -> None:
        self._rows[kind, key].append(row)

    def rows(self, kind: str, keys: Iterable[str]) -> list[Row]:
        """Each fact once, however many of the keys find it; the earliest first."""
        found = {
            (row.at, row.case, row.number): row
            for key in keys
            for row in self._rows.get((kind, key), ())
        }
        return [found[place] for place in sorted(found)]


async def look_up(tx: AsyncConnection, keys: Iterable[str], found: Found | None = None) -> Found:
    found = found or Found()
    for part in in_parts(keys):
        for key, kind, at, case, number, body in await tx.execute(_FACTS, {"keys": part}):
            found.add(kind, key, Row(case=case, number=number, at=at, body=json.loads(body)))
    return found


async def look_up_all(tx: AsyncConnection, events: Sequence[Wanted]) -> Found:
    """All that bears on these events; of the pairs that were referred, also the hearings."""
    found = await look_up(tx, {key for each in events for key in each.keys})
    referrals = {
        noting.marac_key(row.body["reference"])
        for each in events
        for row in found.rows(noting.MARAC_REFERRAL, (*each.pair, *each.turned))
    }
    return await look_up(tx, referrals, found)


def facts_of(found: Found, matter: Matter, case: UUID, wanted: Wanted) -> Facts:
    """`case` itself does not count: an incident is not its own history."""
    statuses: dict[str, tuple[Status, ...]] = {}
    earlier: dict[str, tuple[datetime, ...]] = {}
    missed: dict[str, tuple[datetime, ...]] = {}
    harm: set[str] = set()
    for child in children_of(matter):
        mine = wanted.people[child.ref]
        statuses[child.ref] = tuple(map(_status, found.rows(noting.STATUS, mine)))
        incidents = found.rows(noting.CHILD_INCIDENT, mine)
        earlier[child.ref] = tuple(row.at for row in incidents if row.case != str(case))
        missed[child.ref] = _missed(found.rows(noting.CHILD_MISSED, mine), case)
        stated = found.rows(noting.HARM, mine)
        if any(row.body["agency"] == matter.agency for row in stated):
            harm.add(child.ref)
    consents = {ref: _consents(found, wanted.people[ref]) for ref in _asked(matter)}
    return Facts(
        statuses=statuses,
        consents=consents,
        earlier=earlier,
        missed=missed,
        harm_stated=frozenset(harm),
        between=_met(found, wanted.pair, case),
        reversed_between=_met(found, wanted.turned, case),
        marac=_marac(found, wanted.pair),
        marac_reversed=_marac(found, wanted.turned),
    )


def _asked(matter: Matter) -> tuple[str, ...]:
    """Whose word may count: the client's, and that of the adult who was harmed."""
    told = matter.episode or matter.appointment
    if told is not None:
        return (told.client.ref,)
    return (matter.incident.parties.harmed,) if matter.incident else ()


def _met(found: Found, pair: Iterable[str], case: UUID) -> tuple[datetime, ...]:
    rows = found.rows(noting.PAIR_INCIDENT, pair)
    return tuple({row.case: row.at for row in rows if row.case != str(case)}.values())


async def consents_of(tx: AsyncConnection, keys: Iterable[str]) -> tuple[ConsentEntry, ...]:
    wanted = frozenset(keys)
    return _consents(await look_up(tx, wanted), wanted)


def _missed(rows: Iterable[Row], case: UUID) -> tuple[datetime, ...]:
    """Each appointment once, however often it was told; this event is not its own history."""
    others = {row.body["appointment"]: row.at for row in rows if row.case != str(case)}
    return tuple(others.values())


def _consents(found: Found, keys: Iterable[str]) -> tuple[ConsentEntry, ...]:
    return tuple(_consent(row) for row in found.rows(noting.CONSENT, keys))


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
        whose=told.get("whose", "own"),
        expires_on=date.fromisoformat(told["expires_on"]) if told["expires_on"] else None,
    )


def _marac(found: Found, pair: Iterable[str]) -> tuple[MaracEntry, ...]:
    """Referrals of the pair, and the hearings of those referrals; the area after any transfer."""
    entries: list[MaracEntry] = []
    for row in found.rows(noting.MARAC_REFERRAL, pair):
        key = [noting.marac_key(row.body["reference"])]
        moved = found.rows(noting.MARAC_TRANSFER, key)
        area = moved[-1].body["area"] if moved else row.body["area"]
        entries.append(MaracEntry(kind="referral", at=row.at, area=area))
        heard = found.rows(noting.MARAC_MEETING, key)
        entries += [MaracEntry(kind="meeting", at=hearing.at, area=area) for hearing in heard]
    return tuple(entries)
