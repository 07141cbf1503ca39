"""Does `daybreak explain` with the file of the area say what the running area does?"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.commands.explain import explained
from services.demo.area import FILE, DemoArea
from services.demo.school_year import terms
from services.notify.readmodels.evidence import evidence
from services.scenario.story import read_area
from tests.demo.conftest import Opens

EXAMPLES = Path(__file__).resolve().parents[2] / "contracts" / "examples"
_SAID = (
    "outcome because agreement agreement_version basis profile shows drops tell_subject"
).split()
_TOLD = ("to", "about", "audience", "agreement", "due")
pytestmark = pytest.mark.asyncio(loop_scope="session")


def _flat(one: dict[str, Any], names: Any) -> str:
    return json.dumps({name: one.get(name) or None for name in names}, sort_keys=True)


async def test_the_command_decides_and_sets_deadlines_as_the_running_area_does(
    opens: Opens, tmp_path: Path
) -> None:
    event = json.loads((EXAMPLES / "police.incident.recorded.v1.json").read_text())
    written = read_area(FILE)
    async with opens(tmp_path) as playing:
        house = playing.demo.house
        answer = await house.doors.request(
            "POST",
            "/notify/v1/events",
            agency="north-police",
            json=event,
            headers={"content-type": "application/cloudevents+json"},
        )
        assert answer.status_code == 202
        await house.house.settle()
        name = f"{event['source']}|{event['id']}"
        asked = await house.doors.request("GET", "/consent/v1/decisions", params={"event": name})
        storage = house.storage
        told = await evidence(storage.databases["notify"], storage.stores["notify"])
        moment = playing.now
    said = await explained(event, written, moment)

    live = {(one["about"], one["audience"]): one for one in asked.json()["decisions"]}
    assert {(one["about"], one["audience"]) for one in said["decisions"]} == set(live)
    for one in said["decisions"]:
        assert _flat(one, _SAID) == _flat(live[one["about"], one["audience"]], _SAID)
    known = {one.id for one in written.organisations}
    really = {_flat(one, _TOLD) for one in told if one["to"] in known}
    assert {_flat(one, _TOLD) for one in said["notifications"]} == really
    # the half-term of that February is between the night and the next day of school
    school = next(one for one in said["notifications"] if one["to"] == "alder")
    assert school["due"].startswith("2026-02-23T")


async def test_the_file_has_the_term_dates_that_the_demonstration_publishes() -> None:
    council = next(one for one in read_area(FILE).organisations if one.id == "north-council")
    written = (council.model_extra or {})["calendar"]["terms"]
    years = range(2025, 2031)
    assert written == [f"{start}/{end}" for year in years for start, end in terms(year)]
    sunday = date(2026, 11, 22)
    for shift in (0, 365, 730):
        area = DemoArea(sunday + timedelta(days=shift))
        running = next(one for one in area.organisations if one["id"] == "alder")
        assert set(running["calendar"]["terms"][6:]) <= set(written)
