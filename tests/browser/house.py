"""A house and its pages on a port of its own, played up to a Monday morning."""

import asyncio
import re
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page

from services.all_in_one import open_front_database
from services.chassis.mail import SmtpSender
from services.chassis.origin import one_origin
from services.chassis.settings import ephemeral_settings
from services.doors import inside
from services.front.site import Front, build_front
from services.mailbox import Mailbox
from services.scenario.people import People
from services.scenario.setting import set_up
from services.scenario.stage import Stage, open_stage
from tests.browser.night import AREA, CORRECTED, LEFT_UNREAD, MORNING, NIGHTS, RETRACTED, START

Json = dict[str, Any]
OPERATOR = "operator@daybreak.example"
GOVERNOR = "governance@daybreak.example"
_OPERATORS = [OPERATOR, f"{GOVERNOR}:information-governance"]
_LINK = re.compile(r"http://\S+/sign-in/\S+")


@dataclass
class Seen:
    """The house as browsers see it. `receipts`: of the events played, by id."""

    address: str
    stage: Stage
    front: Front
    mailbox: Mailbox
    receipts: dict[str, str] = field(default_factory=dict)
    _sessions: dict[str, Any] = field(default_factory=dict)

    async def send(self, event: Json, *, settle: bool = True) -> None:
        source = event["source"].rsplit("/", 1)[-1]
        answer = await self.stage.request(
            "POST",
            "/notify/v1/events",
            agency=source,
            json={**event, "time": self.stage.clock.now().isoformat()},
            headers={"content-type": "application/cloudevents+json"},
        )
        answer.raise_for_status()
        self.receipts[event["id"]] = str(answer.json()["accepted"][0]["receipt"])
        if settle:
            await self.stage.house.settle()

    async def inbox(self, organisation: str) -> list[Json]:
        answer = await self.stage.request("GET", "/notify/v1/inbox", agency=organisation)
        return list(answer.json()["notifications"])

    async def notification(self, organisation: str, event: str, about: str) -> str:
        """The id of what one event told one organisation about one person."""
        receipt = self.receipts[event]
        answer = await self.stage.request("GET", f"/notify/v1/why/{receipt}")
        for decision in answer.json()["decisions"]:
            for told in decision["notifications"]:
                if (decision["about"], told["organisation"]) == (about, organisation):
                    return str(told["notification"])
        raise LookupError(f"{event} tells {organisation} nothing about {about}")

    async def do(
        self, organisation: str, contact: str, path: str, body: Json | None = None
    ) -> None:
        """What a named person of an organisation does through its own system."""
        answer = await self.stage.request(
            "POST" if body is not None else "GET",
            f"/notify/v1/inbox/{path}",
            agency=organisation,
            headers={"X-Daybreak-Contact": contact},
            **({"json": body} if body is not None else {}),
        )
        answer.raise_for_status()
        await self.stage.house.settle()

    async def signed_in(
        self, browser: Browser, email: str, *, script: bool = True, width: int = 1280
    ) -> BrowserContext:
        """A browser of its own for this person, signed in by the link of the mail."""
        if email not in self._sessions:
            context = await browser.new_context()
            await self.sign_in(await context.new_page(), email)
            self._sessions[email] = await context.storage_state()
            await context.close()
        return await browser.new_context(
            storage_state=self._sessions[email],
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
        )

    async def sign_in(self, page: Page, email: str) -> None:
        await page.goto(f"{self.address}/sign-in")
        await page.get_by_label("Work email address").fill(email)
        await page.get_by_role("button", name="Send me a link").click()
        await self.front.workers[0].run_once()
        mail = next(one for one in reversed(self.mailbox.received) if one.to == email)
        link = _LINK.search(mail.body)
        assert link is not None
        await page.goto(link.group())
        await page.get_by_role("button", name="Sign in").click()


@asynccontextmanager
async def seen(until: datetime = MORNING) -> AsyncIterator[Seen]:
    """The area set up, its nights played in through the real doors, and the pages served."""
    with socket.create_server(("127.0.0.1", 0)) as listening, tempfile.TemporaryDirectory() as at:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = ephemeral_settings(None).model_copy(
            update={"public_url": address, "operators": _OPERATORS}
        )
        async with (
            open_stage(on="embedded", start=START, agreements=None, settings=settings) as stage,
            _pages(stage, address, Path(at), listening) as house,
        ):
            await _play(house, until)
            yield house


@asynccontextmanager
async def _pages(
    stage: Stage, address: str, folder: Path, listening: socket.socket
) -> AsyncIterator[Seen]:
    mailbox = Mailbox(stage.clock)
    port = await mailbox.start()
    database = await open_front_database(folder)
    clients = {
        name: httpx.AsyncClient(transport=way, base_url=f"http://{name}")
        for name, way in inside(stage.house).items()
    }
    settings = stage.settings.model_copy(update={"public_url": address, "operators": _OPERATORS})
    front = build_front(
        clients=clients,
        database=database,
        clock=stage.clock,
        settings=settings,
        mail=SmtpSender("127.0.0.1", port, settings.smtp_from),
    )
    app = one_origin({}, front=front.app)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield Seen(address, stage, front, mailbox)
    finally:
        server.should_exit = True
        await serving
        for client in clients.values():
            await client.aclose()
        await database.close()
        await mailbox.stop()


async def _read_by_social_care(house: Seen) -> None:
    for item in await house.inbox("north-csc"):
        if item["state"] in ("scheduled", "announced"):
            await house.do("north-csc", "north-duty", item["id"])


async def _play(house: Seen, until: datetime) -> None:
    stage = house.stage
    await set_up(stage, AREA, {}, People())
    for at, event in NIGHTS:
        await stage.advance(datetime.fromisoformat(at))
        await house.send(event)
        if event["id"] not in LEFT_UNREAD:
            await stage.advance(datetime.fromisoformat(at) + timedelta(minutes=20))
            await _read_by_social_care(house)
    await stage.advance(until - timedelta(minutes=40))
    fin = await house.notification("alder", "n-3", "c4")
    body = {"by": "alder-dsl", "outcome": "supported-silently"}
    await house.do("alder", "alder-dsl", f"{fin}/acknowledge", body)
    for number, about in (("n-7", "c5"), ("n-4", "c3"), ("n-2", "c1"), ("n-2", "c2")):
        await house.do("alder", "alder-dsl", await house.notification("alder", number, about))
    await house.send(RETRACTED)
    await house.send(CORRECTED)
    await stage.advance(until)
