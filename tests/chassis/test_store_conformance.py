"""What both logs owe to every service: the same tests, over both."""

import asyncio
from uuid import uuid4

import pytest

from services.chassis.codec import UnknownEvent
from services.chassis.store import (
    AlreadyRecorded,
    Append,
    EventStore,
    NewEvent,
    StoreUnavailable,
    VersionConflict,
)
from tests.chassis.stores import (
    CONTEXT,
    NOON,
    DistributedPlace,
    Happened,
    Place,
    all_at_once,
    append,
    happened,
)


async def test_what_was_appended_is_read_back(store: EventStore) -> None:
    new = happened(1, 2)
    position = await append(store, "thing-1", new, 0)
    read = await store.read_stream("thing-1")
    assert [recorded.event for recorded in read] == [Happened(number=1), Happened(number=2)]
    assert [recorded.event_id for recorded in read] == [each.event_id for each in new]
    assert {recorded.context for recorded in read} == {CONTEXT}
    assert {recorded.recorded_at for recorded in read} == {NOON}
    assert read[-1].position == position == await store.head()
    assert read == await store.read_all(0)


async def test_versions_are_gapless_and_each_stream_has_its_own(store: EventStore) -> None:
    for version in range(4):
        await append(store, "thing-1", happened(version), version)
        await append(store, "thing-2", happened(version), version)
    for stream in ("thing-1", "thing-2"):
        assert [r.version for r in await store.read_stream(stream)] == [1, 2, 3, 4]


async def test_streams_that_are_asked_for_together_each_have_their_own_answer(
    place: Place, store: EventStore
) -> None:
    names = [f"thing-{number}" for number in range(20)]
    for number, name in enumerate(names):
        await append(store, name, happened(number, number), 0)
        await append(store, name, happened(number), 2)
    alone = [await store.read_stream(name) for name in names]
    assert [len(each) for each in alone] == [3] * len(names)
    await place.sql("UPDATE events SET type = 'Gone' WHERE stream = 'thing-7' AND version = 2")
    asked = (store.read_stream(name) for name in [*names, "thing-x", "thing-1"])
    *together, missing, again = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(together.pop(7), UnknownEvent)
    assert together == [*alone[:7], *alone[8:]]
    assert (missing, again) == ([], alone[1])


async def test_an_empty_log_has_no_head_and_no_streams(store: EventStore) -> None:
    assert await store.head() == 0
    assert await store.read_all(0) == []
    assert await store.read_stream("thing-1") == []


async def test_appends_that_are_asked_for_together_each_have_their_own_answer(
    store: EventStore,
) -> None:
    first = happened(1)
    appends = [
        Append(stream=stream, events=events, expected=expected, context=CONTEXT)
        for stream, events, expected in [
            ("thing-1", first, 0),
            ("thing-2", happened(1), 3),
            ("thing-1", happened(2, 3), 1),
            ("thing-3", first, 0),
            ("thing-4", happened(1), 0),
        ]
    ]
    answers = await store.append_each(appends)
    assert answers[0::2] == [1, 3, 4]
    assert isinstance(answers[1], VersionConflict)
    assert isinstance(answers[3], AlreadyRecorded)
    assert [(r.stream, r.version) for r in await store.read_all(0)] == [
        ("thing-1", 1),
        ("thing-1", 2),
        ("thing-1", 3),
        ("thing-4", 1),
    ]
    assert await store.append_each([]) == []


@pytest.mark.parametrize("expected", [0, 2])
async def test_a_stale_writer_is_refused(store: EventStore, expected: int) -> None:
    await append(store, "thing-1", happened(1), 0)
    with pytest.raises(VersionConflict):
        await append(store, "thing-1", happened(2), expected)
    assert len(await store.read_all(0)) == 1


async def test_of_writers_who_read_the_same_version_one_wins(store: EventStore) -> None:
    answers = await all_at_once(*(append(store, "thing-1", happened(n), 0) for n in range(20)))
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, VersionConflict) for answer in answers) == 19
    assert len(await store.read_stream("thing-1")) == 1


async def test_an_event_is_recorded_once_in_the_whole_log(store: EventStore) -> None:
    new = happened(1)
    await append(store, "thing-1", new, 0)
    for stream, expected in (("thing-1", 0), ("thing-1", 1), ("thing-2", 0)):
        with pytest.raises(AlreadyRecorded):
            await append(store, stream, [*new, *happened(2)], expected)
    assert len(await store.read_all(0)) == 1


async def test_two_copies_in_one_group_are_recorded_once(store: EventStore) -> None:
    new = happened(1)
    first, second = await all_at_once(
        append(store, "thing-1", new, 0), append(store, "thing-2", new, 0)
    )
    assert first == 1
    assert isinstance(second, AlreadyRecorded)


async def test_a_bad_append_never_fails_its_neighbours(store: EventStore) -> None:
    await append(store, "old-1", known := happened(0), 0)
    answers = await all_at_once(
        append(store, "thing-1", happened(1), 0),
        append(store, "thing-1", happened(1), 7),
        append(store, "thing-2", known, 0),
        append(store, "thing-3", [NewEvent(event_id=uuid4(), event=object())], 0),
        append(store, "thing-4", happened(4), 0),
    )
    assert [type(answer) for answer in answers] == [
        int,
        VersionConflict,
        AlreadyRecorded,
        UnknownEvent,
        int,
    ]
    assert [r.stream for r in await store.read_all(0)] == ["old-1", "thing-1", "thing-4"]


async def test_an_append_that_the_database_refuses_fails_alone(place: Place) -> None:
    store = await place.open()
    try:
        answers = await all_at_once(
            append(store, "thing-1", happened(1), 0),
            append(store, "thing-\ud800", happened(2), 0),  # no encoding has half a surrogate
            append(store, "thing-3", happened(3), 0),
        )
        assert isinstance(answers[1], Exception)
        assert not isinstance(answers[1], StoreUnavailable)  # or it would be tried for ever
        assert [r.stream for r in await store.read_all(0)] == ["thing-1", "thing-3"]
    finally:
        await store.close()


async def test_many_appends_of_one_moment_share_a_few_commits(store: EventStore) -> None:
    await all_at_once(*(append(store, f"thing-{n}", happened(n), 0) for n in range(400)))
    read = await store.read_all(0, 1000)
    assert [r.position for r in read] == list(range(1, 401))


async def test_an_append_is_all_or_nothing(store: EventStore) -> None:
    twice = happened(1)
    await append(store, "thing-1", twice, 0)
    with pytest.raises(AlreadyRecorded):
        await append(store, "thing-2", [*happened(5, 6), *twice], 0)
    assert await store.read_stream("thing-2") == []


async def test_an_append_without_events_or_with_one_twice_is_a_mistake(store: EventStore) -> None:
    new = happened(1)
    for events in ([], [*new, *new]):
        with pytest.raises(ValueError, match="append"):
            await append(store, "thing-1", events, 0)


async def test_the_log_is_read_in_pages(store: EventStore) -> None:
    await append(store, "thing-1", happened(*range(25)), 0)
    seen, after = [], 0
    while page := await store.read_all(after, 10):
        assert len(page) <= 10
        seen += [recorded.event.number for recorded in page]
        after = page[-1].position
    assert seen == list(range(25))


async def test_waiting_ends_when_the_log_grows(store: EventStore) -> None:
    waiting = asyncio.create_task(store.wait(0, 30))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await append(store, "thing-1", happened(1), 0)
        await waiting


async def test_who_waits_is_woken_and_need_not_look_again(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.log.POLL", 60)
    await test_waiting_ends_when_the_log_grows(store)


@pytest.mark.distributed
async def test_who_waits_is_woken_by_another_process_as_well(
    postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.log.POLL", 60)
    place = DistributedPlace(postgres_dsn)
    try:
        await test_waiting_ends_when_another_process_appends(place)
    finally:
        await place.remove()


async def test_waiting_ends_when_another_process_appends(place: Place) -> None:
    here, there = await place.open(), await place.open()
    try:
        waiting = asyncio.create_task(here.wait(0, 30))
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await append(there, "thing-1", happened(1), 0)
            await waiting
    finally:
        await here.close()
        await there.close()


async def test_waiting_for_what_is_there_already_ends_at_once(store: EventStore) -> None:
    await append(store, "thing-1", happened(1), 0)
    async with asyncio.timeout(5):
        await store.wait(0, 30)


async def test_waiting_in_vain_ends_in_time(store: EventStore) -> None:
    async with asyncio.timeout(5):
        await store.wait(0, 0.05)


async def test_a_cancelled_append_is_written_whole_or_not_at_all(store: EventStore) -> None:
    tasks = [asyncio.create_task(append(store, f"thing-{n}", happened(1, 2), 0)) for n in range(50)]
    await asyncio.sleep(0.001)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await append(store, "last-1", happened(1), 0)
    for number, task in enumerate(tasks):
        read = await store.read_stream(f"thing-{number}")
        assert len(read) in ({0, 2} if task.cancelled() else {2})


async def test_a_closed_store_says_so(place: Place) -> None:
    store = await place.open()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await append(store, "thing-1", happened(1), 0)
    with pytest.raises(StoreUnavailable):
        await store.read_all(0)
