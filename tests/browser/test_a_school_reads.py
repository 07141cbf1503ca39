"""What does a school do at ten to eight? From the link in the mail to the answer."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.house import Seen
from tests.browser.looking import faults
from tests.browser.night import event, incident, there

pytestmark = pytest.mark.asyncio(loop_scope="session")
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
ELM = "elm-dsl@daybreak.example"


async def test_a_person_signs_in_by_the_link_and_sees_what_waits(
    house: Seen, browser: Browser
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox")
    assert page.url == f"{house.address}/sign-in"
    await house.sign_in(page, "alder-dsl@daybreak.example")
    assert page.url == f"{house.address}/inbox"
    await expect(page.locator("h1")).to_have_text("Today, Monday 2 November 2026")
    await expect(page.get_by_text("reading before 8:10am")).to_be_visible()
    main = await page.locator("main").inner_text()
    assert "C.T., Year 4" in main
    assert "2nd in 12 months" in main
    assert "Same event as" in main
    assert "10 days late" in main
    assert not re.search(r"Cat|Dov|Hana|Otto|music", await page.content())
    await context.close()


@SCRIPTS
async def test_reading_and_recording(house: Seen, browser: Browser, script: bool) -> None:
    about, name = ("c8", "Jo Test") if script else ("c10", "Lea Test")
    one = await house.notification("elm", "n-8", about)
    context = await house.signed_in(browser, ELM, script=script)
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox")
    await page.locator(f"a[href='/inbox/{one}']").click()
    await expect(page.locator("h1")).to_have_text(name)
    lead = f"Police went to a domestic abuse incident at {name.split()[0]}’s home on Monday"
    await expect(page.get_by_text(lead)).to_be_visible()
    await expect(
        page.get_by_text("Read by 8:10am on Tuesday 3 November. You read it at")
    ).to_be_visible()
    await expect(page.get_by_text("Was elsewhere in the home")).to_be_visible()
    assert "witness" not in (await page.content()).lower()

    await page.get_by_role("button", name="I have read this").click()
    problem = page.get_by_role("alert").get_by_role("link")
    await expect(problem).to_have_text("Select what you are doing about it")
    assert (await page.title()).startswith("Error: ")
    if script:
        assert await faults(page) == []
    await problem.click()
    await page.get_by_label("Supporting quietly").check()
    await page.get_by_label("Note (optional)").fill("Breakfast club.")
    await page.get_by_role("button", name="I have read this").click()
    await expect(page.get_by_role("status").first).to_contain_text("Recorded")
    (item,) = [item for item in await house.inbox("elm") if item["id"] == one]
    assert (item["state"], item["outcome"]) == ("acknowledged", "supported-silently")
    assert item["acknowledged_by"] == "elm-dsl"
    await context.close()


async def test_a_note_that_is_too_long_is_kept_on_the_form(house: Seen, browser: Browser) -> None:
    one = await house.notification("alder", "n-5", "c2")
    context = await house.signed_in(browser, "alder-dsl@daybreak.example", script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox/{one}")
    await page.get_by_label("No action needed").check()
    await page.get_by_label("Note (optional)").fill("x" * 4001)
    await page.get_by_role("button", name="I have read this").click()
    link = page.get_by_role("alert").get_by_role("link")
    await expect(link).to_have_text("Your note must be 4,000 characters or fewer")
    assert await link.get_attribute("href") == "#note"
    assert len(await page.get_by_label("Note (optional)").input_value()) == 4001
    await expect(page.get_by_label("No action needed")).to_be_checked()
    await context.close()


@SCRIPTS
async def test_saying_that_it_is_not_ours_closes_it(
    house: Seen, browser: Browser, script: bool
) -> None:
    number, about, name = ("n-9", "c9", "Kit Test") if script else ("n-1", "c6", "Hal Test")
    one = await house.notification("alder", number, about)
    context = await house.signed_in(browser, "alder-dsl@daybreak.example", script=script)
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox/{one}")
    await page.get_by_role("link", name="Not our pupil").click()
    assert name not in await page.content()
    submit = page.get_by_role("button", name="Close it and look for the right school")
    await submit.click()
    link = page.get_by_role("alert").get_by_role("link")
    await expect(link).to_have_text("Select why it is not yours")
    if script:
        assert await faults(page) == []
    await page.get_by_label("The child was never with us").check()
    await submit.click()
    await expect(page.locator("h1")).to_have_text("You said that this is not yours")
    await expect(page.get_by_role("heading", name="What happens now")).to_be_visible()
    again = await page.goto(f"{house.address}/inbox/{one}")
    assert again is not None
    assert again.status == 410
    assert name not in await page.content()
    await context.close()


async def test_an_empty_inbox_proves_that_the_service_is_alive(
    house: Seen, browser: Browser
) -> None:
    context = await house.signed_in(browser, "birch-dsl@daybreak.example", script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox")
    await expect(page.get_by_text("Nothing for Birch Primary. Checked at 7:42am.")).to_be_visible()
    await expect(
        page.get_by_text("The service is working: it last received something, from anybody, at")
    ).to_be_visible()
    await expect(page.get_by_text("Your calendar is not known")).to_be_visible()
    await expect(page.get_by_text("Do not take this as no news")).to_have_count(0)
    await context.close()


async def test_a_correction_leads_on_to_the_one_that_replaces_it(
    house: Seen, browser: Browser
) -> None:
    old = await house.notification("alder", "n-4", "c3")
    new = await house.notification("alder", "n-12", "c3")
    context = await house.signed_in(browser, "alder-dsl@daybreak.example")
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox/{old}")
    await page.get_by_role("link", name="Read the notification that replaces it").click()
    assert page.url.endswith(new)
    await expect(page.get_by_text("This corrects what you were told before")).to_be_visible()
    await context.close()


async def test_what_is_new_is_offered_and_moves_nothing(house: Seen, browser: Browser) -> None:
    context = await house.signed_in(browser, ELM)
    page = await context.new_page()
    await page.clock.install()
    await page.goto(f"{house.address}/inbox")
    before = await page.locator("main table").all_inner_texts()
    now = house.stage.clock.now().isoformat()
    await house.send(event(30, incident(30, now, [there("c10")])))
    await page.clock.run_for(16_000)
    offer = page.get_by_role("link", name="1 new: show")
    await expect(offer).to_be_visible()
    assert await page.locator("main table").all_inner_texts() == before
    await offer.click()
    await expect(page.locator("main table").first).to_contain_text("L.T., Year 4")
    assert await page.locator("main table").all_inner_texts() != before
    await context.close()


async def test_escape_hides_the_screen_and_shows_it_again(house: Seen, browser: Browser) -> None:
    context = await house.signed_in(browser, ELM)
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox")
    await page.keyboard.press("Escape")
    await expect(page.locator("main")).to_be_hidden()
    await expect(page.get_by_role("button", name="Show screen")).to_be_focused()
    assert await page.evaluate("document.body.innerText.trim()") == "Show screen"
    await page.keyboard.press("Escape")
    await expect(page.locator("main")).to_be_visible()
    await context.close()


async def test_by_keyboard_alone(house: Seen, browser: Browser) -> None:
    """Every stop shows where it is, and Enter on the first link of the list opens it."""
    context = await house.signed_in(browser, "alder-dsl@daybreak.example")
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox")
    first = page.locator("main table a").first
    for _ in range(16):
        await page.keyboard.press("Tab")
        assert await _shows_focus(page)
        if await first.evaluate("element => element === document.activeElement"):
            break
    await expect(first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Safeguarding notification")).to_be_visible()
    await context.close()


async def _shows_focus(page: Page) -> bool:
    style = await page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return [s.outlineStyle, s.backgroundColor, s.boxShadow]; })()"
    )
    return bool(style[0] != "none" or "255, 221, 0" in style[1] or style[2] != "none")


async def test_on_paper_it_is_one_sheet_that_says_what_it_is(house: Seen, browser: Browser) -> None:
    one = await house.notification("alder", "n-5", "c1")
    context = await house.signed_in(browser, "alder-dsl@daybreak.example")
    page = await context.new_page()
    await page.goto(f"{house.address}/inbox/{one}")
    await page.emulate_media(media="print")
    head = page.get_by_text("OFFICIAL-SENSITIVE: safeguarding")
    await expect(head).to_be_visible()
    await expect(head).to_contain_text("Printed by Ada Test on Monday 2 November 2026 at 7:42am")
    await expect(page.locator("form.app-header__form")).to_be_hidden()
    await expect(page.get_by_text("Year 1")).to_be_hidden()  # the sibling's
    printed = await page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    await context.close()
