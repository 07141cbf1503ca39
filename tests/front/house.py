"""The pages over a whole house, with a letter box that can be down, and browsers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from sqlalchemy import select

from services.all_in_one import open_front_database
from services.chassis.assertions import Assertions
from services.chassis.clock import ManualClock
from services.chassis.database import Database, open_database
from services.chassis.mail import Mail, MailRefused, MailUnavailable
from services.chassis.principals import Principal
from services.doors import inside
from services.front import tables
from services.front.site import Front, build_front
from services.scenario.stage import Stage, open_stage
from tests.consent.story import incident

HOUSE_TIME = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
REAL_TIME = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # the house of a demonstration is elsewhere
DSL, DEPUTY, OFFICER = "dsl@alder.example", "deputy@alder.example", "desk@north-police.example"
SHARED = "both@trust.example"  # listed by two schools
OPERATOR = "morning@operations.example"
GOVERNOR = "governance@operations.example:information-governance"
AREA: dict[str, dict[str, Any]] = {
    "alder": {
        "kind": "school",
        "name": "Alder Primary School",
        "contacts": [
            {"id": "alder-dsl", "role": "designated-safeguarding-lead", "email": DSL},
            {"id": "alder-deputy", "role": "deputy", "email": DEPUTY},
            {"id": "alder-head", "role": "head", "email": SHARED},
        ],
    },
    "birch": {
        "kind": "school",
        "name": "Birch Academy",
        "contacts": [{"id": "birch-head", "role": "head", "email": SHARED}],
    },
    "north-police": {
        "kind": "police",
        "name": "North Police",
        "police_area": "E23000099",
        "contacts": [{"id": "desk", "role": "desk", "email": OFFICER}],
    },
}


@dataclass
class LetterBox:
    mails: list[Mail] = field(default_factory=list)
    down: bool = False
    refusing: bool = False
    after_taking: bool = False  # it takes the mail, and the answer is lost

    async def send(self, mail: Mail) -> None:
        if self.refusing:
            raise MailRefused("550")
        if self.down and not self.after_taking:
            raise MailUnavailable("down")
        self.mails.append(mail)
        if self.after_taking:
            raise MailUnavailable("no answer")

    @property
    def links(self) -> list[str]:
        """Their paths, the newest last."""
        found = [line for mail in self.mails for line in mail.text.splitlines() if "://" in line]
        return [f"/{line.split('/', 3)[3]}" for line in found]


@dataclass
class Way(httpx.AsyncBaseTransport):
    """To one service: counted, and away when a test says so."""

    inner: httpx.AsyncBaseTransport
    calls: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    away: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        self.tokens.append(request.headers["authorization"].removeprefix("Bearer "))
        if self.away:
            raise httpx.ConnectError("away")
        return await self.inner.handle_async_request(request)


@dataclass
class Door:
    stage: Stage
    front: Front
    letters: LetterBox
    real: ManualClock
    database: Database
    ways: dict[str, Way]
    again: Any  # builds the pages once more, over the same database
    url: str = "http://pages"

    def browser(self, app: Any = None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app or self.front.app)
        return httpx.AsyncClient(transport=transport, base_url=self.url)

    async def deliver(self) -> None:
        while sum([await worker.run_once() for worker in self.front.workers]):
            pass

    async def asked(self, browser: httpx.AsyncClient, email: str = DSL) -> str:
        """The path of a new link."""
        before = len(self.letters.links)
        assert (await browser.post("/sign-in", data={"email": email})).status_code == 200
        await self.deliver()
        (new,) = self.letters.links[before:]
        return new

    async def signed_in(self, email: str = DSL) -> httpx.AsyncClient:
        browser = self.browser()
        answer = await browser.post(await self.asked(browser, email))
        assert answer.status_code == 303, answer.text
        return browser

    def asked_as(self, service: str) -> Principal:
        """As whom the pages asked last."""
        assertions = Assertions(self.stage.settings.service_token)
        principal = assertions.principal(self.ways[service].tokens[-1])
        assert principal is not None
        return principal

    async def directory(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.stage.request(method, f"/directory/v1/organisations/{path}", **more)
        assert answer.is_success, answer.text
        return answer.json()

    async def recorded(self, reference: str, **more: Any) -> None:
        """An incident of the force in the directory here, worked to its end."""
        moment = HOUSE_TIME.isoformat()
        body = {
            "specversion": "1.0",
            "id": reference,
            "source": "/agencies/north-police",
            "type": "police.incident.recorded.v1",
            "time": moment,
            "datacontenttype": "application/json",
            "data": incident(reference=reference, believed_at=moment, **more),
        }
        answer = await self.stage.request(
            "POST",
            "/notify/v1/events",
            agency="north-police",
            json=body,
            headers={"content-type": "application/cloudevents+json"},
        )
        assert answer.status_code == 202
        await self.stage.house.settle()

    async def contact(self, organisation: str, contact: str, **changes: Any) -> None:
        (known,) = [c for c in AREA[organisation]["contacts"] if c["id"] == contact]
        body = {"given_name": "Kit", "family_name": "Test", **known, **changes}
        await self.directory("PUT", f"{organisation}/contacts/{contact}", json=body)

    async def kept(self) -> str:
        """Everything that stands in the database of the pages."""
        async with self.database.reading() as tx:
            rows = [
                tuple(row)
                for table in (tables.LINKS, tables.SESSIONS)
                for row in await tx.execute(select(table))
            ]
        return repr(rows)


@asynccontextmanager
async def open_door(
    folder: Path, dsn: str | None = None, *, public_url: str = "http://pages"
) -> AsyncIterator[Door]:
    """`dsn`: the sessions are kept there, and otherwise in `folder`."""
    real, letters = ManualClock(REAL_TIME), LetterBox()
    async with (
        open_stage(on="embedded", start=HOUSE_TIME, agreements=None) as stage,
        AsyncExitStack() as stack,
    ):
        settings = stage.settings.model_copy(
            update={"operators": [OPERATOR.upper(), GOVERNOR], "public_url": public_url}
        )
        ways = {name: Way(inner) for name, inner in inside(stage.house).items()}
        clients = {
            name: httpx.AsyncClient(transport=way, base_url=f"http://{name}")
            for name, way in ways.items()
        }
        database = await _database(folder, dsn, stack)
        stack.push_async_callback(database.close)

        def again(**changes: Any) -> Front:
            return build_front(
                clients=clients,
                database=database,
                clock=stage.house.clock,
                settings=settings.model_copy(update=changes),
                mail=letters,
                real_time=real,
            )

        door = Door(stage, again(), letters, real, database, ways, again, public_url)
        for name, body in AREA.items():
            await door.directory(
                "PUT", name, json={k: v for k, v in body.items() if k != "contacts"}
            )
            for contact in body["contacts"]:
                await door.contact(name, contact["id"])
        await stage.house.settle()
        yield door
        for client in clients.values():
            await client.aclose()


async def _database(folder: Path, dsn: str | None, stack: AsyncExitStack) -> Database:
    if dsn is None:
        return await open_front_database(folder)
    schema = f"t{uuid4().hex[:12]}"
    stack.push_async_callback(_drop, dsn, schema)
    database = await open_database(dsn, schema=schema)
    await database.create(tables.METADATA)
    return database


async def _drop(dsn: str, schema: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    await connection.close()
