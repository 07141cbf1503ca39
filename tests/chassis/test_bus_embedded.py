"""What only the bus in a file can do: survive its process, fill up, and be opened by one alone."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.chassis.bus import BusUnavailable
from services.chassis.bus_embedded import EmbeddedBus, open_embedded_bus
from services.chassis.bus_groups import DELIVERY_LIMIT
from services.chassis.message_encoding import raw_body
from tests.chassis.buses import CLOCK, KEY, Away, Poison, Seen, message, numbers, subscribe

PUBLISHER = """
import asyncio, sys
from pathlib import Path
from services.chassis.bus_embedded import open_embedded_bus
from tests.chassis.buses import CLOCK, KEY, Seen, message, subscribe

async def main():
    bus = await open_embedded_bus(Path(sys.argv[1]), clock=CLOCK, key=KEY)
    subscribe(bus, "readers", Seen())
    for number in range(100_000):
        await bus.publish([message(number)])
        print(number, flush=True)

asyncio.run(main())
"""

VICTIM = """
import asyncio, os, signal, sys
from pathlib import Path
from services.chassis.bus_embedded import open_embedded_bus
from tests.chassis.buses import CLOCK, KEY, subscribe

async def die_of_the_third(given):
    if given.body["number"] == 3:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    bus = await open_embedded_bus(Path(sys.argv[1]), clock=CLOCK, key=KEY)
    subscribe(bus, "readers", die_of_the_third)
    await bus.run_once()
    await bus.close()

asyncio.run(main())
"""


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    return tmp_path / "bus.sqlite"


@pytest.fixture
async def bus(path: Path) -> AsyncIterator[EmbeddedBus]:
    opened = await open_embedded_bus(path, clock=CLOCK, key=KEY)
    yield opened
    await opened.close()


async def test_what_was_confirmed_survives_the_sudden_end_of_the_process(path: Path) -> None:
    publisher = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PUBLISHER, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert publisher.stdout
    confirmed = []
    async for line in publisher.stdout:
        confirmed.append(int(line))
        if len(confirmed) == 50:
            publisher.kill()
    await publisher.wait()
    bus = await open_embedded_bus(path, clock=CLOCK, key=KEY)
    seen = Seen()
    subscribe(bus, "readers", seen)
    await bus.run_once()
    await bus.close()
    assert numbers(seen.messages)[: len(confirmed)] == confirmed


async def test_a_message_that_kills_the_process_is_a_dead_letter_in_the_end(path: Path) -> None:
    bus = await open_embedded_bus(path, clock=CLOCK, key=KEY)
    subscribe(bus, "readers", Seen())
    await bus.publish([message(n) for n in range(1, 6)])
    await bus.close()
    for _ in range(DELIVERY_LIMIT):
        victim = await asyncio.create_subprocess_exec(sys.executable, "-c", VICTIM, str(path))
        assert await victim.wait() == -signal.SIGKILL
    bus = await open_embedded_bus(path, clock=CLOCK, key=KEY)
    seen = Seen()
    subscribe(bus, "readers", seen)
    await bus.run_once()
    [dead] = await bus.dead_letters("readers")
    await bus.close()
    assert numbers(seen.messages)[-2:] == [4, 5]
    assert (dead.message.body, dead.reason) == ({"number": 3}, "ProcessKilled")


async def test_what_was_unavailable_waits_through_any_number_of_restarts(path: Path) -> None:
    for _ in range(DELIVERY_LIMIT + 2):
        bus = await open_embedded_bus(path, clock=CLOCK, key=KEY)
        subscribe(bus, "readers", Seen(lambda *_: Away()))
        if _ == 0:
            await bus.publish([message(1)])
        await bus.run_once()
        assert await bus.dead_letters("readers") == []
        await bus.close()
    bus = await open_embedded_bus(path, clock=CLOCK, key=KEY)
    seen = Seen()
    subscribe(bus, "readers", seen)
    await bus.run_once()
    await bus.close()
    assert numbers(seen.messages) == [1]


async def test_dead_letters_survive_a_restart_and_can_be_put_back(path: Path) -> None:
    bus = await open_embedded_bus(path, clock=CLOCK, key=KEY)
    subscribe(bus, "readers", Seen(lambda *_: Poison()))
    await bus.publish([message(1)])
    await bus.run_once()
    await bus.close()
    bus = await open_embedded_bus(path, clock=CLOCK, key=KEY)
    seen = Seen()
    subscribe(bus, "readers", seen)
    assert await bus.redrive("readers") == 1
    await bus.run_once()
    await bus.close()
    assert numbers(seen.messages) == [1]


async def test_a_full_bus_refuses_and_takes_again_when_there_is_room(path: Path) -> None:
    bus = await open_embedded_bus(path, clock=CLOCK, key=KEY, capacity=3)
    subscribe(bus, "readers", Seen())
    await bus.publish([message(n) for n in range(3)])
    with pytest.raises(BusUnavailable):
        await bus.publish([message()])
    await bus.run_once()
    await bus.publish([message()])
    await bus.close()


async def test_publishers_of_one_moment_share_commits(bus: EmbeddedBus) -> None:
    seen = Seen()
    subscribe(bus, "readers", seen)
    await asyncio.gather(*(bus.publish([message(n)]) for n in range(200)))
    assert bus.commits < 20
    await bus.run_once()
    assert sorted(numbers(seen.messages)) == list(range(200))


async def test_a_second_process_cannot_open_the_file(bus: EmbeddedBus, path: Path) -> None:
    with pytest.raises(BusUnavailable):
        await open_embedded_bus(path, clock=CLOCK, key=KEY)


async def test_nobody_reads_a_message_in_the_file(bus: EmbeddedBus, path: Path) -> None:
    subscribe(bus, "readers", Seen())
    await bus.publish([replace(message(), body={"name": "Cat Test"})])
    written = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert b"readers" in written
    assert b"Cat Test" not in written
    assert path.stat().st_mode & 0o077 == 0


async def test_a_disk_that_fails_is_unavailable_and_not_a_lie(
    bus: EmbeddedBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen()
    subscribe(bus, "readers", seen)
    await bus.publish([message(1)])
    await bus.transact(lambda file: file.execute("ALTER TABLE copies RENAME TO elsewhere"))
    with pytest.raises(BusUnavailable):
        await bus.publish([message(2)])
    await bus.transact(lambda file: file.execute("ALTER TABLE elsewhere RENAME TO copies"))
    await bus.publish([message(3)])
    await bus.run_once()
    assert numbers(seen.messages) == [1, 3]


async def test_an_agency_is_heard_and_answered_as_on_the_broker(bus: EmbeddedBus) -> None:
    seen = Seen()
    subscribe(bus, "gate", seen, exchange="agencies")
    body = b'{"not json'
    await bus.publish_as("north-police", "thing.recorded.v1", body, "north-police.answers")
    await bus.publish_as("north-police", "thing.recorded.v1", body, "gate")
    await bus.publish([message(7, exchange="", type="north-police.answers")])
    await bus.run_once()
    first, second = seen.messages
    assert raw_body(first) == body
    assert (first.user_id, first.reply_to) == ("north-police", "north-police.answers")
    assert (second.id, second.reply_to) == (first.id, None)
    assert bus.replies("north-police.answers") == [b'{"number":7}']
