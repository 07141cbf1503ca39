"""What does each event change in the rows of services, and in what may be published of them?

A service that was published is held when somebody of its name becomes a contact, and published
again when its text has changed: both sides of the comparison are kept here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import EventStore, Row
from services.directory.domain import opening
from services.directory.domain.offer import Offer
from services.directory.domain.wordings import plain
from services.directory.readmodels import offer_texts as texts
from services.directory.readmodels.offer_tables import (
    HOURS,
    METADATA,
    OFFERS,
    PRIVATE,
    TRACES,
    WORDS,
)
from services.directory.readmodels.open_ids import OpenIds
from services.directory.streams import offer as offers
from services.directory.streams import organisation as organisations
from services.directory.streams.offer import KnownOffer
from services.directory.streams.organisation import Known

DOCUMENT: TypeAdapter[Offer] = TypeAdapter(Offer)
_SOME = 500  # bound values in one statement


@dataclass
class _Touched:
    """By whose events: services, people of organisations, and what organisations are."""

    services: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)
    refuges: set[str] = field(default_factory=set)  # that may be or may have been


class OfferRows:
    """A PageProjection: of half a million pupils not one is read for it."""

    name = "directory.offers"
    metadata = METADATA

    def __init__(self, store: EventStore, pepper: bytes) -> None:
        self._store = store
        self._pepper = pepper
        self._ids = OpenIds(pepper)

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        touched = _touched(page)
        changed: set[int] = set()
        for name in sorted(touched.people):
            known = await self._organisation(name)
            private = texts.private_of_people(known, self._pepper)
            changed |= await _kept(tx, organisations.stream_of(name), private)
        for name in sorted(touched.refuges | await _former_refuges(tx, touched.owners)):
            private = texts.private_of_refuge(await self._organisation(name), self._pepper)
            changed |= await _kept(tx, _refuge(name), private)
        written = touched.services | await _of_owners(tx, touched.owners)
        for name in sorted(written):
            changed |= await self._write(tx, name)
        await _count_hits(tx, written | await _saying(tx, changed))

    async def _write(self, tx: AsyncConnection, name: str) -> set[int]:
        history = await self._store.read_stream(offers.stream_of(name))
        known = reduce(offers.evolve, (each.event for each in history), offers.UNOFFERED)
        for table in (WORDS, HOURS, TRACES):
            await tx.execute(delete(table).where(table.c.offer == name))
        private = texts.private_of_offer(known.private, self._pepper)
        if known.said is None:
            await tx.execute(delete(OFFERS).where(OFFERS.c.id == name))
            return await _kept(tx, offers.stream_of(name), set())
        owner = await self._organisation(known.said.organisation)
        row = {"id": name, **self._open_ids(name, known.said), **_row(known, known.said, owner)}
        await upsert(tx, OFFERS, row, key=["id"])
        await _insert(tx, WORDS, _words(name, known.said))
        await _insert(tx, HOURS, _hours(name, known.said))
        if known.said.publish:
            said = texts.public_texts(known.said, _name(owner))
            traces = texts.traces(said, self._pepper)
            await _insert(tx, TRACES, [{"offer": name, "trace": each} for each in traces])
        return await _kept(tx, offers.stream_of(name), private)

    def _open_ids(self, name: str, said: Offer) -> dict[str, str | None]:
        there = said.location is not None and not said.confidential_location
        return {
            "open_id": self._ids.service(name),
            "open_id_there": self._ids.service_at_location(name) if there else None,
        }

    async def _organisation(self, name: str) -> Known:
        history = await self._store.read_stream(organisations.stream_of(name))
        return reduce(organisations.evolve, (each.event for each in history), organisations.UNKNOWN)


def _touched(page: Sequence[Row]) -> _Touched:
    touched = _Touched()
    for row in page:
        kind, _, name = row.stream.partition("-")
        if kind == "service":
            touched.services.add(name)
        elif kind == "organisation" and row.type.startswith("Contact"):
            touched.people.add(name)
        elif kind == "organisation" and row.type.startswith("Organisation"):
            touched.owners.add(name)
            if f'"{texts.REFUGE}"'.encode() in row.data:
                touched.refuges.add(name)
    return touched


def _row(known: KnownOffer, said: Offer, owner: Known) -> dict[str, Any]:
    at = said.location
    profile = owner.profile
    return {
        "organisation": said.organisation,
        "owner_kind": profile.kind if profile else "",
        "owner_name": _name(owner),
        "owner_closed_on": owner.closed_on,
        "kind": said.kind,
        "status": said.status,
        "words": plain(" ".join(text for _, text in texts.free_texts(said))),
        "low_age": said.minimum_age,
        "high_age": said.maximum_age,
        "nationwide": said.nationwide,
        "postcode": "".join(at.postcode.split()).upper() or None if at else None,
        "latitude": at.latitude if at else None,
        "longitude": at.longitude if at else None,
        "publish": said.publish,
        "findings": len(texts.findings(said)),
        "hits": 0,
        "verified_on": known.verified_on,
        "changed_at": known.changed_at,
        "document": DOCUMENT.dump_json(said).decode(),
    }


def _name(owner: Known) -> str:
    return owner.profile.name if owner.profile else ""


def _words(name: str, said: Offer) -> list[dict[str, Any]]:
    lists = {
        "needs": said.needs,
        "audience": said.who,
        "kinds": (said.kind,),
        "places": said.places,
    }
    return [
        {"offer": name, "list": each, "word": word}
        for each, words in lists.items()
        for word in dict.fromkeys(words)
    ]


def _hours(name: str, said: Offer) -> list[dict[str, Any]]:
    return [
        {"offer": name, "number": at, "day": day, "opens": each.opens, "closes": each.closes}
        for at, each in enumerate(said.hours)
        for day in sorted(opening.weekdays(each))
    ]


async def _insert(tx: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await tx.execute(insert(table), rows)


async def _kept(tx: AsyncConnection, whose: str, traces: set[int]) -> set[int]:
    """Keep these and no others; the answer is which came and which went."""
    asked = select(PRIVATE.c.trace).where(PRIVATE.c.whose == whose)
    before = set((await tx.execute(asked)).scalars())
    if before == traces:
        return set()
    await tx.execute(delete(PRIVATE).where(PRIVATE.c.whose == whose))
    await _insert(tx, PRIVATE, [{"whose": whose, "trace": each} for each in traces])
    return before ^ traces


def _refuge(name: str) -> str:
    return f"refuge-{name}"


async def _former_refuges(tx: AsyncConnection, names: Iterable[str]) -> set[str]:
    kept = await _found(tx, PRIVATE.c.whose, PRIVATE.c.whose, map(_refuge, names))
    return {each.removeprefix("refuge-") for each in kept}


async def _of_owners(tx: AsyncConnection, owners: Iterable[str]) -> set[str]:
    return await _found(tx, OFFERS.c.id, OFFERS.c.organisation, owners)


async def _saying(tx: AsyncConnection, traces: Iterable[int]) -> set[str]:
    return await _found(tx, TRACES.c.offer, TRACES.c.trace, traces)


async def _found(tx: AsyncConnection, wanted: Any, among: Any, values: Iterable[Any]) -> set[str]:
    found: set[str] = set()
    asked = list(values)
    for start in range(0, len(asked), _SOME):
        some = asked[start : start + _SOME]
        found |= set((await tx.execute(select(wanted).where(among.in_(some)).distinct())).scalars())
    return found


async def _count_hits(tx: AsyncConnection, names: Iterable[str]) -> None:
    for name in sorted(names):
        both = TRACES.join(PRIVATE, PRIVATE.c.trace == TRACES.c.trace)
        count = select(func.count()).select_from(both).where(TRACES.c.offer == name)
        hits = await tx.scalar(count)
        await tx.execute(update(OFFERS).where(OFFERS.c.id == name).values(hits=hits))
