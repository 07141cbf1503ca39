"""Can who governs the sharing answer for people's rights: without scripts, narrow, and silent?"""

import re

import pytest
from playwright.async_api import Browser, Page

from tests.browser.house import GOVERNOR, OPERATOR, Seen
from tests.browser.looking import faults, overflow, visit
from tests.browser.night import PERSONAL

pytestmark = pytest.mark.asyncio(loop_scope="session")
NAMES = re.compile("|".join(rf"\b{word}" for word in PERSONAL))


async def about_eve(page: Page) -> None:
    await page.get_by_label("Given name").fill("Eve")
    await page.get_by_label("Family name").fill("Test")
    await page.get_by_label("Date of birth").fill("2016-02-29")
    await page.get_by_label("Postcode of a home").fill("ZZ99 3CZ")


async def press(page: Page, button: str) -> None:
    await page.get_by_role("button", name=button).click()


async def said(page: Page) -> str:
    return await page.locator("main").inner_text()


async def test_a_request_is_answered_by_two_people_without_a_script(
    house: Seen, browser: Browser
) -> None:
    """And every page on the way is accessible, fits 320 pixels and says no name outside itself."""
    first = await house.signed_in(browser, GOVERNOR, script=False)
    page = await first.new_page()
    await page.goto(f"{house.address}/governance")
    await page.get_by_role("link", name="Rights").click()
    await page.get_by_role("link", name="Record that somebody asks").click()
    await press(page, "Record the request")
    assert "There is a problem" in await said(page)
    await about_eve(page)
    await page.get_by_label("The person themselves").check()
    await page.get_by_label("When did you receive it?").fill("2026-11-01")
    await press(page, "Record the request")
    request = page.url.partition("?")[0]
    assert "Tuesday 1 December 2026" in await said(page)
    for box in await page.locator("input[name=path]").all():
        await box.check()
    await page.get_by_label("Redact them").check()
    await page.get_by_label("protecting the rights of others").check()
    await press(page, "Record my rulings")
    assert "0 still to be ruled on" in await said(page)
    await press(page, "Release what is to be released")
    assert "another person does" in await said(page)

    await page.goto(f"{house.address}/governance/legal-holds")
    await about_eve(page)
    await page.get_by_label("Why must it be kept?").fill("An inquiry")
    await page.get_by_label("When is it reviewed?").fill("2027-01-04")
    await press(page, "Put the legal hold")
    await page.get_by_role("link", name="A person").first.click()
    hold = page.url
    await first.close()

    second = await house.signed_in(browser, OPERATOR, script=False)
    page = await second.new_page()
    await page.goto(request)
    await press(page, "Release what is to be released")
    await press(page, "Open the pack")
    assert "What is given to the person" in await said(page)
    assert NAMES.search(f"{await page.title()} {page.url}") is None
    await second.close()

    here = f"{house.address}/governance"
    rights = [f"{here}/rights{rest}" for rest in ("", "/access/new", "/annotations", "/erasure")]
    await quiet(
        house, browser, [*rights, request, f"{here}/legal-holds", hold, f"{here}/retention"]
    )


async def quiet(house: Seen, browser: Browser, addresses: list[str]) -> None:
    looked = await visit(await house.signed_in(browser, GOVERNOR))
    page = looked.page
    for address in addresses:
        answer = await page.goto(address, wait_until="load")
        assert answer is not None
        assert answer.status == 200
        await page.set_viewport_size({"width": 1280, "height": 900})
        assert await faults(page) == []
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await overflow(page) <= 0
        assert NAMES.search(f"{await page.title()} {page.url}") is None
        assert await page.locator("h1").count() == 1
    assert (looked.complaints, looked.messages) == ([], [])
    assert [url for url in looked.requests if not url.startswith(f"{house.address}/")] == []
    await page.context.close()
