"""Does a reader get through everything that was received, by links alone?"""

import re

import pytest

from services.front import inbox
from tests.front.house import Door


async def test_next_and_previous_lead_through_everything_that_was_received(
    embedded_door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = embedded_door
    monkeypatch.setattr(inbox, "_SHOWN", "2")
    await door.directory("PUT", "alder", json={"kind": "school", "urn": "900001"})
    for number in range(3):
        await door.recorded(f"SYN-{number}")
    browser = await door.signed_in()
    today = (await browser.get("/inbox")).text
    assert len(re.findall(r'href="/inbox/[0-9a-f-]{36}"', today)) == 3  # all, while unread
    assert "/inbox/all" in today
    first = (await browser.get("/inbox/all")).text
    assert "Previous" not in first
    second = (await browser.get(_link(first, "next"))).text
    seen = [re.findall(r'href="(/inbox/[0-9a-f-]{36})"', page) for page in (first, second)]
    assert [len(one) for one in seen] == [2, 1]
    assert len({*seen[0], *seen[1]}) == 3
    assert "Next" not in second
    assert (
        re.findall(
            r'href="(/inbox/[0-9a-f-]{36})"', (await browser.get(_link(second, "prev"))).text
        )
        == seen[0]
    )
    assert (await browser.get("/inbox/new?since=2026-01-01T00:00:00Z")).json() == {"new": 3}
    nowhere = await browser.get("/inbox/all?after=nowhere")
    assert nowhere.status_code == 422
    assert "There is no such place in the list" in nowhere.text


def _link(page: str, rel: str) -> str:
    (link,) = re.findall(rf'<a[^>]*href="([^"]*)"[^>]*rel="{rel}"', page)
    return str(link)
