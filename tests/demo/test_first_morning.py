"""Does everything occur between Sunday evening and Monday at ten, and do its numbers add up?"""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.notify.readmodels.state import NOTIFICATIONS
from tests.demo.conftest import Playing

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def asked(monday: Playing, path: str, **more: Any) -> Any:
    answer = await monday.demo.house.doors.request("GET", path, **more)
    assert answer.status_code == 200
    return answer.json()


async def rows(monday: Playing) -> list[Any]:
    async with monday.demo.house.storage.databases["notify"].reading() as tx:
        return list(await tx.execute(select(NOTIFICATIONS)))


async def test_the_numbers_of_the_morning_add_up(monday: Playing) -> None:
    board = await asked(monday, "/notify/v1/morning")
    assert board["date"] == "2026-11-23"
    assert board["totals"]["unexplained"] == 0
    assert board["totals"]["told"] > 5


async def test_everything_that_can_become_of_one_occurs(monday: Playing) -> None:
    found = await rows(monday)
    education = [one for one in found if one.audience == "education"]
    states = Counter(one.state for one in education)
    assert {"announced", "acknowledged", "not-ours", "superseded", "withdrawn"} <= states.keys()
    assert any(one.overdue for one in education)
    assert any(one.overdue is False and one.opened_at for one in education)
    assert any(one.organisation == "north-marac" for one in found)
    assert any(one.opened_by == "birch-dsl" for one in education)


async def test_something_is_withheld_and_something_held(monday: Playing) -> None:
    decided = (await asked(monday, "/consent/v1/decisions"))["decisions"]
    rules = {reason["rule"] for one in decided for reason in one["because"]}
    assert {"abuse-is-honour-based", "consent-refused", "consent-withdrawn"} <= rules
    held = [one for one in decided if one["outcome"] == "held" and not one["superseded"]]
    assert [one["audience"] for one in held] == ["education"]  # one is left to a person


async def test_the_hold_that_somebody_looked_at_is_released(monday: Playing) -> None:
    found = [one for one in await rows(monday) if one.organisation == "bracken"]
    assert [one.state for one in found] == ["acknowledged"]


async def test_work_is_left_for_people(monday: Playing) -> None:
    tasks = (await asked(monday, "/notify/v1/tasks"))["tasks"]
    assert {
        ("resolve-school", "north-police"),
        ("marac-repeat", "north-marac"),
        ("phone-establishment", "north-council"),
        ("assess-breach", "north-police"),
    } <= {(one["kind"], one["owner"]) for one in tasks if one["state"] == "open"}


async def test_alders_notifications_wait_for_the_visitor(monday: Playing) -> None:
    inbox = (await asked(monday, "/notify/v1/inbox", agency="alder"))["notifications"]
    unread = [one for one in inbox if one["state"] == "announced"]
    assert len(unread) == 3  # two siblings, and one of another family
    assert all(one["overdue"] for one in unread)


async def test_one_of_alders_siblings_has_been_there_before(monday: Playing) -> None:
    counts = []
    by = {"x-daybreak-contact": "alder-dsl"}
    for one in (await asked(monday, "/notify/v1/inbox", agency="alder"))["notifications"]:
        path = f"/notify/v1/inbox/{one['id']}"
        shown = await asked(monday, path, agency="alder", headers=by)
        counts.append(shown["content"].get("history.count_12_months"))
    assert 1 in counts


async def test_overdue_is_said_at_the_very_second(monday: Playing) -> None:
    happened = monday.demo.demonstration.happenings.latest(500)
    elm = [one.at for one in happened if one.kind == "overdue" and one.words.startswith("Elm")]
    assert elm == [datetime.fromisoformat("2026-11-23T08:15:00+00:00")]


async def test_the_list_names_organisations_and_no_person(monday: Playing) -> None:
    words = " ".join(one.words for one in monday.demo.demonstration.happenings.latest(500))
    assert "Northshire Police recorded an incident" in words
    assert "Test" not in words
    assert "child-" not in words


async def test_the_example_of_the_contract_goes_to_alder_and_is_late(monday: Playing) -> None:
    """It is of another month: due then, and so overdue as soon as it comes."""
    example = Path("contracts/examples/police.incident.recorded.v1.json").read_bytes()
    answer = await monday.demo.house.doors.request(
        "POST",
        "/notify/v1/events",
        agency="north-police",
        content=example,
        headers={"content-type": "application/cloudevents+json"},
    )
    assert answer.status_code == 202
    await monday.steps(1)
    receipt = answer.json()["accepted"][0]["receipt"]
    mine = [one for one in await rows(monday) if str(one.receipt) == receipt]
    alder = [one for one in mine if one.organisation == "alder"]
    assert [one.overdue for one in alder] == [True]
