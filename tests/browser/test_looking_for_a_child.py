"""Can everybody use the pages of pupils: candidates beside what was sent, and the register?"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from services.front.pages import HERE
from tests.browser.looking import faults, overflow
from tests.front.house import DSL, OFFICER, open_door
from tests.front.test_looking import CAT, enrolled
from tests.front.test_pupils_page import HEAD, ROW, file
from tests.front.test_tasks import of_kind

pytestmark = pytest.mark.asyncio(loop_scope="session")


STYLE = (HERE / "static" / "vendor" / "pages.css").read_bytes()


def _answering(text: str) -> Callable[[Route], Awaitable[None]]:
    async def answer(route: Route) -> None:
        if route.request.url.endswith(".css"):
            await route.fulfill(status=200, content_type="text/css", body=STYLE)
        elif route.request.resource_type == "document":
            await route.fulfill(status=200, content_type="text/html", body=text)
        else:
            await route.abort()

    return answer


async def test_candidates_are_accessible_and_narrow(browser: Browser, tmp_path: Path) -> None:
    """Each page as it was answered, in its own style; the browser asks nobody for it."""
    async with open_door(tmp_path) as door:
        task = await of_kind(door, "resolve-school")
        await enrolled(door)
        officer = await door.signed_in(OFFICER)
        path = f"/tasks/{task['id']}/look"
        looking, register = "Look for the child in the registers", "Pupils"
        bad = {**CAT, "date_of_birth": "2019-02-03"}
        school = await door.signed_in(DSL)
        wrong = file(HEAD + ROW.replace("01/05", "31/02"))
        pages = [
            (looking, await officer.get(path)),
            (looking, await officer.post(path, data={"given_name": "Cat"})),
            (looking, await officer.post(path, data=bad)),
            (looking, await officer.post(path, data={**CAT, "given_name": "Zed"})),
            (register, await school.post("/pupils", files=file(HEAD + ROW))),
            (register, await school.post("/pupils", files=wrong)),
        ]
    context = await browser.new_context(viewport={"width": 320, "height": 640})
    page = await context.new_page()
    for heading, shown in pages:
        await page.route("**/*", _answering(shown.text))
        await page.goto(f"http://pages.example{path}")
        await expect(page.locator("h1")).to_have_text(heading)
        assert await faults(page) == []
        assert await overflow(page) == 0
        await page.unroute("**/*")
    await context.close()
