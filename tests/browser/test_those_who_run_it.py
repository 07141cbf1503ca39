"""The morning board and the why of an event: for operators, for senders, and for nobody else."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.house import OPERATOR, Seen
from tests.browser.looking import faults
from tests.browser.night import event, incident, there

pytestmark = pytest.mark.asyncio(loop_scope="session")
POLICE = "north-desk@daybreak.example"


async def test_the_board_adds_up_and_leads_to_why(house: Seen, browser: Browser) -> None:
    context = await house.signed_in(browser, OPERATOR, script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/morning")
    answer = await house.stage.request("GET", "/notify/v1/morning", params={"date": "2026-11-02"})
    totals = answer.json()["totals"]
    promised = totals["received"] - totals["withheld"]
    await expect(page.locator(".app-summary")).to_contain_text(
        f"{totals['told']} of {promised} are told"
    )
    assert totals["unexplained"] == 0
    await expect(page.get_by_text("not add up")).to_have_count(0)
    text = await page.locator("main").inner_text()
    assert "minutes" in text
    assert "late" in text
    assert "north-csc" not in text
    assert "North Children’s Social Care" in text
    tasks = page.locator("table", has_text="What people must do")
    await expect(tasks).to_contain_text("Decide what is held")
    await expect(tasks).to_contain_text("Confirm that copies are deleted")
    await page.locator("table", has_text="Not read yet").locator("a").first.click()
    assert "/events/" in page.url
    await context.close()


async def test_days_follow_each_other_up_to_today(house: Seen, browser: Browser) -> None:
    context = await house.signed_in(browser, OPERATOR, script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/morning")
    await expect(page.get_by_role("link", name="Day after")).to_have_count(0)
    await page.get_by_role("link", name="Day before").click()
    await expect(page.locator("h1")).to_have_text("Sunday 1 November 2026")
    await page.get_by_role("link", name="Day after").click()
    await expect(page.locator("h1")).to_have_text("Monday 2 November 2026")
    await page.goto(f"{house.address}/morning?date=tomorrow")
    await expect(page.locator("h1")).to_have_text("Monday 2 November 2026")
    await context.close()


async def test_why_says_who_was_told_and_who_was_not_and_on_what_ground(
    house: Seen, browser: Browser
) -> None:
    context = await house.signed_in(browser, OPERATOR, script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/events/{house.receipts['n-5']}")
    await expect(page.locator(".app-summary")).to_have_text("5 are told and 6 are not told.")
    text = await page.locator("main").inner_text()
    assert "Operation Encompass: police to the child's school or college, version 1" in text
    assert "Domestic Abuse Act 2021 s.49A" in text
    assert "Nothing says that the child is educated at home." in text
    assert "What happened: Alder Primary" in text
    assert not {"Cat", "Dov", "Hana", "Otto", "music"} & set(text.replace(",", " ").split())
    await context.close()


async def test_what_is_held_waits_for_a_person(house: Seen, browser: Browser) -> None:
    context = await house.signed_in(browser, OPERATOR, script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/events/{house.receipts['n-6']}")
    await expect(page.locator(".app-summary")).to_contain_text("1 waits for a person")
    first = page.locator("section.app-story").first
    await expect(first).to_contain_text("Waiting for a person")
    await expect(first).to_contain_text("school or college")
    await expect(page.locator("table", has_text="What people must do")).to_contain_text(
        "Decide what is held"
    )
    await context.close()


async def test_a_correction_and_what_it_replaced_lead_to_each_other(
    house: Seen, browser: Browser
) -> None:
    context = await house.signed_in(browser, OPERATOR, script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/events/{house.receipts['n-4']}")
    await expect(page.get_by_role("heading", name="Replaced by a later decision")).to_be_visible()
    await page.locator(f"a[href='/events/{house.receipts['n-12']}']").click()
    await expect(page.locator("h1")).to_contain_text("Correction of a police incident")
    await context.close()


async def test_the_sender_learns_audiences_and_never_who_the_recipients_are(
    house: Seen, browser: Browser
) -> None:
    context = await house.signed_in(browser, POLICE, script=False)
    page = await context.new_page()
    await page.goto(f"{house.address}/events")
    await page.locator(f"a[href='/events/{house.receipts['n-5']}']").click()
    text = await page.locator("main").inner_text()
    assert "What happened: Recipient 1" in text
    assert not {"Alder", "Ada"} & set(text.split())
    other = await page.goto(f"{house.address}/events/{house.receipts['n-11']}")
    assert other is not None
    assert other.status == 404
    await context.close()


async def test_an_event_that_waits_for_its_decision_says_so(house: Seen, browser: Browser) -> None:
    now = house.stage.clock.now().isoformat()
    await house.send(event(31, incident(31, now, [there("c7")])), settle=False)
    context = await house.signed_in(browser, POLICE)
    page = await context.new_page()
    await page.goto(f"{house.address}/events/{house.receipts['n-31']}")
    await expect(page.get_by_text("Not decided yet.")).to_be_visible()
    assert await faults(page) == []
    await house.stage.house.settle()
    await page.get_by_role("link", name="Look again").click()
    await expect(page.locator(".app-summary")).to_contain_text("told")
    await context.close()
