"""What does a recipient see and say over HTTP?"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify.streams.case import note_key
from tests.notify.back_house import SUBJECT, UPN, Back

SATURDAY = datetime(2026, 2, 14, 7, 0, tzinfo=UTC)


async def waiting(back: Back) -> str:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()
    await back.advance(SATURDAY)
    return str((await back.only())["id"])


async def test_reading_is_recorded_before_the_content_is_shown(back: Back) -> None:
    one = await waiting(back)
    answer = await back.call("alder", "GET", f"/{one}", headers={"X-Daybreak-Contact": "alder-dsl"})
    assert answer.status_code == 200
    assert answer.json()["content"]["child.name"] == "Cat Test"
    assert answer.json()["state"] == "opened"
    assert (await back.only())["state"] == "opened"
    recorded = await back.store.read_stream(f"notification-{one}")
    opened = [r for r in recorded if type(r.event).__name__ == "NotificationOpened"]
    assert [(r.event.by, r.context.actor) for r in opened] == [("alder-dsl", "alder-dsl")]
    await back.call("alder", "GET", f"/{one}?by=alder-deputy")
    recorded = await back.store.read_stream(f"notification-{one}")
    reads = [r.event.by for r in recorded if type(r.event).__name__ == "NotificationRead"]
    assert reads == ["alder-deputy"]


async def test_the_list_says_that_something_is_there_and_nothing_of_what(back: Back) -> None:
    one = await waiting(back)
    answer = await back.call("alder", "GET", "")
    (item,) = answer.json()["notifications"]
    assert item["id"] == one
    assert "Cat" not in answer.text
    assert item["initials"] == "C.T."
    assert not {"content", "child.name", "child.date_of_birth"} & set(item)
    assert answer.json()["as_of"]["checked_at"] == SATURDAY.isoformat()
    assert (await back.only())["state"] == "announced"
    empty = await back.call("alder", "GET", "?state=acknowledged")
    assert empty.json()["notifications"] == []
    assert (await back.call("alder", "GET", "?state=no-such-state")).status_code == 422


async def test_another_organisations_notification_is_as_if_it_were_not_there(back: Back) -> None:
    one = await waiting(back)
    theirs = await back.call("birch", "GET", f"/{one}?by=birch-dsl")
    nothing = await back.call("birch", "GET", f"/{uuid4()}?by=birch-dsl")
    assert (theirs.status_code, theirs.json()) == (404, nothing.json())
    assert (await back.call("birch", "GET", "/none")).status_code == 404
    for action, body in (("acknowledge", {"by": "birch-dsl"}), ("not-ours", {"reason": "left"})):
        answer = await back.call("birch", "POST", f"/{one}/{action}", json=body)
        assert answer.status_code == 404
    assert (await back.only())["state"] == "announced"


async def test_acknowledging_keeps_by_whom_and_what_was_done_and_seals_the_note(
    back: Back,
) -> None:
    one = await waiting(back)
    body = {"by": "alder-dsl", "outcome": "supported-silently", "note": "Breakfast with Cat"}
    answer = await back.call("alder", "POST", f"/{one}/acknowledge", json=body)
    assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")
    assert (answer.json()["acknowledged_by"], answer.json()["outcome"]) == (
        "alder-dsl",
        "supported-silently",
    )
    before = await back.store.head()
    await back.call("alder", "POST", f"/{one}/acknowledge", json=body)
    assert await back.store.head() == before  # said twice, done once
    recorded = await back.store.read_stream(f"notification-{one}")
    (noted,) = [r.event for r in recorded if type(r.event).__name__ == "AcknowledgementNoted"]
    assert noted.note.value == "Breakfast with Cat"
    await back.store.destroy_key(note_key(UUID(one), SUBJECT))
    recorded = await back.store.read_stream(f"notification-{one}")
    (noted,) = [r.event for r in recorded if type(r.event).__name__ == "AcknowledgementNoted"]
    assert noted.note.value is None


@pytest.mark.parametrize(
    ("action", "body", "pointer"),
    [
        ("acknowledge", {"by": "nobody"}, "/by"),
        ("acknowledge", {}, "/by"),
        ("acknowledge", {"by": "alder-dsl", "outcome": "fainted"}, "/outcome"),
        ("not-ours", {"reason": "too-much-work"}, "/reason"),
        ("not-ours", {"reason": "left", "why": "..."}, "/why"),
    ],
)
async def test_what_cannot_be_understood_is_refused_with_the_place(
    embedded_back: Back, action: str, body: dict[str, str], pointer: str
) -> None:
    back = embedded_back
    one = await waiting(back)
    answer = await back.call("alder", "POST", f"/{one}/{action}", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await back.only())["state"] == "announced"


async def test_a_publishers_key_opens_no_inbox(embedded_back: Back) -> None:
    back = embedded_back
    one = await waiting(back)
    async with await back.client("north-police", "publisher") as client:
        assert (await client.get(f"/notify/v1/inbox/{one}")).status_code == 403
        assert (await client.get("/notify/v1/morning")).status_code == 403


async def test_the_school_sees_that_somebody_was_asked_to_telephone(embedded_back: Back) -> None:
    back = embedded_back
    one = await waiting(back)
    (asked,) = await asked_to_telephone(back)
    detail = (await back.call("alder", "GET", f"/{one}?by=alder-dsl")).json()
    assert detail["telephone_asked_at"] == [asked["opened_at"]]


async def asked_to_telephone(back: Back) -> list[dict[str, Any]]:
    await back.advance(back.clock.now() + timedelta(days=14))
    return await back.tasks("phone-establishment")
