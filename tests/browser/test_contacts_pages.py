"""A school keeps its own order of call on pages that need no script, and the second is told."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.house import Seen
from tests.browser.looking import faults, overflow

pytestmark = pytest.mark.asyncio(loop_scope="session")
DSL = "birch-dsl@daybreak.example"
BIRCH = "/directory/v1/organisations/birch/contacts"


async def looks_right(page: Page) -> None:
    """At both widths, and with nothing of a person in the title or the address."""
    assert await faults(page) == []
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await overflow(page) <= 0
    assert await faults(page) == []
    await page.set_viewport_size({"width": 1280, "height": 900})
    for text in (await page.title(), page.url):
        assert "Zoe" not in text
        assert "Test" not in text


async def order(house: Seen) -> list[str]:
    answer = await house.stage.request("GET", BIRCH, agency="birch")
    return [one["given_name"] for one in answer.json()["contacts"]]


async def test_contacts_cover_confirmation_and_the_past(house: Seen, browser: Browser) -> None:
    before = (await house.stage.request("GET", BIRCH, agency="birch")).json()["contacts"]
    context = await house.signed_in(browser, DSL)
    page = await context.new_page()
    await page.goto(f"{house.address}/contacts")
    await expect(page.locator("h1")).to_contain_text("Contacts and cover")
    await looks_right(page)

    await page.get_by_role("link", name="Add a person").click()
    await page.get_by_label("Last name").fill("Test")
    await page.get_by_label("When this person may be called").fill("always")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Enter a first name")
    await expect(page.get_by_label("When this person may be called")).to_have_value("always")
    await looks_right(page)
    await page.get_by_label("First name").fill("Zoe")
    await page.get_by_label("What this person does").select_option("deputy")
    await page.get_by_label("Trained until").fill("2027-08-31")
    await page.get_by_label("First day away").fill("2026-11-09")
    await page.get_by_label("Last day away").fill("2026-11-13")
    await page.get_by_label("Who stands in").select_option(before[0]["id"])
    await page.get_by_label("When this person may be called").fill("Mon-Fri 08:00 to 16:00")

    # Meanwhile somebody of the office changes the list.
    other = {**before[0], "phone": "01632 960009"}
    one = f"{BIRCH}/{before[0]['id']}"
    await house.stage.request("PUT", one, agency="birch", json=other)
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".govuk-error-summary")).to_contain_text("Changed by birch")
    await expect(page.get_by_label("First name")).to_have_value("Zoe")
    await looks_right(page)
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".govuk-notification-banner")).to_contain_text("The change is kept")
    row = page.locator("tr", has_text="Zoe Test")
    await expect(row).to_contain_text("Away Monday 9 November 2026 to Friday 13 November 2026")
    await expect(row).to_contain_text("Called Mon-Fri 08:00 to 16:00")
    await looks_right(page)

    await page.get_by_role("button", name="Move up Zoe Test").click()
    assert (await order(house)).index("Zoe") == len(before) - 1
    await page.get_by_role("button", name="All of these are right for this term").click()
    await expect(page.locator("tr", has_text="Zoe Test")).to_contain_text("Confirmed")

    await page.get_by_role("link", name="Who it was on a day").click()
    await page.get_by_label("Who was it on this day?").fill("2026-11-02")
    await page.get_by_role("button", name="Show").click()
    there = page.locator("main ul")
    await expect(there).to_contain_text("Zoe Test, Deputy safeguarding lead")
    await expect(page.locator("main")).to_contain_text("Contacts were confirmed")
    await looks_right(page)

    await page.goto(f"{house.address}/contacts/birch")
    await page.get_by_role("button", name="Remove Zoe Test").click()
    assert "Zoe" not in await order(house)
    answer = await page.goto(f"{house.address}/contacts/alder")
    assert answer is not None
    assert answer.status == 403
    await context.close()
