"""An organisation whose contacts are stale is asked, its authority sees it, and it ends with it."""

from datetime import UTC, date, datetime
from typing import Any

from contracts.contacts import Confirmation, Contact
from contracts.messages import Organisation
from tests.notify.back_house import ALDER, BIRCH, NORTH_CSC, NORTH_LA, UPN, Back

DSL, DEPUTY, HEAD = ALDER.contacts
REFUSES, UNREAD = "a-mailbox-refuses-mail", "nudges-went-and-nothing-was-opened"
DSL_MAIL = "alder-dsl@places.example"


def alder(*contacts: Contact) -> Organisation:
    return ALDER.model_copy(update={"contacts": contacts})


def confirmed(one: Contact, day: int, month: int = 2) -> Contact:
    word = Confirmation(state="confirmed", at=datetime(2026, month, day, 12, tzinfo=UTC))
    return one.model_copy(update={"confirmation": word})


async def stale(back: Back, agency: str, *roles: str) -> dict[str, list[str]]:
    async with await back.client(agency, *roles) as client:
        answer = await client.get("/notify/v1/contacts/stale")
    assert answer.status_code == 200
    found = answer.json()["organisations"]
    return {one["organisation"]: [need["cause"] for need in one["needs"]] for one in found}


async def causes(back: Back) -> list[tuple[str, str]]:
    """(cause, state) of the tasks."""
    return [(one["why"], one["state"]) for one in await back.tasks("confirm-contact")]


async def night(back: Back, school: Organisation = ALDER) -> None:
    await back.area(school, BIRCH, NORTH_LA, NORTH_CSC)
    await back.pupil("alder", UPN)
    await back.settle()
    await back.decide()


async def test_a_mailbox_that_refuses_is_the_schools_to_mend_within_a_working_day(
    back: Back,
) -> None:
    back.mailbox.no_such = {DSL_MAIL}
    await night(back)
    await back.advance(datetime(2026, 2, 14, 7, 0, tzinfo=UTC))
    (task,) = await back.tasks("confirm-contact")
    assert (task["owner"], task["why"], task["due"]) == (
        "alder",
        REFUSES,
        "2026-02-16T17:00:00+00:00",
    )
    assert task["about"] is None
    assert await stale(back, "north-la") == {"alder": [REFUSES]}
    assert await stale(back, "alder") == {"alder": [REFUSES]}
    assert await stale(back, "birch") == {}
    assert await stale(back, "ops", "operations") == {"alder": [REFUSES]}
    await back.advance(datetime(2026, 2, 17, 9, 0, tzinfo=UTC))
    (late,) = await back.tasks("confirm-contact")
    assert (late["overdue"], late["escalated_to"]) == (True, "north-la")
    await back.organisation(alder(DSL.model_copy(update={"email": "new@places.example"}), DEPUTY))
    assert await causes(back) == [(REFUSES, "done")]
    assert await stale(back, "north-la") == {}


async def test_two_mornings_on_which_nobody_opened_what_they_were_told_of(back: Back) -> None:
    await night(back)
    await back.advance(datetime(2026, 2, 24, 10, 0, tzinfo=UTC))
    assert await causes(back) == []  # one morning may be anybody's
    await back.decide(event="n-2", now=back.clock.now())
    await back.advance(datetime(2026, 2, 25, 10, 0, tzinfo=UTC))
    assert await causes(back) == [(UNREAD, "open")]
    waiting = (await back.call("alder", "GET", "")).json()["notifications"]
    await back.call("alder", "GET", f"/{waiting[0]['id']}", params={"by": "alder-dsl"})
    assert await causes(back) == [(UNREAD, "done")]


async def test_at_the_beginning_of_a_term_whoever_was_confirmed_before_is_asked_again(
    back: Back,
) -> None:
    back.clock.set(datetime(2026, 2, 14, 7, 0, tzinfo=UTC))
    old = Confirmation(state="confirmed", at=datetime(2025, 11, 10, tzinfo=UTC))
    await back.area(alder(DSL.model_copy(update={"confirmation": old}), DEPUTY), NORTH_LA)
    assert await causes(back) == []
    await back.advance(datetime(2026, 2, 23, 6, 59, tzinfo=UTC))
    assert await causes(back) == []
    await back.advance(datetime(2026, 2, 23, 7, 0, tzinfo=UTC))
    (task,) = await back.tasks("confirm-contact")
    assert (task["why"], task["due"]) == (
        "contacts-are-not-confirmed-for-this-term",
        "2026-03-09T17:00:00+00:00",
    )
    await back.organisation(alder(confirmed(DSL, 24), DEPUTY))
    assert [state for _, state in await causes(back)] == ["done"]


async def test_training_that_ran_out_and_people_carried_over_are_asked_about(back: Back) -> None:
    carried = Confirmation(
        state="to-confirm", at=datetime(2026, 2, 13, tzinfo=UTC), why="carried-over"
    )
    old: dict[str, Any] = {"trained_until": date(2026, 2, 16), "confirmation": carried}
    await back.area(alder(DSL.model_copy(update=old), DEPUTY), NORTH_LA)
    assert [why for why, _ in await causes(back)] == ["contacts-were-carried-over-or-are-stale"]
    await back.advance(datetime(2026, 2, 17, 7, 0, tzinfo=UTC))
    assert await stale(back, "north-la") == {
        "alder": ["contacts-were-carried-over-or-are-stale", "training-has-lapsed"]
    }
    assert len(await causes(back)) == 2


async def test_a_task_that_somebody_ticked_off_is_not_opened_again_for_the_same_occasion(
    back: Back,
) -> None:
    back.mailbox.no_such = {DSL_MAIL}
    await night(back)
    await back.advance(datetime(2026, 2, 14, 7, 0, tzinfo=UTC))
    (task,) = await back.tasks("confirm-contact")
    async with await back.client("alder") as client:
        done = await client.post(f"/notify/v1/tasks/{task['id']}/done", json={"by": "alder-deputy"})
    assert done.status_code == 200
    await back.advance(datetime(2026, 2, 20, 9, 0, tzinfo=UTC))
    assert await causes(back) == [(REFUSES, "done")]
    assert await stale(back, "north-la") == {"alder": [REFUSES]}  # the list says what is so
