"""What does each event change in the rows of services, and in what may be published of them?

A service that was published is held when somebody of its name becomes a contact, and published
again when its text has changed: both sides of the comparison are kept here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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
_PARTS = (WORDS, HOURS, TRACES)
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
        """In few statements for the whole page: a file may list a thousand services."""
        touched = _touched(page)
        written = touched.services | await _of_owners(tx, touched.owners)
        private = await self._people(touched.people)
        private |= await self._refuges(touched.refuges | await _former_refuges(tx, touched.owners))
        rows: dict[Table, list[dict[str, Any]]] = {OFFERS: [], WORDS: [], HOURS: [], TRACES: []}
        for name in sorted(written):
            private |= await self._offer(name, rows)
        for table, of in ((OFFERS, OFFERS.c.id), *((t, t.c.offer) for t in _PARTS)):
            await _delete(tx, table, of, written)
        for table, told in rows.items():
            await _insert(tx, table, told)
        changed = await _keep(tx, private)
        await _count_hits(tx, written | await _saying(tx, changed))

    async def _people(self, names: Iterable[str]) -> dict[str, set[int]]:
        return {
            organisations.stream_of(name): texts.private_of_people(
                await self._organisation(name), self._pepper
            )
            for name in names
        }

    async def _refuges(self, names: Iterable[str]) -> dict[str, set[int]]:
        return {
            _refuge(name): texts.private_of_refuge(await self._organisation(name), self._pepper)
            for name in names
        }

    async def _offer(
        self, name: str, rows: dict[Table, list[dict[str, Any]]]
    ) -> dict[str, set[int]]:
        """Its rows, added to the others; the answer is what of it is private."""
        history = await self._store.read_stream(offers.stream_of(name))
        known = reduce(offers.evolve, (each.event for each in history), offers.UNOFFERED)
        whose = offers.stream_of(name)
        if known.said is None:
            return {whose: set()}
        owner = await self._organisation(known.said.organisation)
        row = {"id": name, **self._open_ids(name, known.said), **_row(known, known.said, owner)}
        rows[OFFERS].append(row)
        rows[WORDS] += _words(name, known.said)
        rows[HOURS] += _hours(name, known.said)
        if known.said.publish:
            said = texts.public_texts(known.said, _name(owner))
            traces = sorted(texts.traces(said, self._pepper))
            rows[TRACES] += [{"offer": name, "trace": each} for each in traces]
        return {whose: texts.private_of_offer(known.private, self._pepper)}

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


async def _delete(tx: AsyncConnection, table: Table, of: Any, names: Iterable[str]) -> None:
    for some in _some(names):
        await tx.execute(delete(table).where(of.in_(some)))


async def _keep(tx: AsyncConnection, private: dict[str, set[int]]) -> set[int]:
    """Keep these and no others; the answer is which came and which went."""
    before: dict[str, set[int]] = {whose: set() for whose in private}
    for some in _some(private):
        asked = select(PRIVATE.c.whose, PRIVATE.c.trace).where(PRIVATE.c.whose.in_(some))
        for row in await tx.execute(asked):
            before[row.whose].add(row.trace)
    other = [whose for whose, traces in private.items() if before[whose] != traces]
    await _delete(tx, PRIVATE, PRIVATE.c.whose, other)
    rows = [{"whose": each, "trace": trace} for each in other for trace in sorted(private[each])]
    await _insert(tx, PRIVATE, rows)
    return set().union(*(before[whose] ^ private[whose] for whose in other))


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
    for some in _some(values):
        found |= set((await tx.execute(select(wanted).where(among.in_(some)).distinct())).scalars())
    return found


async def _count_hits(tx: AsyncConnection, names: Iterable[str]) -> None:
    """Few texts say anything private, so that only these are written one by one."""
    both = TRACES.join(PRIVATE, PRIVATE.c.trace == TRACES.c.trace)
    for some in _some(names):
        await tx.execute(update(OFFERS).where(OFFERS.c.id.in_(some)).values(hits=0))
        count = select(TRACES.c.offer, func.count().label("hits")).select_from(both)
        counted = count.where(TRACES.c.offer.in_(some)).group_by(TRACES.c.offer)
        for name, hits in (await tx.execute(counted)).all():
            await tx.execute(update(OFFERS).where(OFFERS.c.id == name).values(hits=hits))


def _some(values: Iterable[Any]) -> Iterator[list[Any]]:
    asked = list(values)
    for start in range(0, len(asked), _SOME):
        yield asked[start : start + _SOME]
