"""What does the information-governance lead see, decide and try out?"""

import json
from typing import Any

import httpx
import pytest

from services.front.governing import comparing, versions
from services.front.governing.reading_aloud import read_aloud
from services.front.governing.simulating import due_words, examples
from services.front.words import local_day
from tests.front.house import DSL, HOUSE_TIME, OPERATOR, Door

GOVERNOR = "governance@operations.example"
Json = dict[str, Any]


async def governor(door: Door) -> httpx.AsyncClient:
    return await door.signed_in(GOVERNOR)


async def hold(door: Door, reference: str = "N/1") -> str:
    """One decision that waits for a person."""
    await door.recorded(reference, handling={"covert": True})
    return str(next(one["hold_id"] for one in await holds(door) if one["audience"] == "education"))


async def holds(door: Door) -> list[Json]:
    answer = await door.stage.request("GET", "/consent/v1/holds")
    return list(answer.json()["holds"])


async def agreement(door: Door, name: str = "operation-encompass") -> Json:
    answer = await door.stage.request("GET", f"/consent/v1/agreements/{name}")
    return dict(answer.json()["versions"][-1])


async def test_who_governs_and_does_not_run_it_sees_the_pages_and_not_the_board(
    embedded_door: Door,
) -> None:
    browser = await governor(embedded_door)
    assert (await browser.get("/start")).headers["location"] == "/governance"
    page = await browser.get("/governance")
    assert "Information governance" in page.text
    assert (await browser.get("/morning")).status_code == 404
    assert embedded_door.asked_as("consent").roles == {"information-governance"}
    operator = await embedded_door.signed_in(OPERATOR)
    assert (await operator.get("/governance")).status_code == 200


@pytest.mark.parametrize("path", ["", "/holds", "/agreements", "/simulator"])
async def test_nobody_else_is_told_that_the_pages_are_there(embedded_door: Door, path: str) -> None:
    browser = await embedded_door.signed_in(DSL)
    assert (await browser.get(f"/governance{path}")).status_code == 404


async def test_a_role_that_nobody_knows_opens_nothing(embedded_door: Door) -> None:
    again = embedded_door.again(operators=["x@operations.example:everything"])
    embedded_door.front = again
    browser = embedded_door.browser()
    assert (await browser.post("/sign-in", data={"email": "x@operations.example"})).is_success
    await embedded_door.deliver()
    assert embedded_door.letters.links == []


async def test_a_hold_is_released_with_a_reason_under_the_governors_name(
    embedded_door: Door,
) -> None:
    one = await hold(embedded_door)
    browser = await governor(embedded_door)
    listed = await browser.get("/governance/holds")
    assert f"/governance/holds/{one}" in listed.text
    page = await browser.get(f"/governance/holds/{one}")
    assert "North Police" in page.text
    assert "child.name" not in page.text
    assert "Full name of the child" in page.text
    assert "Cat" not in page.text

    empty = await browser.post(f"/governance/holds/{one}", data={"outcome": "disclosed"})
    assert (empty.status_code, "Enter why" in empty.text) == (422, True)
    told = {"outcome": "disclosed", "reason": "The officer in the case agrees."}
    done = await browser.post(f"/governance/holds/{one}", data=told)
    assert done.status_code == 303
    assert one not in [each["hold_id"] for each in await holds(embedded_door)]
    assert embedded_door.asked_as("consent").person.startswith("governor-")

    again = await browser.post(f"/governance/holds/{one}", data=told)
    assert again.status_code == 409
    assert "This is held no longer" in again.text


async def test_a_hold_is_answered_from_our_own_pages_only(embedded_door: Door) -> None:
    one = await hold(embedded_door)
    browser = await governor(embedded_door)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    told = {"outcome": "disclosed", "reason": "x"}
    answer = await browser.post(f"/governance/holds/{one}", data=told, headers=elsewhere)
    assert answer.status_code == 403
    assert one in [each["hold_id"] for each in await holds(embedded_door)]


async def test_every_agreement_reads_aloud_with_its_sources(embedded_door: Door) -> None:
    browser = await governor(embedded_door)
    listed = await browser.get("/governance/agreements")
    found = (await embedded_door.stage.request("GET", "/consent/v1/agreements")).json()
    for one in found["agreements"]:
        assert f"/governance/agreements/{one['id']}?version={one['version']}" in listed.text
        page = await browser.get(f"/governance/agreements/{one['id']}")
        assert page.status_code == 200, one["id"]
        whole = await agreement(embedded_door, one["id"])
        # each condition is read, and each source that it names stands beside it with its status
        for condition in whole["conditions"]:
            assert condition["rule"] in page.text
        cited = {name for each in whole["conditions"] for name in each["cites"]}
        assert all(
            whole["citations"][name]["url"] in page.text.replace("&amp;", "&") for name in cited
        )
        assert "to be confirmed by the area" in page.text or all(
            each["status"] == "verified" for each in whole["citations"].values()
        )


async def test_a_review_that_is_past_is_marked(embedded_door: Door) -> None:
    whole, today = await agreement(embedded_door), local_day(HOUSE_TIME)
    assert versions.lapsed({**whole, "review_on": "2026-11-22"}, today)
    assert not versions.lapsed({**whole, "review_on": "2026-11-23"}, today)
    ended = {**whole, "in_force": {"since": "2025-11-07", "until": "2026-11-22"}}
    assert versions.state(ended, today) == "Ended"
    to_come = {**whole, "in_force": {"since": "2026-11-24", "until": None}}
    assert versions.state(to_come, today) == "Not yet in force"
    assert versions.standing([ended, to_come], today) is to_come


async def test_of_two_versions_the_fields_that_are_shown_come_first(embedded_door: Door) -> None:
    before = await agreement(embedded_door)
    profile = [*before["profiles"]["minimal"], "harmed.name"]
    profile.remove("incident.desk")
    after = {**before, "version": "2", "review_on": "2031-01-01"}
    after["profiles"] = {**before["profiles"], "minimal": profile}
    [change] = comparing.profile_changes(before, after)
    assert (change.profile, change.added, change.removed) == (
        "minimal",
        ("The person harmed",),
        ("Whom to ask",),
    )
    [other] = comparing.changes(before, after)
    assert other.label == "To be reviewed on"
    assert other.after == ("1 January 2031",)
    assert comparing.changes(before, before) == []


async def test_a_difference_is_shown_side_by_side(embedded_door: Door) -> None:
    before = await agreement(embedded_door)
    after = {**before, "version": "2", "title": "Renewed", "breaches_to": "ig@new.example"}
    after["profiles"] = {**before["profiles"], "minimal": ["child.name"]}

    class Doctored(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/operation-encompass"):
                return httpx.Response(200, json={"id": "x", "versions": [before, after]})
            return await inner.handle_async_request(request)

    inner = embedded_door.ways["consent"].inner
    embedded_door.ways["consent"].inner = Doctored()
    browser = await governor(embedded_door)
    page = await browser.get("/governance/agreements/operation-encompass/changes?before=1&after=2")
    assert "version 1 and version 2" in page.text
    assert page.text.index("Removed") < page.text.index("ig@new.example")
    one = await browser.get("/governance/agreements/operation-encompass?version=2")
    assert "what is different from version 1" in one.text


async def test_the_simulator_answers_as_explain_does_and_stores_nothing(
    embedded_door: Door,
) -> None:
    browser = await governor(embedded_door)
    example = examples()["police.incident.recorded.v1"]
    chosen = await browser.get("/governance/simulator?example=police.incident.recorded.v1")
    assert "SYN-2026-000101" in chosen.text
    heads = {name: await store.head() for name, store in embedded_door.stage.storage.stores.items()}
    page = await browser.post("/governance/simulator", data={"event": example})
    asked = await embedded_door.stage.request(
        "POST", "/consent/v1/explain", json=json.loads(example)
    )
    for one in asked.json()["decisions"]:
        for reason in one["because"]:
            assert reason["rule"] in page.text
    assert "Would be told" in page.text
    assert "Nothing is stored" in page.text
    assert heads == {
        name: await store.head() for name, store in embedded_door.stage.storage.stores.items()
    }


async def test_what_is_no_event_is_said_with_its_place(embedded_door: Door) -> None:
    browser = await governor(embedded_door)
    for wrong in ("", "{", "[]"):
        page = await browser.post("/governance/simulator", data={"event": wrong})
        assert (page.status_code, "Paste one event as JSON" in page.text) == (422, True)
    example = json.loads(examples()["police.incident.recorded.v1"])
    del example["data"]["grading"]
    page = await browser.post("/governance/simulator", data={"event": json.dumps(example)})
    assert page.status_code == 422
    assert "/data/grading" in page.text


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"kind": "clock-hours", "hours": 1}, "1 hour after Monday 23 November 2026 at 7:00am"),
        ({"kind": "working-day", "days": 1, "at": "17:00:00"}, "1 working day after Monday"),
        ({"kind": "at-once"}, "At once: Monday 23 November 2026 at 7:00am"),
        ({"kind": "school-day"}, "Before the gate opens on the first school day after Monday"),
    ],
)
def test_a_clock_is_said_in_words(rule: Json, says: str) -> None:
    assert due_words({**rule, "starts_at": HOUSE_TIME.isoformat()}).startswith(says)


async def test_what_is_new_in_an_agreement_is_read_aloud_too(embedded_door: Door) -> None:
    whole = await agreement(embedded_door)
    headings = [part.heading for part in read_aloud(whole)]
    assert headings[:3] == [
        "Who shares, and what for",
        "Who is told, about whom, and by when",
        "On what ground",
    ]
    said = [text for part in read_aloud(whole) for line in part.lines for text in line.says]
    assert not [text for text in said if "_" in text or "{" in text]
