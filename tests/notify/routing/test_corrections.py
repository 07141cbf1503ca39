"""What a correction, a withdrawal, a retraction and a no make of what was told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from contracts import messages
from tests.notify.back_house import CASE, NORTH, UPN, Back, decision

SATURDAY = datetime(2026, 2, 14, 7, 1, tzinfo=UTC)  # just after the round
CONTENT = {"child.name": "Cat Test", "incident.reference": "N-1"}


async def told_on_saturday(back: Back, **changes: Any) -> messages.DecisionMade:
    await back.area()
    await back.pupil("alder", UPN)
    made = await back.decide(content=CONTENT, **changes)
    await back.advance(SATURDAY)
    return made


async def states(back: Back, to: str = "alder") -> list[str]:
    return [one["state"] for one in await back.told(to=to)]


async def retract(back: Back, made: messages.DecisionMade) -> None:
    withdrawn = messages.CaseWithdrawn(
        event=made.event, case=made.case, withdrawn_at=back.clock.now()
    )
    await back.publish(messages.DISCLOSURES, messages.CASE_WITHDRAWN, withdrawn)
    await back.settle()


async def test_a_correction_replaces_what_was_told_and_says_that_it_is_one(back: Back) -> None:
    first = await told_on_saturday(back)
    other = {**CONTENT, "child.presence": "present"}
    await back.decide(content=other, supersedes=first.decision_id, correction=True)
    assert await states(back) == ["superseded", "scheduled"]
    answer = await back.call("alder", "GET", "?by=alder-dsl")
    live = [one for one in answer.json()["notifications"] if one["state"] == "scheduled"]
    assert [one["correction"] for one in live] == [True]


async def test_a_correction_that_changes_nothing_shown_tells_nobody_anything(back: Back) -> None:
    first = await told_on_saturday(back)
    nudges = len(back.mailbox.mails)
    await back.decide(content=CONTENT, supersedes=first.decision_id, correction=True)
    assert await states(back) == ["announced"]
    await back.advance(SATURDAY + timedelta(days=2))
    assert len(back.mailbox.mails) == nudges


async def test_a_correction_of_the_school_goes_to_the_other_one_and_closes_the_first(
    back: Back,
) -> None:
    await back.area()
    first = await back.decide(upn=None, urns=("900001",), content=CONTENT)
    await back.advance(SATURDAY)
    await back.decide(
        upn=None,
        urns=("900002",),
        content=CONTENT,
        supersedes=first.decision_id,
        correction=True,
    )
    assert await states(back) == ["withdrawn"]
    assert await states(back, "birch") == ["scheduled"]


async def test_a_correction_may_come_before_what_it_corrects(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    first = decision(back, content=CONTENT)
    second = decision(
        back, content={**CONTENT, "x": 1}, supersedes=first.decision_id, correction=True
    )
    for made in (second, first):
        await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, made)
        await back.settle()
    (only,) = await back.told()
    assert only["shows"] == {**CONTENT, "x": 1}


async def test_two_corrections_at_once_leave_only_the_last_one(back: Back) -> None:
    first = await told_on_saturday(back)
    second = decision(
        back, content={**CONTENT, "x": 1}, supersedes=first.decision_id, correction=True
    )
    third = decision(
        back, content={**CONTENT, "x": 2}, supersedes=second.decision_id, correction=True
    )
    for made in (second, third):
        await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, made)
    live = [one for one in await back.told() if one["state"] != "superseded"]
    assert [one["shows"]["x"] for one in live] == [2]
    assert await states(back) == ["superseded", "scheduled"]


async def test_a_withdrawn_consent_stops_what_is_unsent(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    first = await back.decide(content=CONTENT, rests_on_consent=True)
    await back.settle()
    await back.decide(outcome="withheld", supersedes=first.decision_id)
    assert await states(back) == ["cancelled"]
    await back.advance(SATURDAY)
    assert back.mailbox.mails == []


async def test_a_withdrawn_consent_leaves_what_has_been_told(back: Back) -> None:
    first = await told_on_saturday(back, rests_on_consent=True)
    await back.decide(outcome="withheld", supersedes=first.decision_id)
    assert await states(back) == ["announced"]


async def test_a_consent_withdrawn_without_our_hearing_of_it_is_found_at_the_moment_of_sending(
    back: Back,
) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide(rests_on_consent=True)
    await back.settle()
    back.consent.stands = False
    await back.advance(SATURDAY)
    assert await states(back) == ["cancelled"]
    assert back.mailbox.mails == []


async def test_a_consent_that_cannot_be_confirmed_is_a_task_and_asked_again(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    back.consent.stands = None
    await back.decide(rests_on_consent=True)
    await back.settle()
    assert (await back.only())["available_at"] is None
    (task,) = await back.tasks("review-hold")
    assert (task["owner"], task["state"]) == ("north-police", "open")
    answer = await back.call("alder", "GET", "")
    assert answer.json()["notifications"] == []
    back.consent.stands = True
    await back.advance(back.clock.now() + timedelta(minutes=20))
    assert (await back.only())["available_at"] is not None
    (task,) = await back.tasks("review-hold")
    assert task["state"] == "done"


async def test_a_duty_never_waits_for_the_consent_service(back: Back) -> None:
    back.consent.stands = None
    await told_on_saturday(back)
    assert await states(back) == ["announced"]
    assert back.consent.asked == []


async def test_a_retraction_closes_the_content_and_asks_readers_to_delete(back: Back) -> None:
    made = await told_on_saturday(back)
    one = (await back.only())["id"]
    await back.call("alder", "GET", f"/{one}?by=alder-dsl")
    await retract(back, made)
    assert await states(back) == ["withdrawn"]
    (task,) = await back.tasks("confirm-deletion")
    assert (task["owner"], task["about"], task["state"]) == ("alder", "c1", "open")
    assert (await back.call("alder", "GET", f"/{one}?by=alder-dsl")).status_code == 410
    listed = (await back.call("alder", "GET", "?by=alder-dsl")).json()["notifications"]
    assert [item["reference"] for item in listed] == ["N-1"]
    assert "Cat Test" not in str(listed)


async def test_a_retraction_that_nobody_had_opened_asks_nobody_to_delete(back: Back) -> None:
    made = await told_on_saturday(back)
    await retract(back, made)
    assert await back.tasks("confirm-deletion") == []


async def test_a_retraction_may_come_before_the_decision_that_it_retracts(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    made = decision(back, content=CONTENT)
    await retract(back, made)
    await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, made)
    assert await back.told() == []


async def test_not_ours_closes_the_content_at_once_and_finding_starts_again(back: Back) -> None:
    await back.area()
    await back.decide(upn=None, urns=("900001",), content=CONTENT)
    await back.advance(SATURDAY)
    one = (await back.only())["id"]
    refused = await back.call(
        "alder", "POST", f"/{one}/not-ours", json={"reason": "never-ours", "by": "alder-dsl"}
    )
    assert refused.status_code == 200
    assert await states(back) == ["not-ours"]
    assert (await back.call("alder", "GET", f"/{one}?by=alder-dsl")).status_code == 410
    (task,) = await back.tasks("resolve-school")
    assert (task["owner"], task["state"]) == ("north-police", "open")


async def test_an_unknown_school_is_looked_for_again_when_the_register_speaks(back: Back) -> None:
    await back.area()
    await back.decide(content=CONTENT)
    await back.settle()
    (task,) = await back.tasks("resolve-school")
    # The earliest that any school of the authority with a calendar has: Birch on the Monday.
    assert task["due"] == "2026-02-23T08:00:00+00:00"
    await back.pupil("birch", UPN)
    assert await states(back, "birch") == ["scheduled"]
    (task,) = await back.tasks("resolve-school")
    assert task["state"] == "done"


async def test_a_person_may_say_which_school_it_is(back: Back) -> None:
    await back.area()
    await back.pupil("alder", "A999000000009")  # a register, without this child
    await back.decide(urns=("900001",), content=CONTENT)
    (task,) = await back.tasks("resolve-school")
    async with await back.client("north-police", "publisher") as client:
        done = await client.post(
            f"/notify/v1/tasks/{task['id']}/done",
            json={"by": "north-police", "organisation": "alder"},
        )
    assert (done.status_code, done.json()["state"]) == (200, "done")
    await back.advance(SATURDAY)
    assert await states(back) == ["announced"]


async def test_a_hold_that_is_decided_closes_its_task_in_whatever_order_we_hear(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    held = decision(back, outcome="held")
    hold = messages.ObligationArisen(
        task=uuid4(),
        kind="review-hold",
        event=held.event,
        case=CASE,
        about=held.about,
        audience="education",
        owner=messages.Owner(
            kind="local-authority", local_authority=NORTH, otherwise="north-police"
        ),
        due=messages.ClockRule(kind=messages.ClockKind.SCHOOL_DAY, starts_at=back.clock.now()),
        decision_id=held.decision_id,
    )
    await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, held)
    await back.publish(messages.DISCLOSURES, messages.OBLIGATION_ARISEN, hold)
    (task,) = await back.tasks("review-hold")
    assert (task["owner"], task["state"]) == ("north-la", "open")
    assert await back.told() == []
    await back.decide(supersedes=held.decision_id, content=CONTENT)
    (task,) = await back.tasks("review-hold")
    assert task["state"] == "done"
    late = hold.model_copy(update={"task": uuid4()})
    await back.publish(messages.DISCLOSURES, messages.OBLIGATION_ARISEN, late)
    assert [one["state"] for one in await back.tasks("review-hold")] == ["done", "done"]


async def test_nobody_of_that_kind_in_the_place_is_a_task_for_the_sender(back: Back) -> None:
    await back.area()
    await back.decide(audience="idva")
    (task,) = await back.tasks("review-hold")
    assert (task["owner"], task["audience"]) == ("north-police", "idva")


async def test_a_future_school_hears_nothing_before_the_first_day(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN, starts=date(2026, 3, 2))
    await back.decide()
    found = await back.only()
    assert (found["available_at"], found["due"]) == (None, "2026-03-02T08:10:00+00:00")
    await back.advance(datetime(2026, 3, 2, 6, 59, tzinfo=UTC))
    assert (await back.call("alder", "GET", "")).json()["notifications"] == []
    await back.advance(datetime(2026, 3, 2, 7, 0, tzinfo=UTC))
    assert await states(back) == ["announced"]


async def test_what_is_raised_and_taken_back_in_one_page_of_the_log_is_taken_back(
    back: Back,
) -> None:
    """Facts of one case are answered in their order, though many are answered side by side."""
    await back.area()
    await back.pupil("alder", UPN)
    first = await back.decide(content=CONTENT)
    await back.bus.run_once()
    (placing,) = (one for one in back.part.workers if one.name == "notify.placing")
    await placing.run_once()
    for number in range(30):  # others, so that there is something to be done meanwhile
        await back.decide(case=uuid4(), event=f"other-{number}", subject=uuid4())
    await back.decide(supersedes=first.decision_id, correction=True, outcome="withheld")
    await back.bus.run_once()
    found = await back.told(about="c1")
    assert sorted(one["state"] for one in found) == ["cancelled"] + 30 * ["scheduled"]
