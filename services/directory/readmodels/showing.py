"""How is a listed school shown? Its status on the day, and which one took its place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.domain.successors import DEEPEST
from services.directory.readmodels.schools import SCHOOLS, UNCLEAR

Json: TypeAlias = dict[str, Any]
Status: TypeAlias = Literal["open", "closing", "closed", "proposed"]
ESTABLISHMENTS = ("school", "college", "nursery")


def status_on(day: date, opens: date | None, closes: date | None) -> Status:
    """From the day on which it closes it is closed; before the day of opening it is proposed."""
    if closes is not None:
        return "closed" if closes <= day else "closing"
    return "proposed" if opens is not None and opens > day else "open"


async def shown(tx: AsyncConnection, rows: Sequence[Row[Any]], day: date) -> list[Json]:
    """Public facts of each, in the order given; no person is in them."""
    unclear = await _unclear(tx, [row.id for row in rows])
    wanted = {row.successor for row in rows} | {row.trust for row in rows}
    wanted |= {each for _, candidates in unclear.values() for each in candidates}
    known = await _chained(tx, {each for each in wanted if each})
    return [_school(row, day, known, unclear.get(row.id)) for row in rows]


def _school(
    row: Row[Any],
    day: date,
    known: Mapping[str, Row[Any]],
    unclear: tuple[str, Sequence[str]] | None,
) -> Json:
    listing = row.listing or {}
    numbers = listing.get("numbers") or [{}]
    successor = _last(row.successor, known, day)
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "urn": row.urn,
        "number": numbers[-1].get("number"),
        "numbers": listing.get("numbers", []),
        "town": listing.get("town") or None,
        "postcode": row.postcode or None,
        "language": listing.get("language"),
        "local_authority": row.local_authority,
        "trust": _named(known.get(row.trust or "")),
        "status": status_on(day, row.open_from, row.closed_on),
        "open_from": row.open_from,
        "closed_on": row.closed_on,
        "successor": _named(successor),
        "carried_from": row.carried_from,
        "unclear": None
        if unclear is None
        else {"why": unclear[0], "candidates": _all_named(unclear[1], known)},
    }


def _last(name: str | None, known: Mapping[str, Row[Any]], day: date) -> Row[Any] | None:
    """Where the children are now: through successors that have closed since."""
    found, seen = known.get(name or ""), set[str]()
    while found is not None and found.successor and found.id not in seen:
        if status_on(day, found.open_from, found.closed_on) != "closed":
            break
        seen.add(found.id)
        found = known.get(found.successor, found)
    return found


def _named(row: Row[Any] | None) -> Json | None:
    return None if row is None else {"id": row.id, "name": row.name, "urn": row.urn}


def _all_named(ids: Iterable[str], known: Mapping[str, Row[Any]]) -> list[Json]:
    return [one for each in ids if (one := _named(known.get(each))) is not None]


async def _unclear(tx: AsyncConnection, ids: Sequence[str]) -> dict[str, tuple[str, Sequence[str]]]:
    rows = await tx.execute(select(UNCLEAR).where(UNCLEAR.c.organisation.in_(ids)))
    return {row.organisation: (row.why, row.candidates) for row in rows}


async def _chained(tx: AsyncConnection, wanted: set[str]) -> dict[str, Row[Any]]:
    """Those named, and those that they name in turn."""
    known: dict[str, Row[Any]] = {}
    for _ in range(DEEPEST):
        missing = sorted(wanted - known.keys())
        if not missing:
            break
        found = await tx.execute(select(SCHOOLS).where(SCHOOLS.c.id.in_(missing)))
        known |= {row.id: row for row in found}
        wanted = {row.successor for row in known.values() if row.successor}
    return known
