"""The pictures of the README: made from the real pages, when they are missing or asked for.

DAYBREAK_PICTURES=1 makes them anew. They are of a house of their own: what other tests do is not
in them, and two runs make the same picture.
"""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.browser.house import OPERATOR, Seen, seen

pytestmark = pytest.mark.asyncio(loop_scope="session")
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SCHOOL = "alder-dsl@daybreak.example"
LARGEST = 150 * 1024
# name: who looks, and how tall the picture is
PICTURES = {
    "inbox": (SCHOOL, 1120),
    "notification": (SCHOOL, 1120),
    "morning": (OPERATOR, 980),
    "why": (OPERATOR, 1240),
}


async def test_the_pictures_are_there_and_small(browser: Browser) -> None:
    missing = [name for name in PICTURES if not (FOLDER / f"{name}.png").exists()]
    if os.environ.get("DAYBREAK_PICTURES"):
        missing = list(PICTURES)
    if missing:
        FOLDER.mkdir(parents=True, exist_ok=True)
        async with seen() as house:
            for name in missing:
                await _take(house, browser, name)
    sizes = {name: (FOLDER / f"{name}.png").stat().st_size for name in PICTURES}
    assert [name for name, size in sizes.items() if not 5_000 < size < LARGEST] == []


async def _take(house: Seen, browser: Browser, name: str) -> None:
    who, height = PICTURES[name]
    paths = {
        "inbox": "/inbox",
        "notification": f"/inbox/{await house.notification('alder', 'n-5', 'c1')}",
        "morning": "/morning",
        "why": f"/events/{house.receipts['n-5']}",
    }
    context = await house.signed_in(browser, who, width=1100)
    page: Page = await context.new_page()
    await page.set_viewport_size({"width": 1100, "height": height})
    await page.goto(f"{house.address}{paths[name]}", wait_until="load")
    await page.screenshot(path=FOLDER / f"{name}.png")
    await context.close()
