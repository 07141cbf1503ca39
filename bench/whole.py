"""The whole product at work: its own roles in processes of their own, from HTTP to the webhook.

Four webhooks follow from each incident: two children, each told of to its school and to social
care. What was accepted, raised, delivered and recorded is counted in the log itself.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import aiohttp
import asyncpg
import orjson

from bench import percentiles
from bench.area import Town, incidents, stand
from bench.doors import EVENTS_PATH
from bench.houses import Distributed, distributed
from bench.processes import running
from bench.receiver import Desk, Receiver, receiving, with_secrets
from bench.row import CannotMeasure, Place, Sample
from bench.shifted import ShiftedClock, ahead
from services.assembly import House
from services.chassis.settings import schema_name
from services.doors import Doors
from tests.servers.machine import free_port

WEBHOOKS = 4  # of one incident
TOWN = Town(schools=40, pupils_each=50)
_ROLES = (("notify", "worker"), ("consent", "worker"), ("consent", "api"))
_CONNECTIONS = 16
_PATIENCE = 240.0


@dataclass(kw_only=True)
class Whole:
    """Running. `rate` is how many incidents a second it took in the last round."""

    port: int
    house: Distributed
    receiver: Receiver
    log: "asyncpg.Connection[Any]"
    clock: ShiftedClock
    http: aiohttp.ClientSession = field(repr=False)
    rate: float = 4.0

    def __post_init__(self) -> None:
        self._events = f'"{schema_name(self.house.settings.namespace, "notify")}".events'
        self._incidents = incidents(TOWN, self.clock.now())

    async def run(self, seconds: float) -> Sample:
        """As many as it works off in about so long, all posted at once; incidents a second."""
        number = max(20, int(self.rate * seconds))
        before = await self._begin()
        began = time.perf_counter()
        gate = asyncio.Semaphore(_CONNECTIONS)

        async def one(body: bytes) -> None:
            async with gate:
                await self.post(body)

        await asyncio.gather(*map(one, self.bodies(number)))
        return await self._end(number, before, began)

    async def at_a_rate(self, rate: float, seconds: float) -> Sample:
        """So many incidents a second. `value`: median delay of a webhook in ms."""
        number = max(10, int(rate * seconds))
        before = await self._begin()
        began, posts = time.perf_counter(), []
        for place, body in enumerate(self.bodies(number)):
            await asyncio.sleep(began + place / rate - time.perf_counter())
            posts.append(asyncio.create_task(self.post(body)))
        await asyncio.gather(*posts)
        sample = await self._end(number, before, began)
        also = {"p99 ms": sample.also["p99 ms"], "events/s": rate}
        return Sample(value=sample.also["p50 ms"], counts=sample.counts, also=also)

    def bodies(self, number: int) -> list[bytes]:
        return [orjson.dumps(event) for event in islice(self._incidents, number)]

    async def post(self, body: bytes) -> None:
        headers = {
            "authorization": f"Bearer {self.house.token}",
            "content-type": "application/cloudevents+json",
        }
        url = f"http://127.0.0.1:{self.port}{EVENTS_PATH}"
        async with self.http.post(url, data=body, headers=headers) as answer:
            if answer.status != 202:
                raise CannotMeasure(f"not accepted: {answer.status} {await answer.text()}")

    async def _begin(self) -> int:
        await self.receiver.reset()
        return int(
            await self.log.fetchval(f"SELECT coalesce(max(position), 0) FROM {self._events}")
        )

    async def _end(self, number: int, before: int, began: float) -> Sample:
        """When the last attempt is in the log."""
        wanted = number * WEBHOOKS
        await self.receiver.arrived(wanted, within=_PATIENCE)
        until = time.perf_counter() + 10
        while (found := await self._found(before)).get("WebhookAttempted", 0) < wanted:
            if time.perf_counter() > until:
                break
            await asyncio.sleep(0.05)
        took = time.perf_counter() - began
        counts = {
            "accepted x4": wanted,
            "stored x4": WEBHOOKS * found.get("EventOffered", 0),
            "raised": found.get("NotificationRaised", 0),
            "delivered": (await self.receiver.counts()).delivered,
            "recorded": found.get("WebhookAttempted", 0),
        }
        await self._told(before, wanted)
        self.rate = number / took
        also = {"webhooks/s": wanted / took, **percentiles.shown(await self._delays(before))}
        return Sample(value=number / took, counts=counts, also=also)

    async def _found(self, before: int) -> dict[str, int]:
        query = f"SELECT type, count(*) FROM {self._events} WHERE position > $1 GROUP BY type"
        return {row[0]: row[1] for row in await self.log.fetch(query, before)}

    async def _told(self, before: int, wanted: int) -> None:
        """What follows from a webhook that went is work of this round too, but not of its time."""
        until = time.perf_counter() + 30
        while (await self._found(before)).get("NotificationAnnounced", 0) < wanted:
            if time.perf_counter() > until:
                raise CannotMeasure("what was delivered is not noted as announced")
            await asyncio.sleep(0.1)

    async def _delays(self, before: int) -> list[float]:
        """From the reservation in intake's log to the record of the attempt."""
        query = f"SELECT type, data, recorded_at FROM {self._events} WHERE position > $1"
        offered: dict[str, datetime] = {}
        receipts: dict[str, str] = {}
        attempts: list[tuple[str, datetime]] = []
        for kind, data, at in await self.log.fetch(query, before):
            if kind == "EventOffered":
                offered[orjson.loads(data)["receipt"]] = at
            elif kind == "NotificationRaised":
                raised = orjson.loads(data)
                receipts[raised["notification"]] = raised["receipt"]
            elif kind == "WebhookAttempted":
                attempts.append((orjson.loads(data)["notification"], at))
        return [(at - offered[receipts[one]]).total_seconds() for one, at in attempts]


@asynccontextmanager
async def whole(place: Place, desk: Desk) -> AsyncIterator[Whole]:
    """`desk` is that of the receiver to start; it also takes what a baseline sends."""
    shift, secrets = ahead(), dict(desk.secrets)
    clock = ShiftedClock(shift)

    async def furnish(house: House, doors: Doors) -> None:
        secrets.update(await stand(house, doors, TOWN, desk))

    port = free_port()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(distributed(place, clock=clock, furnish=furnish))
        receiver = await stack.enter_async_context(receiving(with_secrets(desk, secrets)))
        environment = {**house.environment, "DAYBREAK_LOG_LEVEL": "warning"}
        for service, role in _ROLES:
            log = place.folder / f"{service}-{role}.log"
            command = ["-m", "bench.shifted", str(shift), service, role]
            listens = free_port() if role == "api" else None
            if listens is not None:
                command += ["--host", "127.0.0.1", "--port", str(listens)]
                environment["DAYBREAK_CONSENT_URL"] = f"http://127.0.0.1:{listens}"
            start = running(command, port=listens, log=log, environment=environment)
            await stack.enter_async_context(start)
        command = ["-m", "bench.shifted", str(shift), "notify", "api"]
        command += ["--host", "127.0.0.1", "--port", str(port)]
        log = place.folder / "notify-api.log"
        start = running(command, port=port, log=log, environment=environment)
        await stack.enter_async_context(start)
        database = await asyncpg.connect(place.dsn)
        stack.push_async_callback(database.close)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Whole(port=port, house=house, receiver=receiver, log=database, clock=clock, http=http)
