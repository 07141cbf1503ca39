"""Does the demonstration publish services, and nothing of where somebody is safe?"""

from typing import Any

import pytest

from services.demo import offers
from tests.demo.conftest import Playing

pytestmark = pytest.mark.asyncio(loop_scope="session")
FEED = "/directory/open-referral"


async def told(monday: Playing, path: str) -> Any:
    answer = await monday.demo.demonstration.parts.doors.bare("GET", f"{FEED}/{path}")
    assert answer.status_code == 200
    return answer


async def test_the_feed_is_there_and_the_refuge_is_not(monday: Playing) -> None:
    services = (await told(monday, "services")).json()["contents"]
    published = {one["name"] for one in services}
    assert published == {
        one["name"] for one in offers.services() if one["organisation"] != "larkspur"
    }
    there = (await told(monday, "service_at_locations")).json()["contents"]
    assert len(there) == 3
    whole = [await told(monday, f"services/{one['id']}") for one in services]
    whole.append(await told(monday, "service_at_locations"))
    for inside in ("arkspur", "Secret", "Unseen", "Bakery", "8QQ", "9QQ", "Test", "0790", "01632"):
        assert not [answer for answer in whole if inside in answer.text], inside


async def test_one_of_them_is_on_the_list_of_what_nobody_checked(monday: Playing) -> None:
    doors = monday.demo.demonstration.parts.doors
    answer = await doors.request("GET", "/directory/v1/services?stale=true")
    checked = {one["id"] for one in answer.json()["services"]}
    assert checked == {offers.UNCHECKED}
