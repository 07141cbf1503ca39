"""Do the demonstration's own routes keep to the rules, and are they nowhere without it?"""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from services.chassis.principals import public
from services.commands.opening import opened, pages_of
from services.front.visitor import SignedIn
from tests.architecture.test_routes import routes
from tests.demo.conftest import Playing

pytestmark = pytest.mark.asyncio(loop_scope="session")
OWN = "/demonstration"


@pytest_asyncio.fixture(loop_scope="session")
async def http(monday: Playing) -> AsyncIterator[httpx.AsyncClient]:
    way = httpx.ASGITransport(app=monday.demo.pages.app)
    async with httpx.AsyncClient(transport=way, base_url="http://x") as client:
        yield client


async def clock(http: httpx.AsyncClient, do: str, **more: str) -> httpx.Response:
    return await http.post(f"{OWN}/clock", data={"do": do, **more})


async def test_every_route_says_who_may_call_it(monday: Playing) -> None:
    own = [one for one in routes(monday.demo.pages.app) if one[1].startswith(OWN)]
    assert len(own) == 8
    for _, path, asked in own:
        guards = [call for call in asked if isinstance(call, SignedIn)]
        assert len(guards) + (public in asked) == 1, path


async def test_none_of_it_is_there_without_the_demonstration(tmp_path: Path) -> None:
    async with opened(tmp_path) as house, pages_of(house, tmp_path) as pages:
        assert [one for one in routes(pages.app) if one[1].startswith(OWN)] == []
        way = httpx.ASGITransport(app=pages.app)
        async with httpx.AsyncClient(transport=way, base_url="http://x") as client:
            assert "Demonstration" not in (await client.get("/")).text
            assert (await client.get(f"{OWN}/now.json")).status_code == 404


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/sign-in", "/sign-in"),
        ("//elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/%5Celsewhere.example"),
        ("", "/"),
    ],
)
async def test_the_clock_leads_back_to_our_own_pages_only(
    http: httpx.AsyncClient, back: str, to: str
) -> None:
    assert (await clock(http, "nothing", back=back)).headers["location"] == to


async def test_another_site_cannot_move_the_clock(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        f"{OWN}/clock", data={"do": "pause"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


async def test_words_that_the_clock_does_not_know_change_nothing(
    http: httpx.AsyncClient, monday: Playing
) -> None:
    pace = monday.demo.demonstration.pace
    before = (pace.speed, pace.running, pace.goal)
    for word in ("speed:backwards", "leap:yesterday", "", ":", "no-such:thing"):
        assert (await clock(http, word)).status_code == 303
    assert (pace.speed, pace.running, pace.goal) == before


async def test_what_the_visitor_chose_is_kept(http: httpx.AsyncClient, monday: Playing) -> None:
    kept = monday.demo.demonstration.kept
    await clock(http, "speed:minute")
    await clock(http, "big:on")
    await clock(http, "pause")
    said = (await http.get(f"{OWN}/now.json")).json()
    assert (kept.position.pace, kept.position.running, kept.position.big) == ("minute", False, True)
    assert (said["speed"], said["running"], said["big"]) == ("minute", False, True)
    await clock(http, "big:off")


async def test_new_lines_are_those_after_the_last_one_seen(http: httpx.AsyncClient) -> None:
    lines = (await http.get(f"{OWN}/now.json")).json()["lines"]
    newest = lines[0]["number"]
    assert [one["number"] for one in lines] == list(range(newest, newest - 14, -1))
    later = await http.get(f"{OWN}/now.json", params={"after": newest - 2})
    assert [one["number"] for one in later.json()["lines"]] == [newest, newest - 1]


async def test_a_mail_shows_its_link_and_no_title_says_whose_it_is(
    http: httpx.AsyncClient, monday: Playing
) -> None:
    newest = monday.demo.mailbox.received[-1]
    page = (await http.get(f"{OWN}/mailbox/{newest.number}")).text
    assert 'href="/inbox"' in page
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert newest.to not in title
    assert (await http.get(f"{OWN}/mailbox/999999")).headers["location"] == f"{OWN}/mailbox"
