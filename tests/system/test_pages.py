"""Do people get in and read, where pages and services are processes of their own?"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from services.chassis.clock import SystemClock
from services.chassis.settings import Settings
from services.distributed import drop_schemas
from services.mailbox import Mailbox
from services.scenario.people import People
from services.scenario.setting import set_up
from tests.system.processes import Processes, Running, distributed, pages
from tests.system.test_kill import _area, _event, _Place

OPERATOR = "morning@operations.example"


@dataclass
class Deployment:
    running: Running
    front: Processes
    mailbox: Mailbox
    url: str

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=30, trust_env=False)

    async def get(self, browser: httpx.AsyncClient, path: str, status: int = 200) -> str:
        """Asked again until it is answered so: processes take their time to come and go."""
        last = "no answer"
        for _ in range(240):
            try:
                answer = await browser.get(path)
            except httpx.TransportError:
                await asyncio.sleep(0.25)
                continue
            if answer.status_code == status:
                return answer.text
            last = f"{answer.status_code} {answer.headers.get('location', '')}"
            await asyncio.sleep(0.25)
        raise AssertionError(f"{path}: {last}, not {status}; {self.front.died()}")

    async def link(self, to: str, after: int) -> str:
        for _ in range(240):
            for mail in list(self.mailbox.received)[after:]:
                if mail.to == to and (found := re.search(r"/sign-in/\S+", mail.body)):
                    return found.group()
            await asyncio.sleep(0.25)
        raise AssertionError(f"no link came: {self.front.died()}")

    async def sign_in(self, browser: httpx.AsyncClient, email: str) -> None:
        before = len(self.mailbox.received)
        assert (await browser.post("/sign-in", data={"email": email})).status_code == 200
        answer = await browser.post(await self.link(email, before))
        assert (answer.status_code, answer.headers["location"]) == (303, "/start")


@pytest.fixture
async def deployment(postgres_dsn: str, broker_url: str) -> AsyncIterator[Deployment]:
    namespace = f"pages_{secrets.token_hex(4)}"
    mailbox = Mailbox(SystemClock())
    smtp_port = await mailbox.start()
    running = distributed(postgres_dsn, broker_url, namespace, smtp_port)
    front, url = pages(running, postgres_dsn, namespace, smtp_port, OPERATOR)
    for service in ("directory", "consent", "notify"):
        await asyncio.to_thread(running.processes.run, service, "migrate")
    running.processes.start()
    front.start()
    try:
        await set_up(_Place(running, "http://127.0.0.1:9"), _area(), {}, People())
        yield Deployment(running, front, mailbox, url)
    finally:
        front.stop()
        await running.close()
        await mailbox.stop()
        await drop_schemas(Settings(database_url=postgres_dsn), namespace)
        connection = await asyncpg.connect(postgres_dsn)
        await connection.execute(f'DROP SCHEMA IF EXISTS "{namespace}_front" CASCADE')
        await connection.close()


async def _read(deployment: Deployment, browser: httpx.AsyncClient) -> str:
    """The path of the one notification of the inbox."""
    for _ in range(240):
        found = re.search(r"/inbox/[0-9a-f-]{36}", await deployment.get(browser, "/inbox"))
        if found:
            return found.group()
        await asyncio.sleep(0.25)
    raise AssertionError("nothing came to the inbox")


def _opened(told: Any) -> dict[str, Any]:
    steps = [
        step
        for decision in told["decisions"]
        for one in decision["notifications"]
        for step in one["steps"]
        if step["what"] == "opened"
    ]
    assert len(steps) == 1, told
    return dict(steps[0])


@pytest.mark.timeout(300)
async def test_people_sign_in_and_read_and_are_told_when_a_service_is_away(
    deployment: Deployment,
) -> None:
    event: dict[str, Any] = _event(0)
    answer = await deployment.running.request(
        "POST",
        "/notify/v1/events",
        agency="north-police",
        json=event,
        headers={"content-type": "application/cloudevents+json"},
    )
    assert answer.status_code == 202, answer.text
    async with deployment.browser() as dsl, deployment.browser() as operator:
        await deployment.get(dsl, "/health/ready")
        await deployment.sign_in(dsl, "dsl@alder.example")
        notification = await _read(deployment, dsl)
        await deployment.get(dsl, notification)
        (receipt,) = [one["receipt"] for one in answer.json()["accepted"]]
        told = await deployment.running.request("GET", f"/notify/v1/why/{receipt}")
        assert {"what": "opened", "by": "alder-dsl"}.items() <= _opened(told.json()).items()
        await deployment.sign_in(operator, OPERATOR)
        await deployment.get(operator, "/morning")

        for service in ("notify api", "directory api"):
            deployment.running.processes.kill(service)
            away = await deployment.get(dsl, "/inbox", 503)
            assert "not available now" in away
            deployment.running.processes.start(service)
            await deployment.get(dsl, "/inbox")

        deployment.front.kill("front")
        deployment.front.start()
        await deployment.get(dsl, "/inbox")  # the session is not the process's

        deployment.running.processes.kill("consent api")
        await deployment.get(dsl, "/inbox")
