"""Nobody who is kept out sees that there is something, by whichever door they look (ADR 0030)."""

from typing import Any
from uuid import uuid4

from contracts import messages
from contracts.identity import household_key
from tests.notify.back_house import ALDER, CASE, NORTH_LA, UPN, Back, contact
from tests.notify.inbox.test_inbox import SATURDAY
from tests.notify.inbox.test_signed_in import call

LEAD, DEPUTY, HEAD = ALDER.contacts


async def arranged(
    back: Back, *contacts: messages.Contact, barred: tuple[str, ...], **more: Any
) -> None:
    await back.area(ALDER.model_copy(update={"contacts": contacts}), NORTH_LA)
    await back.pupil("alder", UPN)
    await back.decide(barred_readers=barred, **more)
    await back.advance(SATURDAY)


async def sees(back: Back, person: str, agency: str = "alder") -> list[Any]:
    listed = await call(back, person, "GET", "/inbox", agency=agency)
    assert listed.status_code == 200, listed.text
    return list(listed.json()["notifications"])


async def test_who_lives_with_a_party_and_who_shares_their_mailbox_are_kept_out(
    embedded_back: Back,
) -> None:
    back = embedded_back
    home = household_key(back.pepper, "ZZ99 3CZ", "9 Elm Row")
    lead = LEAD.model_copy(update={"known_by": (home,), "email": "Office@alder.example"})
    deputy = DEPUTY.model_copy(update={"email": "office@alder.example"})
    await arranged(back, lead, deputy, HEAD, barred=(home,))
    assert set((await back.only())["not_readers"]) == {"alder-dsl", "alder-deputy"}
    assert [mail.to for mail in back.mailbox.mails] == ["alder-head@places.example"]
    assert await sees(back, "alder-dsl") == []
    assert await sees(back, "alder-deputy") == []
    assert len(await sees(back, "alder-head")) == 1


async def test_a_machine_that_names_nobody_is_as_if_the_barred_sat_before_it(
    embedded_back: Back,
) -> None:
    back = embedded_back
    await arranged(back, LEAD, DEPUTY, barred=back.barred("Alder-Dsl", "Test"))
    one = (await back.only())["id"]
    assert (await back.call("alder", "GET", "")).json()["notifications"] == []
    nothing = await back.call("alder", "GET", f"/{uuid4()}")
    unnamed = await back.call("alder", "GET", f"/{one}")
    assert (unnamed.status_code, unnamed.json()) == (404, nothing.json())
    named = {"X-Daybreak-Contact": "alder-deputy"}
    assert (await back.call("alder", "GET", f"/{one}", headers=named)).status_code == 200
    assert len((await back.call("alder", "GET", "", headers=named)).json()["notifications"]) == 1


async def test_where_a_party_works_a_machine_names_who_reads(embedded_back: Back) -> None:
    """They may be no contact there, and sit before the school's software all the same."""
    back = embedded_back
    await back.area()
    await back.pupil("alder", UPN)
    made = await back.decide()
    assert made.disclosure is not None
    routing = made.disclosure.routing.model_copy(update={"works_at": ("900001",)})
    disclosure = made.disclosure.model_copy(update={"routing": routing})
    await back.decide(about="c2", disclosure=disclosure, subject=uuid4())
    await back.advance(SATURDAY)
    unnamed = (await back.call("alder", "GET", "")).json()["notifications"]
    assert {one["about"] for one in unnamed} == {"c1"}
    assert {one["about"] for one in await sees(back, "alder-dsl")} == {"c1", "c2"}


async def test_a_contact_who_comes_later_and_is_a_party_sees_nothing(embedded_back: Back) -> None:
    back = embedded_back
    await arranged(back, LEAD, barred=back.barred("Nora", "Test"))
    assert (await back.only())["not_readers"] == []
    nora = contact("alder-nora", "deputy", given_name="Nora")
    await back.organisation(ALDER.model_copy(update={"contacts": (LEAD, nora)}))
    await back.settle()
    one = (await back.only())["id"]
    assert await sees(back, "alder-nora") == []
    assert (await call(back, "alder-nora", "GET", f"/inbox/{one}")).status_code == 404
    assert (await call(back, "alder-nora", "GET", "/feed")).status_code in (403, 404)
    assert len(await sees(back, "alder-dsl")) == 1


async def test_nobody_left_at_the_school_is_a_task_of_the_authority_that_says_why(
    embedded_back: Back,
) -> None:
    back = embedded_back
    await arranged(back, LEAD, barred=back.barred("Alder-Dsl", "Test"))
    (task,) = await back.tasks("confirm-contact")
    assert (task["owner"], task["state"], task["why"]) == (
        "north-la",
        "open",
        "nobody-there-may-read-it",
    )
    assert len(await sees(back, "north-desk", "north-la")) == 1
    one = (await back.only())["id"]
    await call(back, "north-desk", "GET", f"/inbox/{one}", agency="north-la")
    assert [one["state"] for one in await back.tasks("confirm-contact")] == ["cancelled"]


async def test_no_machine_is_called_and_the_log_says_so_for_every_reader_of_it(
    embedded_back: Back,
) -> None:
    back = embedded_back
    await arranged(back, LEAD, DEPUTY, barred=back.barred("Alder-Dsl", "Test"))
    one = (await back.only())["id"]
    told = [r.event for r in await back.store.read_stream(f"notification-{one}")]
    quiet = {type(each).__name__: each.quiet for each in told if hasattr(each, "quiet")}
    assert quiet == {
        "NotificationRaised": True,
        "NotificationMadeAvailable": True,
        "AnnouncementBegun": True,
    }


async def test_tasks_about_it_are_not_there_for_who_is_kept_out(embedded_back: Back) -> None:
    back = embedded_back
    await arranged(back, LEAD, DEPUTY, barred=back.barred("Alder-Dsl", "Test"))
    one = (await back.only())["id"]
    await call(back, "alder-deputy", "GET", f"/inbox/{one}")
    event = messages.EventRef(source="/agencies/north-police", id="n-2", type="x", receipt=uuid4())
    closed = messages.CaseWithdrawn(event=event, case=CASE, withdrawn_at=back.clock.now())
    await back.publish(messages.DISCLOSURES, messages.CASE_WITHDRAWN, closed)
    (task,) = await back.tasks("confirm-deletion")
    assert task["owner"] == "alder"
    listed = {}
    for person in ("alder-dsl", "alder-deputy"):
        answer = await call(back, person, "GET", "/tasks")
        listed[person] = [one["kind"] for one in answer.json()["tasks"]]
    assert listed == {"alder-dsl": [], "alder-deputy": ["confirm-deletion"]}
    async with await back.client("alder") as machine:
        assert (await machine.get("/notify/v1/tasks")).json()["tasks"] == []
    done = f"/tasks/{task['id']}/done"
    refused = await call(back, "alder-dsl", "POST", done, json={"by": "alder-dsl"})
    assert refused.status_code == 404
    answer = await call(back, "alder-deputy", "POST", done, json={"by": "alder-deputy"})
    assert answer.json()["state"] == "done"


async def test_an_authority_that_must_not_be_told_is_told_in_nobodys_place(
    embedded_back: Back,
) -> None:
    back = embedded_back
    barred = back.barred("Alder-Dsl", "Test")
    await arranged(back, LEAD, barred=barred, never_tell=("north-la",))
    (task,) = await back.tasks("confirm-contact")
    assert task["owner"] == "north-police"
    assert await sees(back, "north-desk", "north-la") == []
    assert back.nudges_to("north-desk@places.example") == []
