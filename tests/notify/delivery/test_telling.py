"""From a decision to a person who has read it, over the real parts."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from contracts import messages
from services.notify.streams.decision import content_key
from tests.notify.back_house import (
    ALDER,
    BIRCH,
    NORTH_CSC,
    NORTH_LA,
    SUBJECT,
    UPN,
    Back,
    calendar,
    contact,
    decision,
)

SATURDAY = datetime(2026, 2, 14, 7, 0, tzinfo=UTC)
INSET = datetime(2026, 2, 23, 7, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 2, 24, 7, 0, tzinfo=UTC)
DUE = datetime(2026, 2, 24, 8, 10, tzinfo=UTC)


async def test_a_friday_night_is_in_the_inbox_at_once_and_told_in_three_rounds(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide(urns=("900001",))
    found = await back.only()
    assert (found["to"], found["state"], found["due"]) == ("alder", "scheduled", DUE.isoformat())
    assert found["available_at"] is not None
    assert back.mailbox.mails == []
    for round_, count in ((SATURDAY, 1), (INSET, 2), (TUESDAY, 3)):
        await back.advance(round_)
        assert len(back.nudges_to("alder-dsl@places.example")) == count
        assert len(back.nudges_to("alder-deputy@places.example")) == count
    found = await back.only(state="announced")
    assert found["told_at"] == SATURDAY.isoformat()  # told once, reminded twice


async def test_one_nudge_for_each_contact_and_round_however_many_children(back: Back) -> None:
    await back.area()
    for number in range(3):
        upn = f"A99900000000{number}"
        await back.pupil("alder", upn)
        await back.decide(upn=upn, about=f"c{number}", subject=uuid4())
    await back.advance(SATURDAY)
    assert len(await back.told(state="announced")) == 3
    assert len(back.nudges_to("alder-dsl@places.example")) == 1


async def test_a_nudge_says_nothing_but_that_something_waits(embedded_back: Back) -> None:
    back = embedded_back
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()
    await back.advance(SATURDAY)
    first, second = back.mailbox.mails
    assert (first.subject, first.text) == (second.subject, second.text)
    for text in ("Cat", "N-1", "Alder", "alder", "child", "police", "incident", "abuse"):
        assert text not in first.subject + first.text
    assert "/inbox" in first.text
    assert "@" not in first.text


async def test_each_message_handed_over_twice_changes_nothing(back: Back) -> None:
    made = None
    for _ in range(2):
        for one in (ALDER, BIRCH, NORTH_LA, NORTH_CSC):
            await back.organisation(one, version=1)
    enrolment = await back.pupil("alder", UPN)
    back.versions[str(enrolment)] = 0
    await back.pupil("alder", UPN, enrolment)
    await back.settle()
    made = decision(back, urns=("900001",))
    task = messages.ObligationArisen(
        task=uuid4(),
        kind="refer-to-lado",
        event=made.event,
        case=made.case,
        about=made.about,
        owner=messages.Owner(organisation="north-la"),
        due=messages.ClockRule(
            kind=messages.ClockKind.WORKING_DAY, starts_at=back.clock.now(), days=1
        ),
    )
    met = messages.ObligationMet(task=task.task, met_at=back.clock.now())
    answered = messages.EventDecided(event=made.event, case=made.case, decisions=1)
    withdrawn = messages.CaseWithdrawn(
        event=made.event, case=made.case, withdrawn_at=back.clock.now() + timedelta(hours=20)
    )
    said = [
        (messages.DECISION_MADE, made),
        (messages.EVENT_DECIDED, answered),
        (messages.OBLIGATION_ARISEN, task),
        (messages.OBLIGATION_MET, met),
    ]
    for type_, body in said:
        message = uuid4()
        await back.publish(messages.DISCLOSURES, type_, body, message)
        await back.settle()
        before = await back.store.head()
        await back.publish(messages.DISCLOSURES, type_, body, message)
        await back.publish(messages.DISCLOSURES, type_, body)  # and under another id
        await back.settle()
        assert await back.store.head() == before, type_
    await back.advance(SATURDAY)
    assert len(await back.told()) == 1
    assert len(back.nudges_to("alder-dsl@places.example")) == 1
    for _ in range(2):
        await back.publish(messages.DISCLOSURES, messages.CASE_WITHDRAWN, withdrawn)
    assert (await back.only())["state"] == "withdrawn"


async def test_the_directory_may_say_things_late_and_in_any_order(back: Back) -> None:
    await back.organisation(ALDER.model_copy(update={"opens": None}), version=7)
    await back.organisation(ALDER, version=9)
    await back.organisation(ALDER.model_copy(update={"closed_on": SATURDAY.date()}), version=8)
    await back.pupil("alder", UPN)
    await back.decide(urns=("900001",))
    assert (await back.only())["due"] == DUE.isoformat()


async def test_with_mail_down_the_inbox_is_open_and_people_telephone(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    back.mailbox.down = True
    await back.advance(INSET + timedelta(hours=15))
    await back.decide()
    await back.advance(DUE - timedelta(minutes=19))
    found = await back.only()
    assert (found["state"], found["told_at"]) == ("scheduled", None)
    (task,) = await back.tasks("phone-establishment")
    assert (task["owner"], task["state"]) == ("north-la", "open")
    assert task["due"] == DUE.isoformat()
    assert datetime.fromisoformat(task["opened_at"]) == DUE - timedelta(minutes=20)
    back.mailbox.down = False
    await back.advance(DUE - timedelta(minutes=1))
    assert (await back.only())["state"] == "announced"
    answer = await back.call("alder", "GET", f"/{found['id']}?by=alder-dsl")
    assert answer.status_code == 200
    (task,) = await back.tasks("phone-establishment")
    assert task["state"] == "cancelled"
    assert (await back.only())["overdue"] is False


async def test_belief_inside_the_lead_time_is_due_now_and_a_person_telephones_at_once(
    back: Back,
) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.advance(datetime(2026, 2, 24, 8, 20, tzinfo=UTC))
    await back.decide()
    found = await back.only()
    assert found["due"] == back.clock.now().isoformat()
    assert found["told_at"] == back.clock.now().isoformat()
    (task,) = await back.tasks("phone-establishment")
    assert (task["state"], task["due"]) == ("open", found["due"])


async def test_overdue_is_a_fact_of_history_that_reading_late_does_not_undo(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()
    await back.advance(DUE - timedelta(seconds=1))
    assert (await back.only())["overdue"] is False
    await back.advance(DUE)
    assert (await back.only())["overdue"] is True
    one = (await back.only())["id"]
    await back.call("alder", "POST", f"/{one}/acknowledge", json={"by": "alder-dsl"})
    found = await back.only()
    assert (found["state"], found["overdue"]) == ("acknowledged", True)


async def test_a_calendar_that_changes_moves_the_due_moment_and_tells_nobody_twice(
    back: Back,
) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()
    await back.advance(TUESDAY + timedelta(minutes=55))  # twenty minutes before: people telephone
    assert [task["state"] for task in await back.tasks("phone-establishment")] == ["open"]
    nudges = len(back.mailbox.mails)
    snow = calendar(
        "2026-01-05/2026-02-13",
        "2026-02-23/2026-03-27",
        inset=("2026-02-23",),
        closed=("2026-02-24",),
    )
    await back.organisation(ALDER.model_copy(update={"calendar": snow}))
    await back.settle()
    found = await back.only()
    assert found["due"] == "2026-02-25T08:10:00+00:00"
    assert len(back.mailbox.mails) == nudges
    assert [task["state"] for task in await back.tasks("phone-establishment")] == ["cancelled"]
    await back.advance(datetime(2026, 2, 25, 7, 55, tzinfo=UTC))
    assert len(back.nudges_to("alder-dsl@places.example")) == nudges // 2 + 1
    assert [task["state"] for task in await back.tasks("phone-establishment")] == [
        "cancelled",
        "open",
    ]


async def test_a_child_who_has_left_by_the_time_of_telling_is_looked_for_again(back: Back) -> None:
    await back.area()
    enrolment = await back.pupil("alder", UPN)
    await back.decide(urns=("900001",))
    await back.settle()
    await back.pupil("alder", UPN, enrolment, until=date(2026, 2, 13))
    await back.pupil("birch", UPN, starts=date(2026, 2, 14))
    await back.advance(SATURDAY)
    states = {one["to"]: one["state"] for one in await back.told()}
    assert states == {"alder": "cancelled", "birch": "announced"}
    assert back.nudges_to("alder-dsl@places.example") == []


async def test_other_audiences_are_told_at_once_at_night(back: Back) -> None:
    await back.area()
    await back.decide(audience="childrens-social-care")
    found = await back.only(to="north-csc")
    assert (found["state"], found["told_at"]) == ("announced", back.clock.now().isoformat())
    assert found["due"] == (back.clock.now() + timedelta(hours=24)).isoformat()
    await back.advance(back.clock.now() + timedelta(hours=25))
    assert await back.tasks("phone-establishment") == []  # nobody telephones social care for this


async def test_an_organisation_that_lists_nobody_is_told_when_its_inbox_opens(back: Back) -> None:
    await back.area(NORTH_CSC.model_copy(update={"contacts": ()}))
    await back.decide(audience="childrens-social-care")
    assert (await back.only(to="north-csc"))["state"] == "announced"


async def test_who_must_not_know_is_not_nudged_and_finds_nothing(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide(barred_readers=back.barred("Alder-Dsl", "Test"))
    await back.advance(SATURDAY)
    found = await back.only()
    assert found["not_readers"] == ["alder-dsl"]
    assert back.nudges_to("alder-dsl@places.example") == []
    assert len(back.nudges_to("alder-deputy@places.example")) == 1
    one = found["id"]
    refused = await back.call("alder", "GET", f"/{one}?by=alder-dsl")
    nothing = await back.call("alder", "GET", f"/{uuid4()}?by=alder-dsl")
    assert (refused.status_code, refused.json()) == (404, nothing.json())
    listed = await back.call("alder", "GET", "?by=alder-dsl")
    assert listed.json()["notifications"] == []
    unnamed = await back.call("alder", "GET", f"/{one}")
    assert (unnamed.status_code, unnamed.json()) == (404, nothing.json())
    assert (await back.call("alder", "GET", f"/{one}?by=alder-deputy")).status_code == 200


async def test_where_every_reader_is_barred_the_authoritys_desk_reads(back: Back) -> None:
    only = ALDER.model_copy(update={"contacts": ALDER.contacts[:1]})
    await back.area(only, NORTH_LA)
    await back.pupil("alder", UPN)
    await back.decide(barred_readers=back.barred("Alder-Dsl", "Test"))
    await back.advance(SATURDAY)
    assert len(back.nudges_to("north-desk@places.example")) == 1
    one = (await back.only())["id"]
    assert (await back.call("north-la", "GET", f"/{one}?by=north-desk")).status_code == 200


async def test_a_contact_named_later_is_nudged_in_the_next_round(embedded_back: Back) -> None:
    back = embedded_back
    unreachable = contact("alder-head", "head").model_copy(update={"email": None})
    await back.area(
        ALDER.model_copy(update={"contacts": (unreachable,)}),
        NORTH_LA.model_copy(update={"contacts": ()}),
    )
    await back.pupil("alder", UPN)
    await back.decide()
    await back.advance(SATURDAY)
    assert (await back.only())["state"] == "scheduled"
    await back.organisation(ALDER)
    await back.advance(SATURDAY + timedelta(days=2))
    assert (await back.only())["state"] != "announced"
    await back.advance(INSET)
    assert (await back.only())["state"] == "announced"


async def test_no_personal_data_stands_in_the_rows_or_in_the_log_unsealed(
    embedded_back: Back,
) -> None:
    back = embedded_back
    await back.area()
    await back.pupil("alder", UPN)
    made = await back.decide()
    await back.advance(SATURDAY)
    one = (await back.only())["id"]
    note = {"by": "alder-dsl", "note": "Spoke with Cat at break"}
    await back.call("alder", "POST", f"/{one}/acknowledge", json=note)
    await back.store.destroy_key(content_key(made.decision_id, SUBJECT))
    found = await back.only()
    assert found["shows"] == {}
    answer = await back.call("alder", "GET", f"/{one}?by=alder-dsl")
    assert answer.status_code == 410
