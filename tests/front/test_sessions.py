"""How long is somebody signed in, as whom, and what ends it?"""

from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from tests.front.house import DSL, OFFICER, OPERATOR, SHARED, Door, open_door


async def is_in(browser: httpx.AsyncClient) -> bool:
    answer = await browser.get("/start")
    assert answer.status_code == 303
    return answer.headers["location"] in ("/inbox", "/morning")


async def test_an_hour_without_a_page_ends_it(door: Door) -> None:
    browser = await door.signed_in()
    for minutes in (60, 59, 60):
        door.real.set(door.real.now() + timedelta(minutes=minutes))
        assert await is_in(browser)
    door.real.set(door.real.now() + timedelta(hours=1, microseconds=1))
    assert not await is_in(browser)


async def test_twelve_hours_end_it_however_busy_somebody_is(door: Door) -> None:
    browser = await door.signed_in()
    for _ in range(24):
        assert await is_in(browser)
        door.real.set(door.real.now() + timedelta(minutes=30))
    assert await is_in(browser)
    door.real.set(door.real.now() + timedelta(microseconds=1))
    assert not await is_in(browser)


async def test_the_clock_of_the_house_neither_ends_nor_keeps_it(door: Door) -> None:
    browser = await door.signed_in()
    door.stage.clock.set(door.stage.clock.now() + timedelta(days=3))
    assert await is_in(browser)


async def test_it_survives_a_restart(door: Door) -> None:
    browser = await door.signed_in()
    after = door.browser(door.again().app)
    after.cookies = browser.cookies
    assert await is_in(after)


async def test_signing_out_ends_it_at_the_server(door: Door) -> None:
    browser = await door.signed_in()
    kept = httpx.Cookies(browser.cookies)
    answer = await browser.post("/sign-out")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert not await is_in(browser)
    browser.cookies = kept  # somebody has copied it
    assert not await is_in(browser)


async def test_two_browsers_are_two_sessions(door: Door) -> None:
    one, two = await door.signed_in(), await door.signed_in()
    await one.post("/sign-out")
    assert (await is_in(one), await is_in(two)) == (False, True)


async def test_a_guessed_cookie_is_nobodys(embedded_door: Door) -> None:
    for secret in ("", "x", "a" * 4000, "é", "'; --", "None"):
        browser = embedded_door.browser()
        headers = {b"cookie": f"daybreak_session={secret}".encode()}
        assert (await browser.get("/start", headers=headers)).headers["location"] == "/sign-in"
        assert (await browser.get("/", headers=headers)).status_code == 200
        assert (await browser.post("/sign-out", headers=headers)).status_code == 303


async def test_who_leaves_is_out_at_the_next_page_and_stays_out(door: Door) -> None:
    browser = await door.signed_in()
    assert await is_in(browser)
    await door.directory("DELETE", "alder/contacts/alder-dsl")
    assert not await is_in(browser)
    await door.contact("alder", "alder-dsl")
    assert not await is_in(browser)


async def test_who_is_listed_until_a_day_is_out_on_the_next(door: Door) -> None:
    browser = await door.signed_in()
    await door.contact("alder", "alder-dsl", until=date(2026, 11, 23).isoformat())
    assert await is_in(browser)
    door.stage.clock.set(door.stage.clock.now() + timedelta(days=1))
    assert not await is_in(browser)


async def test_a_place_that_goes_to_somebody_else_takes_no_session_along(door: Door) -> None:
    browser = await door.signed_in()
    await door.contact("alder", "alder-dsl", email="new.dsl@alder.example")
    assert not await is_in(browser)
    await door.contact("alder", "alder-dsl", email=DSL.upper())  # the same address
    assert await is_in(await door.signed_in())


async def test_who_works_for_several_chooses_and_may_change(door: Door) -> None:
    browser = await door.signed_in(SHARED)
    assert (await browser.get("/inbox")).headers["location"] == "/sign-in/choose"
    page = (await browser.get("/sign-in/choose")).text
    assert "Alder Primary School" in page
    assert "Birch Academy" in page
    assert (await browser.get("/inbox")).headers["location"] == "/sign-in/choose"
    for place, organisation in ((1, "birch"), (0, "alder")):
        answer = await browser.post("/sign-in/choose", data={"place": str(place)})
        assert answer.headers["location"] == "/start"
        assert "Change organisation" in (await browser.get("/inbox")).text
        asked = door.asked_as("notify")
        assert (asked.agency, asked.person) == (organisation, f"{organisation}-head")


async def test_a_place_that_is_not_offered_is_not_taken(embedded_door: Door) -> None:
    browser = await embedded_door.signed_in(SHARED)
    for place in ("2", "-1", "x", "", "1" * 5000, "0x1"):
        answer = await browser.post("/sign-in/choose", data={"place": place})
        assert answer.status_code in (303, 400)
        assert (await browser.get("/start")).headers["location"] == "/sign-in/choose"


async def test_who_leaves_one_of_several_chooses_among_the_others(door: Door) -> None:
    browser = await door.signed_in(SHARED)
    await browser.post("/sign-in/choose", data={"place": "0"})
    await door.directory("DELETE", "alder/contacts/alder-head")
    assert (await browser.get("/start")).headers["location"] == "/sign-in/choose"
    page = (await browser.get("/sign-in/choose")).text
    assert ("Alder" in page, "Birch" in page) == (False, True)
    await browser.post("/sign-in/choose", data={"place": "0"})
    assert await is_in(browser)
    await door.directory("DELETE", "birch/contacts/birch-head")
    assert (await browser.get("/start")).headers["location"] == "/sign-in"


async def test_somebody_listed_twice_by_one_organisation_chooses_by_role(door: Door) -> None:
    await door.contact("alder", "alder-deputy", email=DSL)
    browser = await door.signed_in()
    page = (await browser.get("/sign-in/choose")).text
    assert "Alder Primary School (deputy)" in page
    assert "Alder Primary School (designated safeguarding lead)" in page


async def test_each_comes_to_the_pages_of_their_role_and_to_no_other(door: Door) -> None:
    dsl, officer = await door.signed_in(), await door.signed_in(OFFICER)
    operator = await door.signed_in(OPERATOR)
    assert (await operator.get("/start")).headers["location"] == "/morning"
    assert (await operator.get("/morning")).status_code == 200
    assert (await operator.get("/inbox")).status_code == 404
    for browser in (dsl, officer):
        assert (await browser.get("/inbox")).status_code == 200
        assert (await browser.get("/morning")).status_code == 404
    for browser in (dsl, officer, operator):
        assert (await browser.get("/events")).status_code == 200


async def test_an_operator_is_one_by_the_settings_as_they_are_now(door: Door) -> None:
    browser = await door.signed_in(OPERATOR)
    more = door.browser(door.again(operators=["first@operations.example", OPERATOR]).app)
    more.cookies = httpx.Cookies(browser.cookies)
    assert await is_in(more)
    fewer = door.browser(door.again(operators=["first@operations.example"]).app)
    fewer.cookies = httpx.Cookies(browser.cookies)
    assert not await is_in(fewer)


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [
        ("https://daybreak.example", "__Host-daybreak_session", True),
        ("http://pages", "daybreak_session", False),
    ],
)
async def test_the_cookie_is_for_this_host_and_for_no_script(
    tmp_path: Path, url: str, name: str, secure: bool
) -> None:
    async with open_door(tmp_path, public_url=url) as door:
        browser = door.browser()
        answer = await browser.post(await door.asked(browser))
        cookie, *flags = answer.headers["set-cookie"].split("; ")
        assert cookie.startswith(f"{name}=")
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(flags)
        assert ("Secure" in flags) is secure
        assert not [flag for flag in flags if flag.startswith(("Domain", "Max-Age", "expires"))]
        assert await is_in(browser)


async def test_services_that_are_away_show_a_page_that_says_so_and_come_back(door: Door) -> None:
    browser = await door.signed_in()
    for name in ("notify", "directory"):
        door.ways[name].away = True
        page = await browser.get("/inbox")
        assert page.status_code == 503
        assert page.headers["retry-after"] == "5"
        assert "not available now" in page.text
        assert "http" not in page.headers.get("location", "")
        door.ways[name].away = False
        assert (await browser.get("/inbox")).status_code == 200


async def test_what_stands_between_us_and_a_service_is_not_taken_for_its_word(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await door.signed_in()
    way = door.ways["notify"]
    for status, shown in ((401, 503), (404, 404), (413, 413), (302, 503), (500, 503), (502, 503)):

        async def strange(request: httpx.Request, status: int = status) -> httpx.Response:
            return httpx.Response(status, text="<h1>nginx</h1>", headers={"location": "http://x"})

        monkeypatch.setattr(way, "handle_async_request", strange)
        page = await browser.get("/inbox")
        assert page.status_code == shown, status
        assert "nginx" not in page.text
