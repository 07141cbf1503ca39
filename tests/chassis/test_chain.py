"""Is every alteration of the log found, at the first position where it is?"""

import pytest

from services.chassis.chain import Head, head, link, verify
from services.chassis.store import EventStore
from tests.chassis.stores import Place, append, happened

OTHER = "00000000-0000-4000-8000-000000000009"  # the same for every process that collects


@pytest.fixture
async def written(store: EventStore) -> EventStore:
    for number in range(6):
        await append(store, f"thing-{number % 2}", happened(number), number // 2)
    return store


async def _where(store: EventStore, known: Head | None = None) -> int | None:
    broken = await verify(store, known)
    return broken.position if broken else None


async def test_a_log_as_it_was_written_is_whole(written: EventStore) -> None:
    assert await verify(written) is None
    assert await verify(written, await head(written)) is None


async def test_an_empty_log_is_whole(store: EventStore) -> None:
    assert await verify(store, await head(store)) is None


def _literal(place: Place, data: bytes) -> str:
    embedded = len(place.arguments) == 1
    return f"x'{data.hex()}'" if embedded else f"'\\x{data.hex()}'"


@pytest.mark.parametrize(
    "change",
    [
        "data = (SELECT data FROM events WHERE position = 6)",
        "context = (SELECT data FROM events WHERE position = 6)",
        "stream = 'thing-9'",
        "version = 77",
        "type = 'Told'",
        f"event_id = '{OTHER}'",
        "recorded_at = '2026-01-05T12:00:01+00:00'",
        "hash = (SELECT hash FROM events WHERE position = 1)",
    ],
)
async def test_an_altered_event_is_found(place: Place, written: EventStore, change: str) -> None:
    await place.sql(f"UPDATE events SET {change} WHERE position = 4")
    assert await _where(written) == 4


async def test_one_altered_byte_is_found(place: Place, written: EventStore) -> None:
    [(data,)] = await place.sql("SELECT data FROM events WHERE position = 3")
    literal = _literal(place, bytes(data).replace(b"2", b"3"))
    await place.sql(f"UPDATE events SET data = {literal} WHERE position = 3")
    assert await _where(written) == 3


async def test_an_altered_event_with_a_fitting_hash_is_found_by_the_next_one(
    place: Place, written: EventStore
) -> None:
    rows = await written.rows(0)
    forged = link(rows[2].hash, rows[3]._replace(stream="thing-9"))
    literal = _literal(place, forged)
    await place.sql(f"UPDATE events SET stream = 'thing-9', hash = {literal} WHERE position = 4")
    assert await _where(written) == 5


async def test_a_deleted_event_is_found(place: Place, written: EventStore) -> None:
    await place.sql("DELETE FROM events WHERE position = 2")
    assert await _where(written) == 2


async def test_a_deleted_beginning_is_found(place: Place, written: EventStore) -> None:
    await place.sql("DELETE FROM events WHERE position <= 2")
    assert await _where(written) == 1


async def test_two_swapped_events_are_found(place: Place, written: EventStore) -> None:
    for now, then in ((3, 99), (4, 3), (99, 4)):
        await place.sql(f"UPDATE events SET position = {then} WHERE position = {now}")
    assert await _where(written) == 3


async def test_a_closed_gap_is_found(place: Place, written: EventStore) -> None:
    await place.sql("DELETE FROM events WHERE position = 5")
    await place.sql("UPDATE events SET position = 5 WHERE position = 6")
    assert await _where(written) == 5


async def test_a_cut_off_end_is_found_by_who_knows_the_head(
    place: Place, written: EventStore
) -> None:
    known = await head(written)
    await place.sql("DELETE FROM events WHERE position > 4")
    assert await _where(written) is None  # a shorter log is whole in itself
    assert await _where(written, known) == 5


async def test_a_rewritten_end_is_found_by_who_knows_the_head(
    place: Place, written: EventStore
) -> None:
    known = await head(written)
    await place.sql("DELETE FROM events WHERE position = 6")
    await append(written, "thing-1", happened(66), 2)
    assert await _where(written) is None
    assert await _where(written, known) == 6


async def test_every_event_counts_from_the_first(store: EventStore) -> None:
    first = await head(store)
    await append(store, "thing-1", happened(1), 0)
    second = await head(store)
    await append(store, "thing-1", happened(1), 1)
    assert len({first.hash, second.hash, (await head(store)).hash}) == 3
