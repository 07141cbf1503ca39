"""A ground that arises later: what was withheld for want of it is decided again (ADR 0029)."""

from typing import Any

from contracts.messages import Outcome
from tests.consent.house import House
from tests.consent.story import ENDED, MISSED, Json, child, ended, missed
from tests.consent.test_consents import CSC, KID, SCOPE, given, withdrawn

STATUS = "safeguarding.status.changed.v1"
NO: Json = {"outcome": "withheld", "reason": "Did not understand.", "by": "reviewer-1"}


async def opens(house: House, status: str = "section-47", since: str = "2026-02-14") -> None:
    told = {"child": child("k", relationships=[]), "status": status, "since": since}
    await house.accept(told, STATUS, "north-csc", f"s-{status}-{since}")


async def on(house: House, moment: str) -> None:
    house.later(moment)


async def withheld(house: House) -> Any:
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    [made] = house.made(CSC)
    assert made.outcome is Outcome.WITHHELD
    return made


async def test_the_duty_exists_now_and_its_clock_starts_now(house: House) -> None:
    former = await withheld(house)
    await on(house, "2026-02-14T09:00:00+00:00")
    await opens(house)

    told = house.made(CSC)[-1]
    assert (told.outcome, told.supersedes, told.correction) == (
        Outcome.DISCLOSED,
        former.decision_id,
        False,
    )
    assert told.because[0].rule == "ground-arose-later"
    assert "section-47-or-plan-is-open" in {one.rule for one in told.because}
    assert told.disclosure is not None
    assert told.disclosure.due.starts_at.isoformat() == "2026-02-14T09:00:00+00:00"
    assert (told.disclosure.due.hours, told.disclosure.rests_on_consent) == (1, False)
    assert told.event == former.event


async def test_it_is_decided_again_once(house: House) -> None:
    await withheld(house)
    await on(house, "2026-02-14T09:00:00+00:00")
    await opens(house)
    await opens(house, "protection-plan", "2026-02-14")
    told = {"child": child("k", relationships=[]), "status": "section-47", "since": "2026-02-14"}
    await house.accept(told, STATUS, "north-csc", "s-section-47-2026-02-14", copy=1)

    assert [made.outcome for made in house.made(CSC)] == [Outcome.WITHHELD, Outcome.DISCLOSED]


async def test_a_duty_goes_over_a_withdrawal(embedded: House) -> None:
    house = embedded
    await house.accept(given(), "consent.given.v1", "haven", "k-1")
    await house.accept(withdrawn(), "consent.withdrawn.v1", "haven", "k-2")
    await withheld(house)
    await on(house, "2026-02-14T09:00:00+00:00")
    await opens(house)
    assert house.made(CSC)[-1].outcome is Outcome.DISCLOSED


async def test_a_new_ground_carries_no_consent_along_that_came_later(house: House) -> None:
    await withheld(house)
    scope = {**SCOPE, "audiences": ["health-visiting"]}
    later = given(scope=scope, given_at="2026-02-13T23:30:00Z")
    await house.accept(later, "consent.given.v1", "haven", "k-1")
    await on(house, "2026-02-14T09:00:00+00:00")
    await opens(house)

    assert [made.outcome for made in house.made("health-visiting")] == [Outcome.WITHHELD]
    assert house.made(CSC)[-1].outcome is Outcome.DISCLOSED


async def test_what_is_older_than_the_window_stays_withheld(embedded: House) -> None:
    await withheld(embedded)
    await on(embedded, "2026-03-13T23:07:00+00:00")  # 28 days and a minute
    await opens(embedded, since="2026-03-13")
    assert len(embedded.made(CSC)) == 1


async def test_a_ground_that_ends_or_is_of_another_child_changes_nothing(embedded: House) -> None:
    await withheld(embedded)
    await opens(embedded, "none")
    stranger = child("k", "Dora", "2015-05-05", relationships=[])
    told = {"child": stranger, "status": "section-47", "since": "2026-02-13"}
    await embedded.accept(told, STATUS, "north-csc", "s-2")
    assert len(embedded.made(CSC)) == 1


async def test_a_status_that_begins_later_is_no_ground_yet(embedded: House) -> None:
    await withheld(embedded)
    await opens(embedded, since="2026-02-20")
    assert len(embedded.made(CSC)) == 1


async def test_a_doubt_about_consent_ends_with_a_duty(house: House) -> None:
    await house.accept(given(competence="doubtful"), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    assert house.made(CSC)[-1].outcome is Outcome.HELD
    await on(house, "2026-02-14T09:00:00+00:00")
    await opens(house)

    assert house.made(CSC)[-1].outcome is Outcome.DISCLOSED
    [met] = house.said("obligation.met")
    assert met["task"] == house.tasks("review-hold")[0]["task"]


async def test_what_a_person_withheld_is_for_a_person_again(house: House) -> None:
    await house.accept(given(competence="doubtful"), "consent.given.v1", "haven", "k-1")
    await house.accept(ended(KID), ENDED, "haven", "e-1")
    [hold] = (await house.good("GET", "/holds"))["holds"]
    await house.good("POST", f"/holds/{hold['hold_id']}/resolve", json=NO)
    await on(house, "2026-02-14T09:00:00+00:00")
    await opens(house)

    again = house.made(CSC)[-1]
    assert (again.outcome, again.disclosure) == (Outcome.HELD, None)
    task = house.tasks("review-hold")[-1]
    assert task["decision_id"] == str(again.decision_id)
    [hold] = (await house.good("GET", "/holds"))["holds"]
    released = {**NO, "outcome": "disclosed"}
    await house.good("POST", f"/holds/{hold['hold_id']}/resolve", json=released)
    await house.work()
    assert house.made(CSC)[-1].outcome is Outcome.DISCLOSED
    assert house.said("obligation.met")[-1]["task"] == task["task"]


async def test_a_missed_appointment_is_decided_again_too(embedded: House) -> None:
    told = missed(KID, appointment={"kind": "review", "referred_by": "surgery"})
    await embedded.accept(told, MISSED, "haven", "a-1")
    assert embedded.made(CSC)[-1].outcome is Outcome.WITHHELD
    await on(embedded, "2026-02-14T09:00:00+00:00")
    await opens(embedded)

    last = embedded.made(CSC)[-1]
    assert last.outcome is Outcome.DISCLOSED
    assert last.disclosure is not None
    assert last.disclosure.due.hours == 24


async def test_the_client_is_owed_the_telling(embedded: House) -> None:
    untold = ended(KID, client_told={"told": False})
    await embedded.accept(untold, ENDED, "haven", "e-1")
    assert embedded.tasks("tell-subject") == []
    await on(embedded, "2026-02-14T09:00:00+00:00")
    await opens(embedded)
    assert len(embedded.tasks("tell-subject")) == 1
