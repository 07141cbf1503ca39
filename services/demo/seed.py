"""How does the demonstration begin? With a synthetic area and a night's events, once."""

import json
from collections.abc import Callable
from pathlib import Path

from services.assembly import House
from services.demo.incidents import tonight
from services.doors import Doors
from services.scenario.people import People
from services.scenario.setting import set_up
from services.scenario.story import read_area

_AREA = Path(__file__).with_name("area.yaml")
_OPERATOR = "northshire-operations"


class _Demonstration:
    """The house as the area's set-up wants to see it."""

    def __init__(self, house: House, doors: Doors) -> None:
        self.house = house
        self.request = doors.request
        self.issue = doors.issue
        self.receiver_url = "http://127.0.0.1:9"  # nobody listens: the area has no endpoint


async def seed(
    house: House, doors: Doors, folder: Path, url: str, say: Callable[[str], object]
) -> None:
    """Put the area in place when the folder has none yet, and print what to try."""
    kept = folder / "demo.json"
    if not kept.exists():
        await _begin(house, doors)
        keys = dict(doors.keys)
        answer = await doors.request(
            "POST",
            "/directory/v1/keys",
            json={"agency": _OPERATOR, "roles": ["operations", "information-governance"]},
        )
        answer.raise_for_status()
        keys[_OPERATOR] = answer.json()["key"]
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(keys), encoding="utf-8")
        await house.settle()
    keys = json.loads(kept.read_text(encoding="utf-8"))
    say("A synthetic area is living here: no person or school in it exists.")
    say(f"\n  Open      {url}/")
    say(f"  Keys      {kept}")
    say("\nWhat a school sees this morning:\n")
    say(f"  curl -H 'Authorization: Bearer {keys['alder']}' {url}/notify/v1/inbox\n")
    say("Why each was told, and why others were not:\n")
    say(f"  curl -H 'Authorization: Bearer {keys[_OPERATOR]}' {url}/consent/v1/decisions\n")


async def _begin(house: House, doors: Doors) -> None:
    await set_up(_Demonstration(house, doors), read_area(_AREA), {}, People())
    for event in tonight(house.clock.now()):
        answer = await doors.request(
            "POST",
            "/notify/v1/events",
            agency=event["source"].rsplit("/", 1)[-1],
            json=event,
            headers={"content-type": "application/cloudevents+json"},
        )
        answer.raise_for_status()
        await house.settle()
