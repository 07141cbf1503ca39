"""Whom does a retraction reach, and what is left of the content, in whatever order it all came?"""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import httpx

from contracts import messages
from tests.notify.back_house import UPN, Back, decision

SATURDAY = datetime(2026, 2, 14, 7, 1, tzinfo=UTC)
CONTENT = {"child.name": "Cat Test", "incident.reference": "N-1"}
OTHER = {**CONTENT, "child.presence": "present"}
LIVE = {"scheduled", "announced", "opened", "acknowledged"}


async def told_on_saturday(back: Back, **changes: Any) -> messages.DecisionMade:
    await back.area()
    await back.pupil("alder", UPN)
    made = await back.decide(content=CONTENT, **changes)
    await back.advance(SATURDAY)
    return made


def withdrawn(made: messages.DecisionMade, at: datetime) -> messages.CaseWithdrawn:
    event = made.event.model_copy(update={"receipt": uuid4()})
    return messages.CaseWithdrawn(event=event, case=made.case, withdrawn_at=at)


async def retract(back: Back, made: messages.DecisionMade) -> None:
    gone = withdrawn(made, back.clock.now())
    await back.publish(messages.DISCLOSURES, messages.CASE_WITHDRAWN, gone)
    await back.settle()


async def read(back: Back, state: str, by: str = "?by=alder-dsl") -> httpx.Response:
    [one] = await back.told(to="alder", state=state)
    return await back.call("alder", "GET", f"/{one['id']}{by}")


async def listed(back: Back) -> dict[str, Any]:
    answer = await back.call("alder", "GET", "?by=alder-dsl")
    return {one["state"]: one for one in answer.json()["notifications"]}


async def test_who_read_it_before_a_correction_is_told_once_more_and_confirms(back: Back) -> None:
    first = await told_on_saturday(back)
    assert (await read(back, "announced")).status_code == 200
    await back.decide(content=OTHER, supersedes=first.decision_id, correction=True)
    await back.settle()
    nudges = len(back.nudges_to("alder-dsl@places.example"))

    await retract(back, first)

    [task] = await back.tasks("confirm-deletion")
    assert task["owner"] == "alder"
    mails = back.nudges_to("alder-dsl@places.example")
    assert len(mails) == nudges + 1
    assert "withdrawn" in mails[-1].text
    assert "Cat" not in mails[-1].text
    told = await listed(back)
    assert told["superseded"]["what_to_do"].startswith("The sender has withdrawn this.")
    assert (await read(back, "superseded")).status_code == 410


async def test_a_machine_that_fetched_it_has_opened_it(back: Back) -> None:
    first = await told_on_saturday(back)
    assert (await read(back, "announced", by="")).status_code == 200

    await retract(back, first)

    assert [task["owner"] for task in await back.tasks("confirm-deletion")] == ["alder"]


async def test_a_retraction_of_what_stood_again_closes_it_again_and_asks_anew(back: Back) -> None:
    first = await told_on_saturday(back)
    await read(back, "announced")
    await retract(back, first)
    await back.advance(SATURDAY + timedelta(hours=1))
    again = await back.decide(content=OTHER)
    await back.settle()
    await read(back, "scheduled")
    await back.advance(SATURDAY + timedelta(hours=2))

    await retract(back, again)

    assert {one["state"] for one in await back.told(to="alder")} == {"withdrawn"}
    assert len(await back.tasks("confirm-deletion")) == 2


async def test_in_whatever_order_the_messages_come_nothing_is_left_and_a_hold_stays(
    back: Back,
) -> None:
    """The first, its correction, the retraction, what is held after it; each of them twice."""
    await back.area()
    for number, order in enumerate(permutations(range(4))):
        upn, case, now = f"A9990000001{number:02}", uuid4(), back.clock.now()
        await back.pupil("alder", upn)
        mine = {"upn": upn, "case": case, "subject": uuid4(), "about": f"c{number}"}
        first = decision(back, content=CONTENT, **mine)
        second = decision(
            back, content=OTHER, supersedes=first.decision_id, correction=True, **mine
        )
        after = now + timedelta(microseconds=1)
        held = decision(back, outcome="held", decided_at=after, **mine)
        said: list[tuple[str, Any]] = [
            (messages.DECISION_MADE, first),
            (messages.DECISION_MADE, second),
            (messages.CASE_WITHDRAWN, withdrawn(first, now)),
            (messages.DECISION_MADE, held),
        ]
        for kind, body in [said[at] for at in order] + [said[at] for at in order[::-1]]:
            await back.publish(messages.DISCLOSURES, kind, body)
            await back.settle()
        await back.advance(now + timedelta(minutes=1))
        states = {one["state"] for one in await back.told(to="alder", about=f"c{number}")}
        assert not states & LIVE, (order, states)
