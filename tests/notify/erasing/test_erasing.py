"""What is left in notify of a case that consent has erased?"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts import messages
from services.chassis.chain import verify
from services.chassis.store import StoreUnavailable
from services.notify.erasing.erasing import Erasing
from services.notify.streams.case import AcknowledgementNoted
from services.notify.streams.decision import DecisionRecorded
from services.notify.streams.erasure import CaseErased
from tests.notify.back_house import CASE, SUBJECT, UPN, Back

SATURDAY = datetime(2026, 2, 14, 7, 0, tzinfo=UTC)
ENDS = datetime(2027, 3, 14, tzinfo=UTC)


async def told(back: Back) -> str:
    """One child's notification, read and answered with a note."""
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()
    await back.advance(SATURDAY)
    one = str((await back.only())["id"])
    body = {"by": "alder-dsl", "note": "Breakfast with Cat"}
    assert (await back.call("alder", "POST", f"/{one}/acknowledge", json=body)).is_success
    return one


async def erase(back: Back, at: datetime = ENDS) -> None:
    back.clock.set(at)
    body = messages.CaseErased(case=CASE, ended_at=at, erased_at=at)
    await back.publish(messages.DISCLOSURES, messages.CASE_ERASED, body)


async def personal(back: Back) -> list[Any]:
    found: list[Any] = []
    for recorded in await back.store.read_all(0, 10_000):
        event = recorded.event
        if isinstance(event, DecisionRecorded) and event.content:
            found.append(event.content.value)
        if isinstance(event, AcknowledgementNoted):
            found.append(event.note.value)
    return found


async def erased(back: Back) -> list[CaseErased]:
    said = await back.store.read_stream(f"erasure-{CASE}")
    return [one.event for one in said if isinstance(one.event, CaseErased)]


def worker(back: Back) -> Erasing:
    [one] = [each for each in back.part.workers if isinstance(each, Erasing)]
    return one


async def test_content_and_notes_are_gone_and_every_door_says_so(back: Back) -> None:
    one = await told(back)
    assert None not in await personal(back)

    await erase(back)
    await back.settle()

    assert await personal(back) == [None, None]
    [record] = await erased(back)
    assert (record.decisions, record.notifications) == (1, 1)
    assert (await back.call("alder", "GET", f"/{one}?by=alder-dsl")).status_code == 410
    for path, body in (
        ("acknowledge", {"by": "alder-dsl", "note": "Once more"}),
        ("not-ours", {"by": "alder-dsl", "reason": "left"}),
    ):
        answer = await back.call("alder", "POST", f"/{one}/{path}", json=body)
        assert answer.status_code == 410
    answer = await back.call("alder", "GET", "")
    assert answer.status_code == 200
    assert "Cat" not in answer.text
    assert (await back.only())["shows"] == {}
    assert await verify(back.store) is None


async def test_why_and_the_rows_made_again_still_answer(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    made = await back.decide()
    answered = messages.EventDecided(event=made.event, case=CASE, decisions=1)
    await back.publish(messages.DISCLOSURES, messages.EVENT_DECIDED, answered)
    await back.advance(SATURDAY)
    await erase(back)
    await back.settle()

    async with await back.client("ops", "operations") as client:
        before = await client.get(f"/notify/v1/why/{made.event.receipt}")
        assert before.status_code == 200
        for one in back.part.workers:
            if hasattr(one, "rebuild"):
                await one.rebuild()
        again = await client.get(f"/notify/v1/why/{made.event.receipt}")
    assert again.json() == before.json()


async def test_another_case_of_the_same_child_and_what_comes_later_stay(back: Back) -> None:
    await told(back)
    await back.decide(case=uuid4(), event="n-2", subject=SUBJECT)
    await erase(back)
    await back.decide(event="n-3", now=ENDS + timedelta(hours=1))
    await back.settle()
    assert len([value for value in await personal(back) if value]) == 2


async def test_killed_half_way_it_goes_on(
    embedded_back: Back, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = embedded_back
    await told(back)
    await erase(back)
    await back.bus.run_once()
    destroy, left = back.store.destroy_key, [1]

    async def dies(subject: str) -> bool:
        left[0] -= 1
        if left[0] < 0:
            raise StoreUnavailable("killed")
        return await destroy(subject)

    with monkeypatch.context() as patch:
        patch.setattr(back.store, "destroy_key", dies)
        with pytest.raises(StoreUnavailable):
            await worker(back).run_once()
    assert await erased(back) == []
    await back.settle()
    assert await personal(back) == [None, None]
    assert len(await erased(back)) == 1


async def test_two_workers_and_a_second_copy_of_the_message_erase_once(back: Back) -> None:
    await told(back)
    await erase(back)
    await erase(back)
    while await back.bus.run_once():
        pass
    one = worker(back)
    await asyncio.gather(one.run_once(), one.run_once())
    await back.settle()
    assert len(await erased(back)) == 1
