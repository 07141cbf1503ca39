"""Has anybody altered the log? Each event carries the hash of the one before it."""

from dataclasses import dataclass
from hashlib import sha256

import orjson

from services.chassis.store import EventStore, Row

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the log ended at some time, as a partner agency may have witnessed it."""

    position: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first position at which the log is not what was written."""

    position: int
    says: str


def link(previous: bytes, row: Row) -> bytes:
    """The hash of `row` after `previous`; what `row` itself says its hash is does not count."""
    place = (row.position, row.stream, row.version, row.event_id, row.type, row.recorded_at)
    return hashed(previous, place, row.context, row.data)


def hashed(previous: bytes, place: tuple[object, ...], context: bytes, data: bytes) -> bytes:
    header = orjson.dumps((*place, len(context), len(data)), option=orjson.OPT_UTC_Z)
    return sha256(b"".join((previous, header, context, data))).digest()


async def head(store: EventStore) -> Head:
    position = await store.head()
    rows = await store.rows(position - 1, 1) if position else []
    return Head(position=position, hash=rows[0].hash if rows else GENESIS)


async def verify(store: EventStore, known: Head | None = None) -> Broken | None:
    """Walk the whole chain. With a `known` head a log that was cut off at its end is found too."""
    position, previous = 0, GENESIS
    while rows := await store.rows(position):
        for row in rows:
            if row.position != position + 1:
                return Broken(position=position + 1, says="an event is missing")
            if link(previous, row) != row.hash:
                return Broken(position=row.position, says="the event is not what was written")
            position, previous = row.position, row.hash
            if known and known.position == position and known.hash != row.hash:
                return Broken(position=position, says="the chain is not the one that was witnessed")
    if known and known.position > position:
        return Broken(position=position + 1, says="the log ends before the witnessed head")
    return None
