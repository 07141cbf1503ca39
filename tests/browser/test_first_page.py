"""Can anybody read the first page: on a small telephone, by keyboard, with scripts switched off?"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all
WIDTHS = (320, 768, 1280)


@dataclass
class Visit:
    """A page that was opened, and all that the browser complained of or asked for meanwhile."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest_asyncio.fixture(params=WIDTHS, loop_scope="session")
async def visit(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> AsyncIterator[Visit]:
    context = await browser.new_context(
        viewport={"width": request.param, "height": 640}, java_script_enabled=True
    )
    visited = Visit(await context.new_page())
    visited.page.on(
        "console",
        lambda said: visited.complaints.append(said.text) if said.type == "error" else None,
    )
    visited.page.on("pageerror", lambda error: visited.complaints.append(error.message))
    visited.page.on("request", lambda asked: visited.requests.append(asked.url))
    await visited.page.goto(address, wait_until="load")
    yield visited
    await context.close()


async def test_the_page_fits_and_nothing_is_cut_off(visit: Visit) -> None:
    overflow = await visit.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


async def test_the_browser_has_nothing_to_complain_of(visit: Visit) -> None:
    assert visit.complaints == []


async def test_nothing_is_asked_of_anybody_else(visit: Visit, address: str) -> None:
    assert f"{address}/static/vendor/pages.css" in visit.requests
    assert [url for url in visit.requests if not url.startswith(f"{address}/")] == []


async def test_the_stylesheet_is_in_force(visit: Visit) -> None:
    """A page whose styles were refused or not built would pass the tests above."""
    heading = visit.page.locator("h1")
    assert await heading.evaluate("element => getComputedStyle(element).fontWeight") == "700"
    assert await heading.evaluate("element => element.className") == "govuk-heading-xl"
    bar = visit.page.locator(".app-header")
    colour = await bar.evaluate("element => getComputedStyle(element).backgroundColor")
    assert colour == "rgb(29, 53, 87)"


async def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    await visit.page.keyboard.press("Tab")
    assert await visit.page.evaluate("document.activeElement.textContent") == (
        "Skip to main content"
    )
    await visit.page.keyboard.press("Enter")
    assert await visit.page.evaluate("document.activeElement.id") == "main-content"


async def test_without_scripts_the_page_says_the_same(browser: Browser, address: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(address)
    assert "is running" in await page.locator("h1").inner_text()
    assert await page.locator("main a").count() == 5
    await context.close()
