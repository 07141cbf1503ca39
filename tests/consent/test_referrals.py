"""Who must write up, who must chase?"""

from typing import Any

from contracts import messages
from tests.consent.house import House
from tests.consent.story import NORTH, Json, child

MADE, ANSWERED = "referral.made.v1", "referral.answered.v1"


def made(**more: Any) -> Json:
    return {
        "reference": "R/1",
        "child": child(),
        "made_by_phone": True,
        "made_at": "2026-02-13T15:00:00Z",
        "intent": "refer",
        **more,
    }


def met(house: House) -> list[tuple[str, str]]:
    kinds = {body["task"]: body["kind"] for body in house.said(messages.OBLIGATION_ARISEN)}
    return [(kinds[body["task"]], body["how"]) for body in house.said(messages.OBLIGATION_MET)]


async def test_a_call_is_written_up_in_48_clock_hours(house: House) -> None:
    await house.accept(made(), MADE, "haven", "r-1")

    [task] = house.tasks("write-up-phone-referral")
    assert (task["due"]["kind"], task["due"]["hours"]) == ("clock-hours", 48)
    assert task["due"]["starts_at"].startswith("2026-02-13T15:00:00")
    assert task["owner"]["organisation"] == "haven"

    await house.accept(made(written_at="2026-02-14T09:00:00Z"), MADE, "haven", "r-2")
    assert ("write-up-phone-referral", "done") in met(house)


async def test_the_answer_is_chased_from_the_writing(house: House) -> None:
    await house.accept(made(), MADE, "haven", "r-1")
    await house.accept(made(written_at="2026-02-14T09:00:00Z"), MADE, "haven", "r-2")

    first, second = house.tasks("chase-referral")
    assert first["due"]["starts_at"].startswith("2026-02-13T15:00:00")
    assert second["due"]["starts_at"].startswith("2026-02-14T09:00:00")
    assert (second["due"]["kind"], second["due"]["days"]) == ("working-day", 1)
    assert ("chase-referral", "cancelled") in met(house)


async def test_an_answer_ends_the_chase_and_later_copies_do_not_begin_it(house: House) -> None:
    written = made(made_by_phone=False, written_at="2026-02-13T15:00:00Z")
    await house.accept(written, MADE, "haven", "r-1")
    answer = {"reference": "R/1", "decision": "accepted", "decided_at": "2026-02-13T22:00:00Z"}
    await house.accept(answer, ANSWERED, "north-csc", "a-1")
    assert met(house) == [("chase-referral", "cancelled")]

    await house.accept(written, MADE, "haven", "r-2")
    assert len(house.tasks("chase-referral")) == 1


async def test_an_answer_to_a_reference_of_two_agencies_ends_neither(house: House) -> None:
    written = made(made_by_phone=False, written_at="2026-02-13T15:00:00Z")
    await house.accept(written, MADE, "haven", "r-1")
    await house.accept(written, MADE, "surgery", "r-1")
    answer = {"reference": "R/1", "decision": "accepted", "decided_at": "2026-02-13T22:00:00Z"}
    await house.accept(answer, ANSWERED, "north-csc", "a-1")

    assert met(house) == []


async def test_a_referral_reaches_social_care_once_where_the_area_lets_it_come_this_way(
    house: House,
) -> None:
    policy = {"agreement": "school-to-social-care", "local_authority": NORTH, "open": True}
    await house.good("PUT", "/policies", json={"policies": [policy]})

    await house.accept(made(), MADE, "alder", "r-1")
    await house.accept(made(written_at="2026-02-14T09:00:00Z"), MADE, "alder", "r-2")

    [told] = house.made("childrens-social-care")
    assert told.agreement == "school-to-social-care"
    assert ("write-up-phone-referral", "done") in met(house)
    assert len(house.tasks("chase-referral")) == 2
