"""What does who governs the sharing see and do of people's rights, holds and what ends?"""

import html
import re
from datetime import timedelta
from typing import Any

import httpx

from tests.front.house import DSL, OPERATOR, Door
from tests.front.test_governing import governor

Json = dict[str, Any]
CAT = {
    "given_name": "Cat",
    "family_name": "Test",
    "date_of_birth": "2018-05-01",
    "postcode": "zz99 3cz",
}
PERSONAL = ("Cat", "2018-05-01", "ZZ99", "zz99")
_ACCESS = "/governance/rights/access"


async def asked(door: Door, browser: httpx.AsyncClient, **more: str) -> str:
    """The address of a request about Cat, of whom there is one incident."""
    await door.recorded("N/1")
    told = {**CAT, "requester": "the-person", "received_on": "2026-11-20", **more}
    answer = await browser.post(f"{_ACCESS}/new", data=told)
    assert answer.status_code == 303, answer.text
    await door.stage.house.settle()
    return str(answer.headers["location"]).partition("?")[0]


def fields(page: httpx.Response) -> list[str]:
    """Every field that can be ruled on."""
    return re.findall(r'name="path" type="checkbox" value="([^"]+)"', page.text)


def title(page: httpx.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", page.text)
    assert found is not None
    return found.group(1)


async def test_from_the_request_over_its_rulings_to_the_pack_by_two_people(
    embedded_door: Door,
) -> None:
    door = embedded_door
    first, second = await governor(door), await door.signed_in(OPERATOR)
    where = await asked(door, first)
    page = await first.get(f"{where}?done=opened")
    assert "Sunday 20 December 2026" in page.text  # a calendar month
    paths = fields(page)
    assert paths
    assert "Somebody else" in page.text
    # a task, on the page of tasks, that leads here
    tasks = await first.get("/tasks")
    assert "Answer somebody who asks what is held of them" in tasks.text
    one = await first.get(f"/tasks/{where.rsplit('/', 1)[1]}")
    assert where in one.text
    assert "It is done when the request itself" in one.text

    empty = await first.post(f"{where}/rulings", data={"path": paths})
    assert (empty.status_code, "Select whether they are released" in empty.text) == (422, True)
    bare = await first.post(f"{where}/rulings", data={"path": paths, "decision": "redact"})
    assert (bare.status_code, "relies on an exemption" in bare.text) == (422, True)
    early = await second.post(f"{where}/release")
    assert (early.status_code, "have not been ruled on" in html.unescape(early.text)) == (409, True)
    told = {"path": paths, "decision": "redact", "exemption": "third-party-rights"}
    assert (await first.post(f"{where}/rulings", data=told)).status_code == 303
    same = await first.post(f"{where}/release")
    assert (same.status_code, "another person does" in same.text) == (409, True)
    given = await second.post(f"{where}/release")
    assert given.headers["location"] == f"{where}?done=released"

    pack = await second.post(f"{where}/pack")
    assert pack.status_code == 200
    assert "Cat" in pack.text
    assert "Bob" not in pack.text
    assert "so far 1 time" in (await second.get(where)).text
    await door.stage.house.settle()
    assert "Nothing waits" in (await first.get("/tasks")).text
    for seen in (page, tasks, one, pack):
        assert not [text for text in PERSONAL if text in title(seen) or text in str(seen.url)]


async def test_a_request_is_given_more_time_and_refused_with_a_reason(embedded_door: Door) -> None:
    browser = await governor(embedded_door)
    where = await asked(embedded_door, browser)
    bare = await browser.post(f"{where}/extend", data={"told_on": "2026-11-21"})
    assert (bare.status_code, "Enter the reason" in bare.text) == (422, True)
    late = {"told_on": "2027-01-01", "reason": "Many agencies"}
    assert (await browser.post(f"{where}/extend", data=late)).status_code == 422
    told = {"told_on": "2026-11-21", "reason": "Many agencies"}
    assert (await browser.post(f"{where}/extend", data=told)).status_code == 303
    assert "Saturday 20 February 2027" in (await browser.get(where)).text
    refused = await browser.post(f"{where}/refuse", data={"reason": "Asked for by mistake"})
    assert refused.headers["location"] == f"{where}?done=refused"
    page = await browser.get("/governance/rights")
    assert "Refused" in page.text
    assert (await browser.post(f"{where}/refuse", data={"reason": "Again"})).status_code == 409


async def test_a_persons_own_words_and_the_answer_to_who_wants_it_gone(
    embedded_door: Door,
) -> None:
    door = embedded_door
    browser = await governor(door)
    await door.recorded("N/1")
    said = {**CAT, "event": "/agencies/north-police|N/1", "received_on": "2026-11-21"}
    bare = await browser.post("/governance/rights/annotations", data=said)
    assert (bare.status_code, "Enter what the person says" in bare.text) == (422, True)
    said["statement"] = "It was a quarrel about music"
    other = {**said, "event": "/agencies/north-police|N/9"}
    assert (await browser.post("/governance/rights/annotations", data=other)).status_code == 404
    done = await browser.post("/governance/rights/annotations", data=said)
    assert done.headers["location"] == "/governance/rights/annotations?done=yes"

    gone = {**CAT, "received_on": "2026-11-21"}
    answer = await browser.post("/governance/rights/erasure", data=gone)
    assert "Refused: 1 record is kept" in answer.text
    nobody = await browser.post("/governance/rights/erasure", data={**gone, "given_name": "Zed"})
    assert "Nothing is held under exactly this" in nobody.text
    assert "Refused: it is kept" in (await browser.get("/governance/rights")).text


async def test_a_legal_hold_is_put_reviewed_when_it_has_lapsed_and_lifted(
    embedded_door: Door,
) -> None:
    door = embedded_door
    browser = await governor(door)
    await door.recorded("N/1")
    told = {**CAT, "reason": "An inquiry", "review_on": "2026-11-24"}
    bare = await browser.post("/governance/legal-holds", data={**told, "review_on": "soon"})
    assert (bare.status_code, "Enter the day of the review" in bare.text) == (422, True)
    past = await browser.post("/governance/legal-holds", data={**told, "review_on": "2026-01-01"})
    assert (past.status_code, "A review lies ahead" in past.text) == (422, True)
    assert (await browser.post("/governance/legal-holds", data=told)).status_code == 303
    page = await browser.get("/governance/legal-holds?done=placed")
    assert "An inquiry" in page.text
    assert "Review lapsed" not in page.text
    found = re.search(r"/governance/legal-holds/[0-9a-f-]{36}", page.text)
    assert found is not None
    where = found.group()

    await door.stage.advance(door.stage.clock.now() + timedelta(days=2))
    assert "Review lapsed" in (await browser.get("/governance/legal-holds")).text
    assert "It holds all the same" in (await browser.get(where)).text
    kept = {"reason": "It goes on", "review_on": "2027-01-01"}
    assert (await browser.post(f"{where}/review", data=kept)).status_code == 303
    assert "Review lapsed" not in (await browser.get("/governance/legal-holds")).text
    assert (await browser.post(f"{where}/lift", data={})).status_code == 422
    lifted = await browser.post(f"{where}/lift", data={"lift_reason": "It is over"})
    assert lifted.headers["location"] == "/governance/legal-holds?done=lifted"
    assert (await browser.get(where)).status_code == 404


async def test_what_is_kept_says_until_when_and_why_and_nobody_else_sees_these_pages(
    embedded_door: Door,
) -> None:
    door = embedded_door
    await door.recorded("N/1")
    browser = await governor(door)
    page = await browser.get("/governance/retention")
    assert "No cases have ended" in page.text or "0 cases have ended, of 1" in page.text
    assert "to be confirmed by the area" in page.text
    assert "Consents and refusals" in page.text
    school = await door.signed_in(DSL)
    for path in ("rights", "rights/access/new", "rights/erasure", "legal-holds", "retention"):
        assert (await browser.get(f"/governance/{path}")).status_code == 200
        assert (await school.get(f"/governance/{path}")).status_code == 404
