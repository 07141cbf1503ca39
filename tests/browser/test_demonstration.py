"""Can a newcomer watch the night, move its clock and be somebody, in a browser, with one hand?"""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, expect

from services.chassis.origin import one_origin
from services.commands.demonstrating import Demonstrating, demonstrating

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all
STARTED = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
AXE = Path("node_modules/axe-core/axe.min.js").resolve()
WIDTHS = (320, 1280)


@dataclass
class Night:
    address: str
    demo: Demonstrating


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def night(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Night]:
    """At the opening, with its clock stopped: what is looked at does not change meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        folder = tmp_path_factory.mktemp("night")
        async with demonstrating(folder, STARTED, public_url=address) as demo:
            await demo.demonstration.director.play_until(demo.demonstration.days.evening)
            demo.demonstration.pace.pause()
            async with _served(demo, listening):
                yield Night(address, demo)


class _served:  # noqa: N801 - a context, used like a function
    def __init__(self, demo: Demonstrating, listening: socket.socket) -> None:
        services = demo.house.house.services.items()
        app = one_origin({name: one.app for name, one in services}, front=demo.pages.app)
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        self._supervisors = demo.supervisors()
        self._listening = listening

    async def __aenter__(self) -> None:
        for one in self._supervisors:
            await one.start()
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listening]))

    async def __aexit__(self, *_: Any) -> None:
        self._server.should_exit = True
        await self._serving
        for one in self._supervisors:
            await one.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, night: Night) -> AsyncIterator[Page]:
    """Nothing may be complained of: the policy for content is strict, and the page keeps it."""
    context = await browser.new_context(base_url=night.address)
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    opened.on("pageerror", lambda error: complaints.append(error.message))
    yield opened
    await context.close()
    assert complaints == []


async def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, and its good practices."""
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run()")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


async def sign_in(page: Page, role: str, email: str) -> None:
    await page.goto("/")
    await page.get_by_role("button", name=role).click()
    await page.get_by_role("main").get_by_role("link", name="development mailbox").click()
    await expect(page).to_have_url("/demonstration/mailbox")
    newest = page.get_by_role("table", name="Sign-in links").get_by_role("link", name=email).first
    while not await newest.count():
        await page.goto("/demonstration/mailbox")
    await newest.click()
    await page.get_by_role("main").get_by_role("link", name="Sign in").click()
    await page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/demonstration/mailbox", "/sign-in"])
async def test_it_fits_and_axe_finds_nothing(page: Page, path: str, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 640})
    await page.goto(path)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) <= 0
    assert await violations(page) == []


async def test_the_clock_stands_on_every_page_and_can_be_moved(page: Page, night: Night) -> None:
    await page.goto("/sign-in")
    banner = page.get_by_role("region", name="Demonstration")
    await expect(banner).to_contain_text("Sunday 22 November 2026 at 5:00pm")
    await expect(banner).to_contain_text("the clock is stopped")
    await page.get_by_role("link", name="What is happening").click()
    await page.get_by_role("button", name="what happens next").click()
    first = page.locator("#demo-lines li").first
    await expect(first).to_contain_text("Sunday 5:14pm", timeout=20_000)
    await expect(page.get_by_role("region", name="Demonstration")).to_contain_text("5:14pm")


async def test_a_reader_who_points_at_the_list_keeps_it(page: Page, night: Night) -> None:
    await page.goto("/")
    await page.locator("#demo-lines li").nth(2).hover()
    before = await page.locator("#demo-lines").inner_text()
    leap = page.request.post(
        f"{night.address}/demonstration/clock", form={"do": "leap:next", "back": "/"}
    )
    await leap
    await expect(page.locator("#demo-more")).to_be_visible(timeout=20_000)
    assert await page.locator("#demo-lines").inner_text() == before
    await page.locator("#demo-more").click()
    assert await page.locator("#demo-lines").inner_text() != before


async def test_the_operator_signs_in_by_the_mailbox_and_reads_why(page: Page) -> None:
    await sign_in(page, "The operator", "operator@daybreak.example")
    await expect(page).to_have_url("/morning")
    await page.goto("/")
    await page.get_by_role("link", name="Decided: ").first.click()
    assert "/events/" in page.url
    await expect(page.get_by_role("main")).to_contain_text("Northshire")


async def test_without_signing_in_a_line_says_who_may_see_why(page: Page) -> None:
    await page.goto("/")
    await page.get_by_role("link", name="Decided: ").first.click()
    await expect(page.get_by_role("button", name="Be the operator")).to_be_visible()
    assert await violations(page) == []


async def test_the_police_record_an_incident_and_see_what_was_decided(page: Page) -> None:
    await sign_in(page, "Northshire Police", "desk@north-police.example")
    await page.get_by_role("link", name="Record an incident").click()
    await expect(page).to_have_url("/demonstration/record")
    assert await violations(page) == []
    await page.get_by_label("High").check()
    await page.get_by_role("button", name="Record it").click()
    assert "/events/" in page.url
    await expect(page.get_by_role("main")).to_contain_text("MARAC")


async def test_who_is_no_police_cannot_record_one(page: Page, night: Night) -> None:
    await sign_in(page, "Ada Test", "dsl@alder.example")
    await expect(page).to_have_url("/inbox")
    answer = await page.request.get(f"{night.address}/demonstration/record")
    assert answer.status == 404


async def test_without_scripts_the_clock_stops_and_runs(browser: Browser, night: Night) -> None:
    context = await browser.new_context(java_script_enabled=False, base_url=night.address)
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_role("button", name="Let the clock run").click()
    await page.get_by_role("button", name="Stop the clock").click()
    await expect(page.get_by_role("button", name="Let the clock run")).to_be_visible()
    assert await page.locator("#demo-following").is_hidden()
    await context.close()
