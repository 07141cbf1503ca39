"""A hold that runs out goes to its next owner, sends nothing, and is not ticked off (ADR 0030)."""

from datetime import datetime, timedelta

import httpx
from prometheus_client import REGISTRY

from contracts import messages
from contracts.messages import ClockKind, ClockRule, Owner
from services.chassis.assertions import Assertions
from services.chassis.principals import Principal
from tests.notify.back_house import NORTH, UPN, Back, decision
from tests.notify.inbox.test_inbox import SATURDAY
from tests.notify.tasks.test_tasks import oblige


async def held(back: Back, **changes: object) -> messages.DecisionMade:
    await back.area()
    await back.pupil("alder", UPN)
    made = await back.decide(outcome="held")
    await oblige(
        back,
        "review-hold",
        owner=Owner(kind="local-authority", local_authority=NORTH, otherwise="north-police"),
        escalates_to=Owner(organisation="north-police"),
        due=ClockRule(kind=ClockKind.SCHOOL_DAY, starts_at=back.clock.now()),
        audience="education",
        decision_id=made.decision_id,
    )
    return made


async def of(back: Back, agency: str, *roles: str) -> list[dict[str, object]]:
    async with await back.client(agency, *roles) as client:
        answer = await client.get("/notify/v1/tasks")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["tasks"])


def counted() -> float:
    name, kind = "daybreak_tasks_escalated_total", {"kind": "review-hold"}
    return REGISTRY.get_sample_value(name, kind) or 0.0


async def test_from_its_end_it_is_the_next_owners_too_until_the_hold_is_resolved(
    embedded_back: Back,
) -> None:
    back, before = embedded_back, counted()
    made = await held(back)
    (task,) = await back.tasks("review-hold")
    # Belief on Friday night before the holiday; Birch is in first, on Monday 23 at eight.
    assert task["due"] == "2026-02-23T07:00:00+00:00"
    assert (task["escalated"], task["escalated_to"]) == (False, None)
    assert await of(back, "north-police", "publisher") == []
    await back.advance(datetime.fromisoformat("2026-02-23T07:01:00+00:00"))
    (task,) = await back.tasks("review-hold")
    assert (task["overdue"], task["escalated"]) == (True, True)
    assert (task["owner"], task["escalated_to"]) == ("north-la", "north-police")
    assert [one["id"] for one in await of(back, "north-police", "publisher")] == [task["id"]]
    assert counted() == before + 1
    await back.advance(datetime.fromisoformat("2026-03-02T12:00:00+00:00"))
    assert await back.told() == []
    released = decision(back, supersedes=made.decision_id)
    await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, released)
    (task,) = await back.tasks("review-hold")
    assert (task["state"], task["escalated"]) == ("done", False)
    assert counted() == before + 1


async def test_to_tick_the_review_off_is_refused_while_it_is_held(embedded_back: Back) -> None:
    back = embedded_back
    await held(back)
    (task,) = await back.tasks("review-hold")
    async with await back.client("north-la") as client:
        answer = await client.post(f"/notify/v1/tasks/{task['id']}/done", json={"by": "north-desk"})
    assert answer.status_code == 409
    assert [one["state"] for one in await back.tasks("review-hold")] == ["open"]


async def test_who_it_has_not_escalated_to_sees_and_closes_nothing(embedded_back: Back) -> None:
    back = embedded_back
    await held(back)
    await back.advance(SATURDAY + timedelta(days=10))
    (task,) = await back.tasks("review-hold")
    assert await of(back, "birch") == []
    async with await back.client("birch") as client:
        answer = await client.post(f"/notify/v1/tasks/{task['id']}/done", json={"by": "birch-dsl"})
    assert answer.status_code == 404


async def test_a_release_after_the_due_moment_says_that_it_is_late_and_not_what_was_marked(
    embedded_back: Back,
) -> None:
    back = embedded_back
    made = await held(back)
    await back.advance(datetime.fromisoformat("2026-02-24T12:00:00+00:00"))
    lifted = messages.Reason(rule="a-person-released-it", version="1", says="A person looked.")
    ground = messages.Reason(rule="investigation-is-covert", version="1", says="Covert.")
    start = ClockRule(
        kind=ClockKind.SCHOOL_DAY, starts_at=datetime.fromisoformat("2026-02-13T23:00:00+00:00")
    )
    released = decision(back, supersedes=made.decision_id, because=(lifted, ground), due=start)
    await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, released)
    one = await back.only()
    assert one["told_at"] == "2026-02-24T12:00:00+00:00"
    who = Principal(agency="alder", roles=frozenset({"recipient"}), key_id="s", person="alder-dsl")
    headers = {"authorization": f"Bearer {Assertions(back.service_token).of(who)}"}
    transport = httpx.ASGITransport(back.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notify") as client:
        read = (await client.get(f"/notify/v1/inbox/{one['id']}", headers=headers)).json()
    assert read["late"]["due"] == "2026-02-24T08:10:00+00:00"
    assert read["late"]["minutes"] == 230
    assert "held" in read["late"]["says"]
    assert [reason["rule"] for reason in read["because"]] == ["a-person-released-it"]
    assert "overt" not in str(read)
