"""Who can read what is sealed in the log? Its service, until the person's key is destroyed."""

from base64 import b64encode

import orjson
import pytest

from services.chassis.chain import verify
from services.chassis.sealing import BrokenSeal, Sealed
from services.chassis.store import EventStore
from tests.chassis.stores import SERVICE_KEY, Place, all_at_once, append, happened, told

SECRET = "Plaintext-Marker-Test"


async def values(store: EventStore) -> list[object]:
    return [recorded.event.about.value for recorded in await store.read_all(0)]


async def test_a_sealed_value_is_read_back(store: EventStore) -> None:
    value = {"name": SECRET, "list": [1, None, {"deep": True}]}
    await append(store, "thing-1", told("person-1", value), 0)
    assert [r.event.about for r in await store.read_stream("thing-1")] == [
        Sealed("person-1", value)
    ]


@pytest.mark.parametrize("subject", ['a"b', "a\\", '","subject":"x', "\u00e9\n", "", '\\"'])
async def test_a_subject_may_be_any_text(store: EventStore, subject: str) -> None:
    await append(store, "thing-1", told(subject, {"$sealed": "x", "subject": "y"}), 0)
    [read] = await store.read_stream("thing-1")
    assert read.event.about == Sealed(subject, {"$sealed": "x", "subject": "y"})


async def test_what_is_sealed_is_nowhere_in_the_clear(place: Place, store: EventStore) -> None:
    await append(store, "thing-1", told("person-1", SECRET), 0)
    stored = await place.every_byte()
    assert b"person-1" in stored  # so it is the right place to look
    assert SECRET.encode() not in stored
    assert b64encode(orjson.dumps(SECRET)) not in stored


async def test_what_was_sealed_reads_as_none_after_its_key_is_destroyed(store: EventStore) -> None:
    await append(store, "thing-1", [*told("person-1", 1), *told("person-2", 2)], 0)
    assert await values(store) == [1, 2]
    assert await store.destroy_key("person-1")
    assert await values(store) == [None, 2]
    assert not await store.destroy_key("person-1")
    assert not await store.destroy_key("nobody")


async def test_a_key_destroyed_by_one_process_is_gone_for_the_other(place: Place) -> None:
    here, there = await place.open(), await place.open()
    try:
        await append(here, "thing-1", told("person-1", SECRET), 0)
        assert await values(there) == [SECRET]
        await here.destroy_key("person-1")
        assert await values(there) == [None]
    finally:
        await here.close()
        await there.close()


async def test_destroying_a_key_leaves_the_chain_whole(store: EventStore) -> None:
    await append(store, "thing-1", told("person-1", SECRET), 0)
    await store.destroy_key("person-1")
    await append(store, "thing-2", happened(2), 0)
    assert await verify(store) is None


async def test_a_destroyed_key_leaves_no_bytes_behind(place: Place, store: EventStore) -> None:
    await append(store, "thing-1", told("person-1", SECRET), 0)
    [(wrapped,)] = await place.sql("SELECT wrapped FROM sealing_keys")
    assert wrapped[-16:] in await place.every_byte() or repr(wrapped)[2:-1].encode() in (
        await place.every_byte()
    )
    await store.destroy_key("person-1")
    assert wrapped[-16:] not in await place.every_byte()
    assert await place.sql("SELECT wrapped FROM sealing_keys") == [(None,)]


async def test_what_is_sealed_after_the_destruction_is_read_and_the_old_is_not(
    store: EventStore,
) -> None:
    await append(store, "thing-1", told("person-1", "old"), 0)
    await store.destroy_key("person-1")
    await append(store, "thing-1", told("person-1", "new"), 1)
    assert await values(store) == [None, "new"]


async def test_nothing_sealed_needs_no_key(place: Place, store: EventStore) -> None:
    await append(store, "thing-1", told("person-1", None), 0)
    assert await values(store) == [None]
    assert await place.sql("SELECT * FROM sealing_keys") == []


async def test_a_refused_append_leaves_no_key(place: Place, store: EventStore) -> None:
    await all_at_once(
        append(store, "thing-1", told("person-1", SECRET), 5),
        append(store, "thing-2", told("person-2", SECRET), 0),
    )
    assert await place.sql("SELECT subject FROM sealing_keys") == [("person-2",)]


async def test_one_subject_has_one_key_whoever_writes(place: Place) -> None:
    stores = [await place.open() for _ in range(3)]
    try:
        await all_at_once(
            *(append(s, f"t-{i}", told("person-1", i), 0) for i, s in enumerate(stores * 5))
        )
        assert len(await place.sql("SELECT * FROM sealing_keys")) == 1
        assert None not in await values(stores[0])
    finally:
        for store in stores:
            await store.close()


async def test_another_service_key_opens_nothing(place: Place, store: EventStore) -> None:
    await append(store, "thing-1", told("person-1", SECRET), 0)
    stranger = await place.open(service_key=bytes(reversed(SERVICE_KEY)))
    try:
        with pytest.raises(BrokenSeal):
            await stranger.read_all(0)
    finally:
        await stranger.close()


async def test_a_ciphertext_does_not_open_under_another_subject(
    place: Place, store: EventStore
) -> None:
    await append(store, "thing-1", told("person-1", SECRET), 0)
    await place.sql("UPDATE sealing_keys SET subject = 'person-2'")
    [(data,)] = await place.sql("SELECT data FROM events")
    moved = bytes(data).replace(b"person-1", b"person-2")
    await place.sql(f"UPDATE events SET data = {_literal(place, moved)}")
    with pytest.raises(BrokenSeal):
        await store.read_all(0)


async def test_a_lost_key_is_an_alarm_and_not_an_erasure(place: Place, store: EventStore) -> None:
    await append(store, "thing-1", told("person-1", SECRET), 0)
    await place.sql("DELETE FROM sealing_keys")
    with pytest.raises(BrokenSeal):
        await store.read_all(0)


def test_the_value_does_not_show_in_a_log_line() -> None:
    assert SECRET not in repr(Sealed("person-1", SECRET))


def _literal(place: Place, data: bytes) -> str:
    embedded = len(place.arguments) == 1
    return f"x'{data.hex()}'" if embedded else f"'\\x{data.hex()}'"
