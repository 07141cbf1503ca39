"""A school changes its year on the pages, without a script and on a narrow screen."""

import pytest
from playwright.async_api import Browser, FilePayload

from tests.browser.house import Seen
from tests.browser.looking import faults, overflow

pytestmark = pytest.mark.asyncio(loop_scope="session")
FILE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Synthetic//EN\r\n"
    "BEGIN:VEVENT\r\nUID:1@birch.example\r\nDTSTAMP:20260901T080000Z\r\nSUMMARY:Summer term\r\n"
    "DTSTART;VALUE=DATE:20280417\r\nDTEND;VALUE=DATE:20280722\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:2@birch.example\r\nDTSTAMP:20260901T080000Z\r\nSUMMARY:Sports\r\n"
    "DTSTART;VALUE=DATE:20280610\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)

YEAR: FilePayload = {
    "name": "summer.ics",
    "mimeType": "text/calendar",
    "buffer": FILE.encode(),
}


async def test_a_file_is_looked_at_and_taken_and_a_day_comes_and_goes(
    house: Seen, browser: Browser
) -> None:
    context = await house.signed_in(browser, "birch-dsl@daybreak.example", script=False)
    page = await context.new_page()
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(f"{house.address}/calendar")
    await page.get_by_label("A calendar").set_input_files(YEAR)
    await page.get_by_role("button", name="Look at it first").click()
    assert "Summer term: 17 April 2028 to 21 July 2028" in await page.inner_text("main")
    assert "“Sports” is not understood" in await page.inner_text("main")
    await page.wait_for_load_state("load")
    assert await overflow(page) <= 0
    await page.get_by_role("button", name="Yes, take it").click()
    assert "The file is taken" in await page.inner_text("main")

    await page.get_by_label("INSET: staff are in, pupils are not").check()
    await page.get_by_label("Day, or first day").fill("2028-06-12")
    await page.get_by_role("button", name="Add it").click()
    assert "The calendar is changed" in await page.inner_text("main")
    await page.get_by_role("button", name="Take back INSET day, 12 June 2028").click()
    assert "It is taken back" in await page.inner_text("main")
    assert "17 April 2028 to 21 July 2028" in await page.inner_text("main")
    await page.wait_for_load_state("load")
    assert await overflow(page) <= 0
    await page.get_by_role("button", name="Take back Term: Summer term").click()
    await page.goto(f"{house.address}/calendar", wait_until="load")
    assert "Nobody has published term dates" in await page.inner_text("main")
    await context.close()


async def test_what_a_file_means_is_shown_so_that_everybody_can_read_it(
    house: Seen, browser: Browser
) -> None:
    context = await house.signed_in(browser, "birch-dsl@daybreak.example")
    page = await context.new_page()
    await page.goto(f"{house.address}/calendar")
    await page.get_by_label("A calendar").set_input_files(YEAR)
    await page.get_by_role("button", name="Look at it first").click()
    assert "Is this what the file means?" in await page.inner_text("h1")
    assert await faults(page) == []
    await context.close()
