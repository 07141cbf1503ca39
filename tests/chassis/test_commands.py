"""Is a command decided on what is really in the stream, and once for each message?"""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from services.chassis.commands import RETRIES, Commands, Decider
from services.chassis.store import AlreadyRecorded, EventStore, NewEvent, VersionConflict
from tests.chassis.stores import CONTEXT, Happened, append, happened


def decide(command: int, state: int) -> Sequence[Happened]:
    """Count up by `command` single steps, never beyond ten."""
    return [Happened(number=state + step + 1) for step in range(command) if state + step < 10]


def evolve(state: int, event: Happened) -> int:
    assert event.number == state + 1  # nothing was decided on an older state
    return event.number


DECIDER = Decider(initial=0, decide=decide, evolve=evolve)


@pytest.fixture
def commands(store: EventStore) -> Commands[int, int, Happened]:
    return Commands(store, DECIDER)


async def test_a_command_is_decided_on_what_the_stream_says(
    store: EventStore, commands: Commands[int, int, Happened]
) -> None:
    await append(store, "count-1", happened(1, 2), 0)
    assert await commands.handle("count-1", 2, CONTEXT) == (Happened(number=3), Happened(number=4))
    assert [r.event.number for r in await store.read_stream("count-1")] == [1, 2, 3, 4]


class Unread:
    """A store that counts how often a stream is read."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.reads = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def read_stream(self, stream: str) -> object:
        self.reads += 1
        return await self._store.read_stream(stream)


async def test_a_stream_that_is_thought_new_is_read_only_when_it_is_not(store: EventStore) -> None:
    unread = Unread(store)
    commands = Commands(unread, DECIDER)  # type: ignore[arg-type]
    await commands.handle("count-1", 2, CONTEXT, new=True)
    assert unread.reads == 0
    assert await commands.handle("count-1", 1, CONTEXT, new=True) == (Happened(number=3),)
    assert unread.reads == 1
    key = uuid4()
    assert len(await commands.handle("count-2", 1, CONTEXT, key=key, new=True)) == 1
    assert await commands.handle("count-2", 1, CONTEXT, key=key, new=True) == ()


async def test_nothing_decided_is_nothing_recorded(
    store: EventStore, commands: Commands[int, int, Happened]
) -> None:
    await append(store, "count-1", happened(*range(1, 11)), 0)
    assert await commands.handle("count-1", 3, CONTEXT) == ()
    assert len(await store.read_stream("count-1")) == 10


async def test_a_second_copy_of_a_message_changes_nothing(
    store: EventStore, commands: Commands[int, int, Happened]
) -> None:
    key = uuid4()
    assert len(await commands.handle("count-1", 2, CONTEXT, key=key)) == 2
    assert await commands.handle("count-1", 2, CONTEXT, key=key) == ()
    assert len(await commands.handle("count-2", 1, CONTEXT, key=key)) == 1
    assert len(await commands.handle("count-1", 1, CONTEXT)) == 1
    assert await commands.handle("count-1", 1, CONTEXT, key=key) == ()
    assert len(await store.read_stream("count-1")) == 3


async def test_copies_that_come_together_are_recorded_once(
    store: EventStore, commands: Commands[int, int, Happened]
) -> None:
    key = uuid4()
    answers = await asyncio.gather(
        *(commands.handle("count-1", 2, CONTEXT, key=key) for _ in range(6))
    )
    assert sorted(len(answer) for answer in answers) == [0, 0, 0, 0, 0, 2]


async def test_who_comes_second_decides_again_on_the_new_state(
    store: EventStore, commands: Commands[int, int, Happened]
) -> None:
    await asyncio.gather(*(commands.handle("count-1", 1, CONTEXT) for _ in range(RETRIES + 1)))
    assert [r.event.number for r in await store.read_stream("count-1")] == [1, 2, 3, 4]


class Behind:
    """A store in which somebody else always writes first."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.tries = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def append(self, stream: str, events: Sequence[NewEvent], **_: object) -> int:
        self.tries += 1
        raise VersionConflict(stream)


async def test_a_conflict_without_end_is_given_up(store: EventStore) -> None:
    behind = Behind(store)
    with pytest.raises(VersionConflict):
        await Commands(behind, DECIDER).handle("count-1", 1, CONTEXT)  # type: ignore[arg-type]
    assert behind.tries == 1 + RETRIES


async def test_without_a_key_a_known_id_is_a_fault(
    store: EventStore, commands: Commands[int, int, Happened], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.commands.uuid7", lambda: UUID(int=7))
    await commands.handle("count-1", 1, CONTEXT)
    with pytest.raises(AlreadyRecorded):
        await commands.handle("count-1", 1, CONTEXT)
