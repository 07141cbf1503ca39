"""Is every page, in every state, for everybody: accessible, narrow, and silent about names?"""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.browser.house import GOVERNOR, OPERATOR, Seen
from tests.browser.looking import Visit, faults, overflow, visit
from tests.browser.night import PERSONAL

pytestmark = pytest.mark.asyncio(loop_scope="session")
SCHOOL = "alder-dsl@daybreak.example"
SOCIAL_CARE = "north-duty@daybreak.example"
MARAC = "north-coordinator@daybreak.example"
COUNCIL = "north-safeguarding@daybreak.example"
POLICE = "north-desk@daybreak.example"
NAMES = re.compile("|".join(rf"\b{word}" for word in PERSONAL))
Address = Callable[[Seen], Awaitable[str]]


def at(path: str) -> Address:
    async def address(house: Seen) -> str:
        return path

    return address


def told(organisation: str, event: str, about: str, more: str = "") -> Address:
    async def address(house: Seen) -> str:
        return f"/inbox/{await house.notification(organisation, event, about)}{more}"

    return address


def why(event: str) -> Address:
    async def address(house: Seen) -> str:
        return f"/events/{house.receipts[event]}"

    return address


async def received_before(house: Seen) -> str:
    """The second page, where the first ends after one."""
    answer = await house.stage.request("GET", "/notify/v1/inbox?limit=1", agency="alder")
    return f"/inbox/all?after={answer.json()['next']}"


def task(kind: str, owner: str) -> Address:
    async def address(house: Seen) -> str:
        answer = await house.stage.request("GET", f"/notify/v1/tasks?state=open&owner={owner}")
        found = next(one for one in answer.json()["tasks"] if one["kind"] == kind)
        return f"/tasks/{found['id']}"

    return address


def held(about: str) -> Address:
    async def address(house: Seen) -> str:
        answer = await house.stage.request("GET", "/consent/v1/holds")
        found = next(one for one in answer.json()["holds"] if one["about"] == about)
        return f"/governance/holds/{found['hold_id']}"

    return address


_AGREEMENT = "/governance/agreements/operation-encompass"
_NO_TASK = "/tasks/00000000-0000-4000-8000-000000000000"
_NO_HOLD = "/governance/holds/00000000-0000-4000-8000-000000000000"
# name: who looks (None: nobody has signed in), where, status, what its heading says
PAGES: dict[str, tuple[str | None, Address, int, str]] = {
    "first": (None, at("/"), 200, "This installation of Daybreak is running"),
    "help": (None, at("/help"), 200, "Help with this service"),
    "sign-in": (None, at("/sign-in"), 200, "Sign in"),
    "link-spent": (None, at("/sign-in/spent"), 200, "Sign in to Daybreak"),
    "inbox": (SCHOOL, at("/inbox"), 200, "Today, Monday 2 November 2026"),
    "inbox-after-recording": (SCHOOL, at("/inbox?done=recorded"), 200, "Today, Monday 2 November"),
    "inbox-empty": ("birch-dsl@daybreak.example", at("/inbox"), 200, "Today, Monday 2 November"),
    "inbox-on-inset": ("elm-dsl@daybreak.example", at("/inbox"), 200, "Today, Monday 2 November"),
    "inbox-social-care": (SOCIAL_CARE, at("/inbox"), 200, "Today, Monday 2 November 2026"),
    "inbox-marac": (MARAC, at("/inbox"), 200, "Today, Monday 2 November 2026"),
    "inbox-all": (SCHOOL, received_before, 200, "Everything that was received"),
    "notification": (SCHOOL, told("alder", "n-5", "c1"), 200, "Cat Test"),
    "notification-recorded": (SCHOOL, told("alder", "n-3", "c4"), 200, "Fin Test"),
    "notification-late": (SOCIAL_CARE, told("north-csc", "n-11", "g1"), 200, "Gus Test"),
    "notification-correction": (SCHOOL, told("alder", "n-12", "c3"), 200, "Eve Test"),
    "notification-social-care": (SOCIAL_CARE, told("north-csc", "n-5", "c1"), 200, "Cat Test"),
    "notification-marac": (MARAC, told("north-marac", "n-5", "h"), 200, "Hana Test"),
    "not-ours": (
        SCHOOL,
        told("alder", "n-5", "c1", "/not-ours"),
        200,
        "Why is this not your pupil?",
    ),
    "withdrawn": (SCHOOL, told("alder", "n-7", "c5"), 410, "The sender has withdrawn this"),
    "corrected": (SCHOOL, told("alder", "n-4", "c3"), 410, "This notification was corrected"),
    "nothing-there": (SCHOOL, at("/inbox/none"), 404, "Page not found"),
    "not-for-you": (SCHOOL, at("/morning"), 404, "Page not found"),
    "sent-nothing": (SCHOOL, at("/events"), 200, "What we sent"),
    "morning": (OPERATOR, at("/morning"), 200, "Monday 2 November 2026"),
    "morning-without-events": (OPERATOR, at("/morning?date=2026-06-01"), 200, "Monday 1 June 2026"),
    "events": (OPERATOR, at("/events"), 200, "Events"),
    "why": (OPERATOR, why("n-5"), 200, "Police incident, received Sunday 1 November 2026"),
    "why-held": (OPERATOR, why("n-6"), 200, "Police incident, received Monday 2 November 2026"),
    "why-corrected": (OPERATOR, why("n-4"), 200, "Police incident, received Sunday 1 November"),
    "why-correction": (OPERATOR, why("n-12"), 200, "Correction of a police incident"),
    "why-retraction": (OPERATOR, why("n-13"), 200, "Withdrawal of a police incident"),
    "sent": (POLICE, at("/events"), 200, "What we sent"),
    "tasks": (POLICE, at("/tasks"), 200, "Tasks"),
    "tasks-none": ("birch-dsl@daybreak.example", at("/tasks"), 200, "Tasks"),
    "task": (POLICE, task("assess-breach", "north-police"), 200, "Assess a possible breach"),
    "task-that-asks-for-a-school": (
        POLICE,
        task("resolve-school", "north-police"),
        200,
        "Find the right school",
    ),
    "task-of-a-reader": (
        SCHOOL,
        task("confirm-deletion", "alder"),
        200,
        "Confirm that copies are deleted",
    ),
    "task-over": (POLICE, at(_NO_TASK), 404, "No such task is open"),
    "calendar": (SCHOOL, at("/calendar"), 200, "Calendar"),
    "calendar-of-another": (SCHOOL, at("/calendar/birch"), 200, "Calendar"),
    "calendar-of-a-council": (COUNCIL, at("/calendar?done=day"), 200, "Calendar"),
    "schools": (SCHOOL, at("/schools"), 200, "Schools"),
    "schools-found": (POLICE, at("/schools?q=900001"), 200, "Schools"),
    "schools-lists": (POLICE, at("/schools/lists"), 200, "Schools that would not be reached"),
    "schools-list": (
        OPERATOR,
        at("/schools/lists/default-calendar"),
        200,
        "On the default calendar",
    ),
    "governance": (GOVERNOR, at("/governance"), 200, "Information governance"),
    "holds": (GOVERNOR, at("/governance/holds"), 200, "Holds"),
    "hold": (GOVERNOR, held("c7"), 200, "Held: The child's school or college"),
    "hold-gone": (GOVERNOR, at(_NO_HOLD), 404, "This is held no longer"),
    "agreements": (GOVERNOR, at("/governance/agreements"), 200, "Agreements"),
    "agreement": (GOVERNOR, at(_AGREEMENT), 200, "Operation Encompass"),
    "agreement-changes": (GOVERNOR, at(f"{_AGREEMENT}/changes"), 200, "What is different"),
    "refusals": (GOVERNOR, at("/governance/refusals"), 200, "What was not disclosed, and why"),
    "refusals-of-a-kind": (
        GOVERNOR,
        at("/governance/refusals?rule=child-is-home-educated"),
        200,
        "What was not disclosed, and why",
    ),
    "access": (GOVERNOR, at("/governance/access"), 200, "Who saw what of somebody?"),
    "simulator": (GOVERNOR, at("/governance/simulator"), 200, "What would happen?"),
    "simulator-example": (
        GOVERNOR,
        at("/governance/simulator?example=treatment.episode.ended.v1"),
        200,
        "What would happen?",
    ),
    "governance-not-for-you": (POLICE, at("/governance"), 404, "Page not found"),
    "why-for-the-sender": (POLICE, why("n-5"), 200, "Police incident, received Sunday"),
}


async def somebody(house: Seen, browser: Browser, who: str | None) -> BrowserContext:
    if who is not None:
        return await house.signed_in(browser, who)
    return await browser.new_context(viewport={"width": 1280, "height": 900})


async def opened(house: Seen, browser: Browser, name: str) -> Visit:
    who, address, status, heading = PAGES[name]
    looked = await visit(await somebody(house, browser, who))
    answer = await looked.page.goto(f"{house.address}{await address(house)}", wait_until="load")
    assert answer is not None
    assert answer.status == status
    assert heading in await looked.page.locator("h1").inner_text()
    return looked


@pytest.mark.parametrize("name", PAGES)
async def test_a_page(house: Seen, browser: Browser, name: str) -> None:
    looked = await opened(house, browser, name)
    page = looked.page
    assert await faults(page) == []
    # nothing personal where others see it: the tab, the history, the log of the browser
    outside = [await page.title(), page.url, *looked.messages]
    assert [text for text in outside if NAMES.search(text)] == []
    assert looked.complaints == []
    failed = "Failed to load resource: the server responded with a status of"  # the page's own 4xx
    assert [text for text in looked.messages if not text.startswith(failed)] == []
    assert [url for url in looked.requests if not url.startswith(f"{house.address}/")] == []
    assert await page.locator("h1").count() == 1
    assert await page.locator("html").get_attribute("lang") == "en"
    assert await page.locator("footer a").last.get_attribute("href") == "/help"
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await overflow(page) <= 0
    assert await faults(page) == []
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to main content"
    await page.context.close()


async def test_every_title_is_its_own(house: Seen, browser: Browser) -> None:
    """Pages of the same kind share one, as names may not stand in it."""
    titles: dict[str, set[str]] = {}
    for name in ("inbox", "notification", "not-ours", "withdrawn", "morning", "events", "why"):
        page = (await opened(house, browser, name)).page
        titles.setdefault(await page.title(), set()).add(name)
        await page.context.close()
    assert [names for names in titles.values() if len(names) > 1] == []
