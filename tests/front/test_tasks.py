"""Does who must do something see it, and can they say on a page that it is done?"""

from typing import Any

import httpx
import pytest

from tests.front.house import DSL, OFFICER, Door

Json = dict[str, Any]
URN = "900077"


async def recorded(door: Door, **more: Any) -> list[Json]:
    """An incident of a child whose school nobody knows; the tasks of the force after it."""
    await door.recorded("N/1", **more)
    return await tasks(door)


async def tasks(door: Door) -> list[Json]:
    answer = await door.stage.request("GET", "/notify/v1/tasks?owner=north-police&state=open")
    return list(answer.json()["tasks"])


async def of_kind(door: Door, kind: str, **more: Any) -> Json:
    return next(one for one in await recorded(door, **more) if one["kind"] == kind)


async def a_school(door: Door) -> None:
    body = {"kind": "school", "name": "Birch Academy", "urn": URN}
    await door.directory("PUT", "birch", json=body)
    await door.stage.house.settle()


async def officer(door: Door) -> httpx.AsyncClient:
    return await door.signed_in(OFFICER)


async def test_nothing_to_do_is_said(embedded_door: Door) -> None:
    page = await (await officer(embedded_door)).get("/tasks")
    assert "Nothing waits for your organisation" in page.text


async def test_the_force_says_which_school_it_is_and_the_task_is_done(embedded_door: Door) -> None:
    task = await of_kind(embedded_door, "resolve-school")
    await a_school(embedded_door)
    browser = await officer(embedded_door)
    listed = await browser.get("/tasks")
    assert f"/tasks/{task['id']}" in listed.text
    page = await browser.get(f"/tasks/{task['id']}")
    assert f"/events/{task['receipt']}" in page.text
    assert (await browser.get(f"/events/{task['receipt']}")).status_code == 200

    done = await browser.post(f"/tasks/{task['id']}", data={"urn": f" {URN} "})
    assert done.status_code == 303
    assert "recorded as done" in (await browser.get(done.headers["location"])).text
    assert task["id"] not in [one["id"] for one in await tasks(embedded_door)]
    await embedded_door.stage.house.settle()
    receipt = await embedded_door.stage.request("GET", f"/notify/v1/why/{task['receipt']}")
    told = [
        each["organisation"]
        for one in receipt.json()["decisions"]
        for each in one["notifications"]
        if one["audience"] == "education"
    ]
    assert told == ["birch"]


@pytest.mark.parametrize("urn", ["900999", "Birch", "../organisations/birch", "９０００７７"])
async def test_what_is_no_school_is_asked_for_again_and_nothing_is_done(
    embedded_door: Door, urn: str
) -> None:
    task = await of_kind(embedded_door, "resolve-school")
    await a_school(embedded_door)
    browser = await officer(embedded_door)
    again = await browser.post(f"/tasks/{task['id']}", data={"urn": urn})
    assert again.status_code == 422
    assert "Enter the number (URN)" in again.text
    assert task["id"] in [one["id"] for one in await tasks(embedded_door)]


async def test_a_hold_is_not_ticked_off_but_resolved(embedded_door: Door) -> None:
    handling = {"covert": True}
    found = await recorded(embedded_door, handling=handling)
    task = next(one for one in found if one["kind"] == "review-hold")
    browser = await officer(embedded_door)
    page = await browser.get(f"/tasks/{task['id']}")
    assert "It is done when the hold itself is released or withheld" in page.text
    assert '<form action="/tasks/' not in page.text
    refused = await browser.post(f"/tasks/{task['id']}")
    assert refused.status_code == 422
    assert task["id"] in [one["id"] for one in await tasks(embedded_door)]


async def test_what_is_over_or_another_organisations_is_not_there(embedded_door: Door) -> None:
    task = await of_kind(embedded_door, "resolve-school")
    browser = await officer(embedded_door)
    assert (await browser.post(f"/tasks/{task['id']}")).status_code == 303
    gone = await browser.get(f"/tasks/{task['id']}")
    assert (gone.status_code, "No such task is open" in gone.text) == (404, True)
    school = await embedded_door.signed_in(DSL)
    assert (await school.get(f"/tasks/{task['id']}")).status_code == 404
    assert (await school.post(f"/tasks/{task['id']}")).status_code == 404


async def test_who_has_not_signed_in_sees_no_task(embedded_door: Door) -> None:
    answer = await embedded_door.browser().get("/tasks")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
