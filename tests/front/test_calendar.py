"""Does a school see its year, and can it change it without overwriting somebody else?"""

import re
from typing import Any

import httpx
import pytest

from tests.front.house import Door

PATH = "/calendar/alder"
CSV = (
    "academic_year,term,start,end\n"
    "2026/27,Autumn 1,2026-09-02,2026-10-23\n"
    "2026/27,Autumn 2,2026-11-02,2026-12-18\n"
)


def edition(page: httpx.Response) -> str:
    found = re.search(r'name="edition" value="(\d+)"', page.text)
    assert found is not None, page.text
    return found[1]


async def calendar(door: Door, on: str = "2026-11-24") -> dict[str, Any]:
    found: dict[str, Any] = await door.directory("GET", f"alder/calendar?on={on}")
    return found


async def test_a_closure_counts_at_once_and_can_be_taken_back(embedded_door: Door) -> None:
    door = embedded_door
    browser = await door.signed_in()
    page = await browser.get("/calendar")
    assert "Nobody has published term dates" in page.text
    form = {"edition": edition(page), "what": "closed", "start": "2026-11-24", "reason": "snow"}
    done = await browser.post(f"{PATH}/days", data=form)
    assert done.status_code == 303
    shown = await browser.get(done.headers["location"])
    assert "Closed: Snow or ice" in shown.text
    assert (await calendar(door))["on"]["reason"] == "snow"
    one = re.search(r'value="(closures/[0-9a-f-]{36})"', shown.text)
    assert one is not None
    back = {"edition": edition(shown), "one": one[1]}
    assert (await browser.post(f"{PATH}/take-back", data=back)).status_code == 303
    assert (await calendar(door))["on"]["pupils"]


async def test_a_file_counts_only_after_a_look_at_it(embedded_door: Door) -> None:
    door = embedded_door
    browser = await door.signed_in()
    seen = edition(await browser.get("/calendar"))
    files = {"file": ("terms.csv", CSV, "text/csv")}
    look = await browser.post(f"{PATH}/file", data={"edition": seen}, files=files)
    assert "2 September 2026 to 23 October 2026" in look.text
    assert not (await calendar(door))["own"]
    taken = await browser.post(f"{PATH}/import", data={"edition": seen, "text": CSV})
    assert taken.status_code == 303
    assert (await calendar(door))["terms"] == ["2026-09-02/2026-10-23", "2026-11-02/2026-12-18"]
    shown = await browser.get(taken.headers["location"])
    confirmed = await browser.post(f"{PATH}/confirm", data={"edition": edition(shown)})
    assert "recorded as right" in (await browser.get(confirmed.headers["location"])).text


async def test_the_second_of_two_is_told_and_nothing_of_the_first_is_lost(
    embedded_door: Door,
) -> None:
    door = embedded_door
    browser = await door.signed_in()
    seen = edition(await browser.get("/calendar"))
    first = {"edition": seen, "what": "inset", "start": "2026-11-24"}
    assert (await browser.post(f"{PATH}/days", data=first)).status_code == 303
    second = await browser.post(f"{PATH}/days", data={**first, "start": "2026-11-25"})
    assert second.status_code == 412
    assert "Somebody else has changed this calendar" in second.text
    assert (await calendar(door))["inset"] == ["2026-11-24"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Select what happens"),
        ({"what": "inset", "start": "soon"}, "Enter the day as a date"),
        ({"what": "closed", "start": "2026-11-24", "end": "2026-11-23"}, "must not come before"),
        ({"what": "closed", "start": "2026-11-24", "end": "2027-05-23"}, "more than 31 days"),
    ],
)
async def test_what_cannot_be_is_said_on_the_page(
    embedded_door: Door, form: dict[str, str], says: str
) -> None:
    browser = await embedded_door.signed_in()
    seen = edition(await browser.get("/calendar"))
    answer = await browser.post(f"{PATH}/days", data={"edition": seen, **form})
    assert answer.status_code == 422
    assert says in answer.text


async def test_a_file_that_cannot_be_taken_is_refused_on_the_page(embedded_door: Door) -> None:
    browser = await embedded_door.signed_in()
    seen = edition(await browser.get("/calendar"))
    for content, says in ((b"", "Select a file"), (b"\xff\xfe", "UTF-8"), (b"a,b\n", "needs head")):
        files = {"file": ("terms.csv", content, "text/csv")}
        answer = await browser.post(f"{PATH}/file", data={"edition": seen}, files=files)
        assert answer.status_code == 422
        assert says in answer.text


async def test_nobody_changes_anothers_calendar_or_anything_else_by_it(
    embedded_door: Door,
) -> None:
    browser = await embedded_door.signed_in()
    page = await browser.get("/calendar/birch")
    assert page.status_code == 200
    assert "edition" not in page.text
    form = {"edition": "0", "what": "inset", "start": "2026-11-24"}
    assert (await browser.post("/calendar/birch/days", data=form)).status_code == 403
    for one in ("../contacts/alder-dsl", "entries/../../contacts/alder-dsl", ""):
        answer = await browser.post(f"{PATH}/take-back", data={"edition": "0", "one": one})
        assert answer.status_code == 400
