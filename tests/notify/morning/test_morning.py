"""Do the numbers of a morning reconcile for every child and establishment?"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from contracts import messages
from tests.notify.back_house import NORTH_CSC, UPN, Back

MORNING = datetime(2026, 2, 14, 9, 5, tzinfo=UTC)


async def board(back: Back, day: str) -> dict[str, object]:
    await back.settle()
    async with await back.client("ops", "operations") as client:
        answer = await client.get(f"/notify/v1/morning?date={day}")
    assert answer.status_code == 200, answer.text
    for name in ("Cat", "Test", UPN, "N-1"):
        assert name not in answer.text
    body: dict[str, object] = answer.json()
    return body


async def test_received_is_told_and_withheld_and_held_and_open(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.pupil("birch", UPN)  # at two schools: two pairs
    await back.decide()
    for outcome in ("withheld", "held"):
        await back.decide(outcome=outcome, subject=uuid4(), about=outcome)
    await back.decide(upn="A999000000008", subject=uuid4(), about="nowhere")  # resolve-school
    await back.decide(audience="childrens-social-care", signatories=("somebody-else",))
    await back.advance(MORNING)
    totals = (await board(back, "2026-02-14"))["totals"]
    assert totals == {
        "received": 6,
        "promised": 2,
        "told": 2,
        "withheld": 2,
        "held": 1,
        "open": 1,
        "opened": 0,
        "in_time": 0,
        "late": 0,
        "no_longer": 0,
        "unexplained": 0,
    }


async def test_by_establishment_and_force_and_with_the_list_still_open(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()
    await back.advance(MORNING)
    found = await board(back, "2026-02-14")
    by_place = found["by_establishment"]
    assert isinstance(by_place, list)
    assert [(one["establishment"], one["told"]) for one in by_place] == [("alder", 1)]
    by_force = found["by_force"]
    assert isinstance(by_force, list)
    assert [(one["force"], one["received"]) for one in by_force] == [("north-police", 1)]
    waiting = found["open"]
    assert isinstance(waiting, list)
    assert [(one["establishment"], one["state"]) for one in waiting] == [("alder", "announced")]


async def test_corrections_and_not_ours_leave_nothing_unexplained(back: Back) -> None:
    await back.area(NORTH_CSC)
    await back.area()
    await back.pupil("alder", UPN)
    first = await back.decide()
    await back.settle()
    await back.decide(
        supersedes=first.decision_id,
        correction=True,
        content={"child.name": "Cat Test", "child.presence": "present"},
    )
    await back.settle()
    (live,) = [one for one in await back.told() if one["state"] == "scheduled"]
    await back.call("alder", "POST", f"/{live['id']}/not-ours", json={"reason": "left"})
    await back.advance(MORNING)
    totals = (await board(back, "2026-02-14"))["totals"]
    assert isinstance(totals, dict)
    assert totals["unexplained"] == 0
    assert totals["received"] >= 2


async def test_what_was_withheld_stays_withheld_when_the_sender_takes_it_back(back: Back) -> None:
    await back.area()
    made = await back.decide(outcome="withheld")
    held = await back.decide(outcome="held", audience="childrens-social-care")
    gone = messages.CaseWithdrawn(
        event=made.event, case=made.case, withdrawn_at=back.clock.now() + timedelta(minutes=1)
    )
    await back.publish(messages.DISCLOSURES, messages.CASE_WITHDRAWN, gone)
    await back.settle()
    assert held.case == made.case
    totals = (await board(back, "2026-02-14"))["totals"]
    assert isinstance(totals, dict)
    assert (totals["withheld"], totals["no_longer"], totals["unexplained"]) == (1, 1, 0)
