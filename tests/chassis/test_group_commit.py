"""Does one writer take all that waits, and does nobody wait for ever?"""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest

from services.chassis import group_commit
from services.chassis.codec import Encoded
from services.chassis.group_commit import Answer, GroupWriter, Pending
from services.chassis.store import StoreUnavailable


def pending(number: int) -> Pending:
    event = (uuid4(), Encoded(type="Happened", tree={}, slots=(), plain=b"{}"))
    return Pending(stream=f"thing-{number}", expected=0, events=(event,), context=b"{}")


class Disk:
    """Commits when it is let, and keeps the groups that it was given."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.ready = asyncio.Event()
        self.away = False

    async def commit(self, group: Sequence[Pending]) -> list[Answer]:
        await self.ready.wait()
        self.groups.append([each.stream for each in group])
        if self.away:
            raise StoreUnavailable("away")
        if any(each.stream == "thing-13" for each in group):
            raise ValueError("thirteen")
        return [len(self.groups) for _ in group]


async def test_what_waits_while_one_group_commits_is_the_next_group() -> None:
    disk = Disk()
    writer = GroupWriter(disk.commit, lambda: None)
    first = asyncio.create_task(writer.submit(pending(0)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(writer.submit(pending(n))) for n in range(1, 8)]
    await asyncio.sleep(0)
    disk.ready.set()
    assert await first == 1
    assert await asyncio.gather(*rest) == [2] * 7
    await writer.close()


async def test_a_group_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "GROUP", 10)
    disk = Disk()
    disk.ready.set()
    writer = GroupWriter(disk.commit, lambda: None)
    await asyncio.gather(*(writer.submit(pending(n + 20)) for n in range(25)))
    assert [len(group) for group in disk.groups] == [10, 10, 5]
    await writer.close()


async def test_who_poisons_a_group_hears_of_it_and_the_others_are_written() -> None:
    disk = Disk()
    disk.ready.set()
    writer = GroupWriter(disk.commit, lambda: None)
    answers = await asyncio.gather(
        *(writer.submit(pending(n)) for n in (12, 13, 14)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [int, ValueError, int]
    await writer.close()


async def test_all_that_wait_hear_at_once_that_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group_commit, "GROUP", 2)
    disk = Disk()
    disk.away = True
    disk.ready.set()
    writer = GroupWriter(disk.commit, lambda: None)
    answers = await asyncio.gather(
        *(writer.submit(pending(n)) for n in range(9)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [StoreUnavailable] * 9
    assert len(disk.groups) == 1
    disk.away = False
    assert await writer.submit(pending(0)) == 2
    await writer.close()


async def test_too_many_waiting_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "WAITING", 3)
    disk = Disk()
    writer = GroupWriter(disk.commit, lambda: None)
    waiting = [asyncio.create_task(writer.submit(pending(n))) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(StoreUnavailable):
        await asyncio.gather(*(writer.submit(pending(n)) for n in range(4)))
    disk.ready.set()
    await asyncio.gather(*waiting)
    await writer.close()


async def test_closing_commits_what_waits() -> None:
    disk = Disk()
    disk.ready.set()
    writer = GroupWriter(disk.commit, lambda: None)
    waiting = [asyncio.create_task(writer.submit(pending(n))) for n in range(3)]
    await asyncio.sleep(0)
    await writer.close()
    assert await asyncio.gather(*waiting) == [1, 1, 1]
    with pytest.raises(StoreUnavailable):
        await writer.submit(pending(0))


async def test_who_was_cancelled_while_waiting_is_not_written() -> None:
    disk = Disk()
    writer = GroupWriter(disk.commit, lambda: None)
    tasks = [asyncio.create_task(writer.submit(pending(n))) for n in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    disk.ready.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(answers[1], asyncio.CancelledError)
    assert "thing-1" not in [stream for group in disk.groups for stream in group]
    await writer.close()
