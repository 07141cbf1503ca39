"""Whatever is killed and whenever: what was accepted reaches each recipient once.

The product's real processes are killed with SIGKILL at random moments, and the broker and the
database of the distributed deployment go away, while events come in. A publisher repeats what was
not answered, as every publisher has to.
"""

import asyncio
import json
import random
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.chassis.clock import SystemClock
from services.chassis.settings import Settings
from services.distributed import drop_schemas
from services.mailbox import Mailbox
from services.scenario.faults import Switch
from services.scenario.people import People
from services.scenario.receivers import Receiver
from services.scenario.setting import set_up
from services.scenario.story import Area
from tests.chassis.proxy import Proxy
from tests.system.processes import Running, distributed, embedded

EVENTS = 30
FAULTS = 6
SCHOOLS = ("alder", "birch", "cedar")
Fault = Callable[[random.Random], Awaitable[None]]


class Wire(Proxy):
    """A wire to a server that can be away for a while."""

    away = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            writer.transport.abort()
            return
        await super().serve(reader, writer)

    async def go_away(self, seconds: float) -> None:
        self.away = True
        await self.cut()
        await asyncio.sleep(seconds)
        self.away = False


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[tuple[Wire, str]]:
    parts = urlsplit(url)
    wire = Wire(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield wire, url.replace(f":{parts.port}", f":{port}", 1)
    finally:
        server.close()
        await wire.close()


class _Settled:
    """The set-up asks the house to settle; here its processes do that by themselves."""

    clock = SystemClock()

    async def settle(self) -> int:
        return 0


class _Place:
    def __init__(self, running: Running, receiver_url: str) -> None:
        self.house: Any = _Settled()
        self.request = running.request
        self.receiver_url = receiver_url

    async def issue(self, agency: str) -> None:
        await self.request("GET", "/directory/v1/organisations", agency=agency)


def _area() -> Area:
    organisations: list[dict[str, Any]] = [
        {"id": "north-police", "kind": "police", "police_area": "E23000099"},
        {"id": "north-csc", "kind": "childrens-social-care", "local_authority": "E06000999"},
    ]
    organisations += [
        {
            "id": school,
            "kind": "school",
            "urn": f"90000{number}",
            "local_authority": "E06000999",
            "contacts": [
                {
                    "id": f"{school}-dsl",
                    "role": "designated-safeguarding-lead",
                    "given_name": "Ada",
                    "family_name": "Test",
                    "email": f"dsl@{school}.example",
                }
            ],
        }
        for number, school in enumerate(SCHOOLS)
    ]
    return Area.model_validate(
        {"organisations": organisations, "endpoints": [{"organisation": "north-csc"}]}
    )


def _event(number: int) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    home = {"kind": "home", "local_authority": "E06000999", "police_area": "E23000099"}
    return {
        "specversion": "1.0",
        "type": "police.incident.recorded.v1",
        "source": "/agencies/north-police",
        "id": f"e-{number}",
        "time": now,
        "datacontenttype": "application/json",
        "data": {
            "reference": f"SYN-{number}",
            "occurred_at": now,
            "believed_at": now,
            "category": "domestic-abuse",
            "grading": "standard",
            "intent": "inform",
            "parties": {"harmed": "a", "other": ["b"]},
            "people": [
                {"ref": "a", "given_name": "Hope", "family_name": "Test"},
                {"ref": "b", "given_name": "Otto", "family_name": "Test"},
                {
                    "ref": f"child-{number}",
                    "given_name": f"Cat{number}",
                    "family_name": "Test",
                    "date_of_birth": "2016-05-01",
                    "addresses": [home],
                    "education": [{"status": "registered", "urn": f"90000{number % 3}"}],
                    "relationships": [{"to": "a", "kind": "child"}],
                },
            ],
            "children": [
                {
                    "ref": f"child-{number}",
                    "presence": "present",
                    "spoken_to": {"outcome": "not-spoken-to", "reason_not": "asleep"},
                }
            ],
            "circumstances": {"kinds": ["verbal"]},
            "childrens_services_informed": False,
        },
    }


async def _publish(running: Running, event: dict[str, Any]) -> None:
    answer = await running.request(
        "POST",
        "/notify/v1/events",
        agency="north-police",
        json=event,
        headers={"content-type": "application/cloudevents+json"},
    )
    assert answer.status_code == 202, answer.text


async def _disturb(faults: list[Fault], chance: random.Random) -> None:
    for _ in range(FAULTS):
        await asyncio.sleep(chance.uniform(0.2, 1.5))
        await chance.choice(faults)(chance)


async def _inbox(running: Running, organisation: str) -> list[str]:
    answer = await running.request("GET", "/notify/v1/inbox", agency=organisation)
    return sorted(one["about"] for one in answer.json()["notifications"])


async def _until(condition: Callable[[], Awaitable[bool]], what: str, seconds: int = 100) -> None:
    for _ in range(seconds * 2):
        if await condition():
            return
        await asyncio.sleep(0.5)
    raise AssertionError(what)


async def _tell_a_night(
    running: Running, faults: list[Fault], receiver: Receiver, url: str
) -> None:
    chance = random.Random(secrets.randbits(32))  # noqa: S311 - any night will do
    await set_up(_Place(running, url), _area(), {}, People())
    disturbing = asyncio.create_task(_disturb(faults, chance))
    for number in range(EVENTS):  # spread over the faults, whatever time they take
        await _publish(running, _event(number))
        if not disturbing.done():
            await asyncio.sleep(0.4)
    await disturbing

    everybody = sorted(f"child-{number}" for number in range(EVENTS))

    async def all_told() -> bool:
        at_schools = [child for school in SCHOOLS for child in await _inbox(running, school)]
        return len(at_schools) >= EVENTS and len(await _inbox(running, "north-csc")) >= EVENTS

    async def all_rung() -> bool:
        return len(_ids_by_notification(receiver)) >= EVENTS

    await _until(all_told, "not everything that was accepted has arrived")
    await _until(all_rung, "not every notification has been sent to the endpoint")
    assert await _inbox(running, "north-csc") == everybody
    for number, school in enumerate(SCHOOLS):
        expected = sorted(f"child-{child}" for child in range(EVENTS) if child % 3 == number)
        assert await _inbox(running, school) == expected
    ids = _ids_by_notification(receiver)
    assert len(ids) == EVENTS
    assert all(len(one) == 1 for one in ids.values()), "a duplicate under another id"


def _ids_by_notification(receiver: Receiver) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for arrival in receiver.arrivals:
        headers = {name.lower(): value for name, value in arrival.headers.items()}
        found[json.loads(arrival.body)["notification"]].add(headers["webhook-id"])
    return found


@pytest.fixture
async def receivers() -> AsyncIterator[tuple[int, Receiver, str]]:
    mailbox, receiver = Mailbox(SystemClock()), Receiver(SystemClock(), Switch())
    smtp_port, port = await mailbox.start(), await receiver.start()
    yield smtp_port, receiver, f"http://127.0.0.1:{port}"
    await receiver.stop()
    await mailbox.stop()


@pytest.mark.timeout(420)
async def test_embedded_loses_nothing_when_it_is_killed(
    tmp_path: Path, receivers: tuple[int, Receiver, str]
) -> None:
    smtp_port, receiver, url = receivers
    running = embedded(tmp_path / "data", smtp_port)

    async def kill(chance: random.Random) -> None:
        running.processes.kill_one(chance)
        await running.answering()

    running.processes.start()
    try:
        await _tell_a_night(running, [kill], receiver, url)
    finally:
        await running.close()


@pytest.mark.timeout(420)
async def test_distributed_loses_nothing_when_anything_is_killed_or_away(
    postgres_dsn: str, broker_url: str, receivers: tuple[int, Receiver, str]
) -> None:
    smtp_port, receiver, url = receivers
    namespace = f"kill_{secrets.token_hex(4)}"
    async with AsyncExitStack() as stack:
        database, dsn = await stack.enter_async_context(wire_to(postgres_dsn))
        broker, amqp = await stack.enter_async_context(wire_to(broker_url))
        running = distributed(dsn, amqp, namespace, smtp_port)

        async def kill(chance: random.Random) -> None:
            running.processes.kill_one(chance)
            await running.answering()

        async def no_database(chance: random.Random) -> None:
            await database.go_away(chance.uniform(1, 4))

        async def no_broker(chance: random.Random) -> None:
            await broker.go_away(chance.uniform(1, 4))

        for service in ("directory", "consent", "notify"):
            await asyncio.to_thread(running.processes.run, service, "migrate")
        running.processes.start()
        try:
            await _tell_a_night(running, [kill, kill, no_database, no_broker], receiver, url)
        finally:
            await running.close()
            await drop_schemas(Settings(database_url=postgres_dsn), namespace)
