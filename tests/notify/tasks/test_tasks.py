"""What must people do, by when, and how is it over?"""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import messages
from contracts.messages import ClockKind, ClockRule, Owner
from contracts.requests import AnswerDue
from services.chassis.sealing import Sealed
from services.chassis.store import Context, NewEvent
from services.notify.streams.hooks import MappingFailed, MappingResolved
from tests.notify.back_house import (
    CASE,
    NORTH,
    NORTH_LA,
    SUBJECT,
    UPN,
    Back,
    decision,
)

EAST = messages.Organisation(id="east-police", kind="police", police_area="P2")


async def oblige(back: Back, kind: str, **changes: Any) -> UUID:
    event = decision(back).event
    values: dict[str, Any] = {
        "task": uuid4(),
        "kind": kind,
        "event": event,
        "case": CASE,
        "about": messages.Subject(ref="c1", subject_id=SUBJECT),
        "owner": Owner(organisation="north-police"),
        "due": ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=back.clock.now(), hours=48),
    }
    arisen = messages.ObligationArisen(**{**values, **changes})
    await back.publish(messages.DISCLOSURES, messages.OBLIGATION_ARISEN, arisen)
    await back.settle()
    return arisen.task


async def test_a_task_is_due_by_its_own_calendar_and_escalates_when_it_passes(back: Back) -> None:
    await back.area()
    await oblige(back, "write-up-phone-referral")
    next_day = ClockRule(
        kind=ClockKind.WORKING_DAY, starts_at=back.clock.now(), days=1, at=time(17)
    )
    await oblige(back, "refer-to-lado", owner=Owner(organisation="north-la"), due=next_day)
    written, lado = sorted(await back.tasks(), key=lambda one: str(one["kind"]), reverse=True)
    assert written["due"] == "2026-02-15T23:05:00+00:00"
    assert lado["due"] == "2026-02-16T17:00:00+00:00"
    await back.advance(datetime(2026, 2, 15, 23, 5, tzinfo=UTC))
    late = {one["kind"]: (one["overdue"], one["escalated"]) for one in await back.tasks()}
    assert late == {"write-up-phone-referral": (True, True), "refer-to-lado": (False, False)}


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (Owner(organisation="anybody"), "anybody"),
        (Owner(kind="local-authority", local_authority=NORTH), "north-la"),
        (Owner(kind="local-authority", local_authority="E06000001"), "north-police"),
        (Owner(kind="marac", police_area="P9", otherwise="north-csc"), "north-csc"),
    ],
)
async def test_the_owner_is_named_or_serves_the_place_or_else_is_who_knows_of_it(
    embedded_back: Back, owner: Owner, expected: str
) -> None:
    back = embedded_back
    await back.area()
    await oblige(back, "marac-repeat", owner=owner)
    (task,) = await back.tasks()
    assert task["owner"] == expected


async def test_a_task_of_no_single_decision_names_the_event_behind_it(back: Back) -> None:
    await back.area()
    event = decision(back).event
    await oblige(back, "assess-breach")
    (unanswered,) = await back.tasks()
    assert unanswered["receipt"] is None
    for place, later in enumerate(("", "-corrected")):
        back.clock.set(back.clock.now() + timedelta(minutes=place))
        new = {"id": event.id + later, "receipt": uuid4()} if later else {}
        told = event.model_copy(update=new)
        answer = messages.EventDecided(event=told, case=CASE, decisions=0)
        await back.publish(messages.DISCLOSURES, messages.EVENT_DECIDED, answer)
        await back.settle()
    (task,) = await back.tasks()
    assert task["receipt"] == str(event.receipt)


async def test_a_chase_opens_only_when_its_moment_has_come(back: Back) -> None:
    await back.area()
    await oblige(back, "chase-referral")
    assert await back.tasks() == []
    await back.advance(back.clock.now() + timedelta(hours=48))
    (task,) = await back.tasks()
    assert (task["kind"], task["state"]) == ("chase-referral", "open")


async def test_a_chase_that_was_answered_in_time_never_was(back: Back) -> None:
    await back.area()
    one = await oblige(back, "chase-referral")
    met = messages.ObligationMet(task=one, met_at=back.clock.now(), how="cancelled")
    await back.publish(messages.DISCLOSURES, messages.OBLIGATION_MET, met)
    await back.advance(back.clock.now() + timedelta(hours=72))
    assert await back.tasks() == []


async def test_an_obligation_may_be_met_before_we_hear_that_it_arose(back: Back) -> None:
    await back.area()
    one = uuid4()
    met = messages.ObligationMet(task=one, met_at=back.clock.now())
    await back.publish(messages.DISCLOSURES, messages.OBLIGATION_MET, met)
    await back.settle()
    await oblige(back, "tell-subject", task=one)
    (task,) = await back.tasks()
    assert task["state"] == "done"


async def test_what_follows_a_task_is_needless_when_that_is_done(back: Back) -> None:
    await back.area()
    first = await oblige(back, "write-up-phone-referral")
    await oblige(back, "tell-subject", follows=first)
    async with await back.client("north-police", "publisher") as client:
        answer = await client.post(f"/notify/v1/tasks/{first}/done", json={"by": "north-police"})
    assert answer.status_code == 200
    states = {one["kind"]: one["state"] for one in await back.tasks()}
    assert states == {"write-up-phone-referral": "done", "tell-subject": "cancelled"}


async def test_a_hand_over_is_open_until_the_other_force_has_acknowledged(back: Back) -> None:
    await back.area(EAST)
    made = await back.decide(audience="police", police_area="P2")
    await oblige(back, "hand-over-force", decision_id=made.decision_id)
    one = (await back.only(to="east-police"))["id"]
    await back.call("east-police", "GET", f"/{one}")
    (task,) = await back.tasks()
    assert (task["kind"], task["state"]) == ("hand-over-force", "open")
    await back.call("east-police", "POST", f"/{one}/acknowledge", json={"by": "east-police"})
    (task,) = await back.tasks()
    assert (task["state"], task["closed_by"]) == ("done", "east-police")


@pytest.mark.parametrize(
    ("audience", "quiet", "tasks"),
    [
        ("school-nursing", True, []),
        ("school-nursing", False, ["review-hold"]),
        ("childrens-social-care", False, []),  # there is one
    ],
)
async def test_nobody_there_is_a_task_only_where_a_duty_rests_on_the_telling(
    back: Back, audience: str, quiet: bool, tasks: list[str]
) -> None:
    await back.area()
    await back.decide(audience=audience, quiet=quiet)

    assert [one["kind"] for one in await back.tasks()] == tasks


async def test_who_must_not_be_told_is_a_task_also_where_no_duty_rests(back: Back) -> None:
    await back.area()
    await back.decide(audience="childrens-social-care", quiet=True, never_tell=("north-csc",))

    assert [one["kind"] for one in await back.tasks()] == ["review-hold"]


async def test_an_officer_of_the_authority_is_due_at_nine_and_telephoned_when_silent(
    back: Back,
) -> None:
    await back.area()
    rule = ClockRule(kind=ClockKind.WORKING_DAY, starts_at=back.clock.now(), days=1, at=time(9))
    await back.decide(audience="home-education-officer", due=rule)
    found = await back.only(to="north-la")
    assert (found["due"], found["state"]) == ("2026-02-16T09:00:00+00:00", "announced")
    assert len(back.nudges_to("north-ehe@places.example")) == 1
    await back.advance(datetime(2026, 2, 16, 8, 40, tzinfo=UTC))
    (task,) = await back.tasks()
    assert (task["kind"], task["owner"]) == ("phone-establishment", "north-la")


async def test_who_owns_a_task_says_that_it_is_done_and_nobody_else(back: Back) -> None:
    await back.area()
    one = await oblige(back, "refer-to-lado", owner=Owner(organisation="north-la"))
    path = f"/notify/v1/tasks/{one}/done"
    async with await back.client("birch") as client:
        assert (await client.post(path, json={"by": "birch-dsl"})).status_code == 404
        assert (await client.get("/notify/v1/tasks?owner=north-la")).status_code == 403
        assert (await client.get("/notify/v1/tasks")).json()["tasks"] == []
    async with await back.client("north-la") as client:
        assert (await client.post(path, json={"by": "birch-dsl"})).status_code == 422
        assert (await client.post(path, json={"by": NORTH_LA.contacts[0].id})).status_code == 200
        listed = await client.get("/notify/v1/tasks?state=done")
    assert [task["id"] for task in listed.json()["tasks"]] == [str(one)]


async def test_a_payload_that_cannot_be_mapped_is_a_task_of_its_sender(back: Back) -> None:
    one, now = uuid4(), back.clock.now()
    failed = MappingFailed(
        failure=uuid4(),
        task=one,
        organisation="brook",
        door="hook",
        payload=Sealed("x", {}),
        faults=(),
        failed_at=now,
    )
    resolved = MappingResolved(failure=failed.failure, task=one, resolved_at=now)
    context = Context(correlation_id=one)
    for number, (fact, state) in enumerate(((failed, "open"), (resolved, "done"))):
        event = NewEvent(event_id=uuid4(), event=fact)
        await back.store.append(f"mapping-{one}", [event], expected=number, context=context)
        (task,) = await back.tasks("resolve-mapping")
        assert (task["owner"], task["state"]) == ("brook", state)


async def test_a_death_is_telephoned_first_and_the_call_is_over_when_it_was_read(
    back: Back,
) -> None:
    await back.area()
    made = await back.decide(audience="childrens-social-care", upn=UPN)
    await oblige(
        back,
        "phone-establishment",
        audience="childrens-social-care",
        decision_id=made.decision_id,
        due=ClockRule(kind=ClockKind.AT_ONCE, starts_at=back.clock.now()),
    )
    (task,) = await back.tasks()
    assert (task["owner"], task["state"]) == ("north-police", "open")
    one = (await back.only())["id"]
    await back.call("north-csc", "GET", f"/{one}?by=csc-desk")
    (task,) = await back.tasks()
    assert task["state"] == "cancelled"


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (2, 0, 1), (1, 2, 0)])
async def test_what_must_be_answered_is_due_by_the_latest_that_was_told_in_any_order(
    embedded_back: Back, order: tuple[int, ...]
) -> None:
    back, request = embedded_back, uuid4()
    asked = AnswerDue(
        task=request,
        kind="answer-subject-access",
        owner=Owner(organisation="north-police"),
        due=datetime(2026, 3, 13, 17, tzinfo=UTC),
    )
    longer = asked.model_copy(update={"due": datetime(2026, 5, 13, 16, tzinfo=UTC)})
    over = messages.ObligationMet(task=request, met_at=back.clock.now())
    told: list[tuple[str, Any]] = [
        (messages.ANSWER_DUE, asked),
        (messages.ANSWER_DUE, longer),
        (messages.OBLIGATION_MET, over),
    ]
    for number in order[:2]:
        await back.publish(messages.DISCLOSURES, *told[number])
        await back.settle()
    if 2 not in order[:2]:
        [task] = await back.tasks()
        assert (task["due"], task["state"]) == ("2026-05-13T16:00:00+00:00", "open")
    await back.publish(messages.DISCLOSURES, *told[order[2]])
    await back.settle()
    [task] = await back.tasks()
    assert task["state"] == "done"


async def test_an_answer_that_is_overdue_is_not_any_more_once_its_time_is_longer(
    embedded_back: Back,
) -> None:
    back = embedded_back
    due = back.clock.now() + timedelta(days=1)
    asked = AnswerDue(
        task=uuid4(),
        kind="answer-subject-access",
        owner=Owner(organisation="north-police"),
        due=due,
    )
    await back.publish(messages.DISCLOSURES, messages.ANSWER_DUE, asked)
    await back.advance(due)
    assert [one["overdue"] for one in await back.tasks()] == [True]
    longer = asked.model_copy(update={"due": due + timedelta(days=59)})
    await back.publish(messages.DISCLOSURES, messages.ANSWER_DUE, longer)
    await back.settle()
    [task] = await back.tasks()
    assert (task["overdue"], task["due"]) == (False, longer.due.isoformat())
    await back.advance(longer.due)
    assert [one["overdue"] for one in await back.tasks()] == [True]
