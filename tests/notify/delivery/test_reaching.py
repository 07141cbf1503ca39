"""Whom does a nudge reach when mailboxes refuse it, and when people are away or off duty?"""

from datetime import UTC, date, datetime, time

from contracts.contacts import Away, Confirmation, Hours
from contracts.messages import Organisation
from tests.notify.back_house import ALDER, BIRCH, NORTH_CSC, NORTH_LA, UPN, Back, contact

SATURDAY = datetime(2026, 2, 14, 7, 0, tzinfo=UTC)
DUE_MORNING = datetime(2026, 2, 24, 7, 0, tzinfo=UTC)
DSL, DEPUTY, HEAD = ALDER.contacts


def mails(back: Back) -> list[str]:
    return [mail.to.partition("@")[0] for mail in back.mailbox.mails]


def alder(*contacts: object) -> Organisation:
    return ALDER.model_copy(update={"contacts": contacts})


async def night(back: Back, school: Organisation = ALDER) -> None:
    await back.area(school, BIRCH, NORTH_LA, NORTH_CSC)
    await back.pupil("alder", UPN)
    await back.settle()
    await back.decide()


async def test_where_no_key_adult_s_mailbox_takes_it_the_head_is_told_at_once(back: Back) -> None:
    back.mailbox.no_such = {"alder-dsl@places.example", "alder-deputy@places.example"}
    await night(back)
    await back.advance(SATURDAY)
    assert mails(back) == ["alder-head"]
    assert (await back.only())["state"] == "announced"
    await back.advance(DUE_MORNING)  # by then both are known to refuse: no need to try
    assert mails(back) == ["alder-head", "alder-head", "alder-head"]


async def test_one_mailbox_that_takes_it_is_enough(back: Back) -> None:
    back.mailbox.no_such = {"alder-dsl@places.example"}
    await night(back)
    await back.advance(SATURDAY)
    assert mails(back) == ["alder-deputy"]


async def test_a_mailbox_is_tried_again_once_its_contact_is_confirmed_or_has_another(
    back: Back,
) -> None:
    back.mailbox.no_such = {"alder-dsl@places.example"}
    await night(back)
    await back.advance(SATURDAY)
    back.mailbox.no_such = set()
    said = Confirmation(state="confirmed", at=datetime(2026, 2, 15, tzinfo=UTC), by="alder")
    await back.organisation(alder(DSL.model_copy(update={"confirmation": said}), DEPUTY, HEAD))
    await back.advance(datetime(2026, 2, 23, 7, 0, tzinfo=UTC))
    assert sorted(mails(back)) == ["alder-deputy", "alder-deputy", "alder-dsl"]


async def test_nobody_is_told_twice_where_everybody_s_mailbox_refuses(back: Back) -> None:
    only = contact("alder-dsl", "designated-safeguarding-lead")
    back.mailbox.no_such = {only.email or ""}
    school = alder(only).model_copy(update={"local_authority": None})
    await night(back, school)
    await back.advance(SATURDAY)
    assert mails(back) == []
    assert (await back.only())["state"] == "scheduled"


async def test_cover_counts_on_the_morning_of_the_telling_and_not_before(back: Back) -> None:
    away = Away(start=date(2026, 2, 24), end=date(2026, 2, 27), cover="alder-head")
    await night(back, alder(DSL.model_copy(update={"away": (away,)}), HEAD))
    await back.advance(DUE_MORNING)
    assert sorted(mails(back)) == ["alder-dsl", "alder-dsl", "alder-head"]


async def test_at_night_the_emergency_desk_is_told_and_in_office_hours_the_office(
    back: Back,
) -> None:
    week = (1, 2, 3, 4, 5)
    office = contact("office", "desk", hours=(Hours(days=week, start=time(9), end=time(17)),))
    duty = contact("duty", "emergency-duty", hours=(Hours(start=time(17), end=time(9)),))
    social_care = NORTH_CSC.model_copy(update={"contacts": (office, duty)})
    await back.area(ALDER, BIRCH, NORTH_LA, social_care)
    await back.decide(audience="childrens-social-care")
    await back.settle()
    assert mails(back) == ["duty"]
    await back.advance(datetime(2026, 2, 16, 10, 0, tzinfo=UTC))
    await back.decide(audience="childrens-social-care", event="n-2")
    await back.settle()
    assert mails(back) == ["duty", "duty", "office"]  # the second at seven: still the night
