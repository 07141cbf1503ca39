"""Who left the agreement, or whose agreement ended, before a notification was told? ADR 0029."""

from datetime import UTC, date, datetime
from typing import Any

from contracts import messages
from contracts.signatures import AgreementSigned, Signature
from tests.notify.back_house import UPN, Back

SATURDAY = datetime(2026, 2, 14, 7, 0, tzinfo=UTC)


async def sign(back: Back, version: int, *signatures: Any, every: bool = False) -> None:
    """`signatures`: an organisation, or one with the last day of its signature."""
    told = AgreementSigned(
        agreement="operation-encompass",
        version=version,
        signatures=None
        if every
        else tuple(
            Signature(organisation=one)
            if isinstance(one, str)
            else Signature(organisation=one[0], until=one[1])
            for one in signatures
        ),
    )
    await back.publish(messages.DISCLOSURES, messages.AGREEMENT_SIGNED, told)
    await back.settle()


async def scheduled(back: Back, **changes: Any) -> messages.DecisionMade:
    await back.area()
    await back.pupil("alder", UPN)
    made = await back.decide(**changes)
    assert (await back.only())["state"] == "scheduled"
    return made


async def test_who_left_in_the_night_is_told_nothing_in_the_morning(back: Back) -> None:
    await scheduled(back)
    await sign(back, 7, "birch")
    await back.advance(SATURDAY)

    found = await back.only()
    assert (found["state"], found["told_at"]) == ("cancelled", None)
    assert back.mailbox.mails == []
    (task,) = await back.tasks("review-hold")
    assert (task["owner"], task["state"], task["due"]) == ("north-police", "open", found["due"])


async def test_what_rests_on_consent_asks_nobody_when_the_agreement_is_left(back: Back) -> None:
    await scheduled(back, rests_on_consent=True)
    await sign(back, 7, "birch")
    await back.advance(SATURDAY)

    assert (await back.only())["state"] == "cancelled"
    assert await back.tasks("review-hold") == []


async def test_a_signature_ends_with_its_last_day(embedded_back: Back) -> None:
    back = embedded_back
    await sign(back, 7, ("alder", date(2026, 2, 14)))
    await scheduled(back)
    await back.advance(SATURDAY)
    assert (await back.only())["state"] == "announced"

    await back.advance(datetime(2026, 2, 23, 7, 1, tzinfo=UTC))  # the reminder finds it ended
    found = await back.only()
    assert found["state"] == "withdrawn"
    assert len(await back.tasks("review-hold")) == 1
    assert await back.tasks("confirm-deletion") == []  # nobody had opened it


async def test_nothing_is_told_after_the_last_day_of_the_agreement(embedded_back: Back) -> None:
    back = embedded_back
    await scheduled(back, agreement_until=date(2026, 2, 13))
    await back.advance(SATURDAY)

    assert (await back.only())["state"] == "cancelled"
    assert len(await back.tasks("review-hold")) == 1


async def test_an_override_asks_for_no_signature(embedded_back: Back) -> None:
    back = embedded_back
    await sign(back, 7, "birch")
    await scheduled(back, by_override=True, agreement_until=date(2026, 2, 13))
    await back.advance(SATURDAY)

    assert (await back.only())["state"] == "announced"


async def test_an_older_word_on_who_has_signed_changes_nothing(embedded_back: Back) -> None:
    back = embedded_back
    await scheduled(back)
    await sign(back, 8, every=True)
    await sign(back, 7, "birch")
    await back.advance(SATURDAY)

    assert (await back.only())["state"] == "announced"


async def test_who_has_left_is_not_even_found(embedded_back: Back) -> None:
    back = embedded_back
    await sign(back, 7, "birch")
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()

    assert await back.told(to="alder") == []
    assert await back.tasks("review-hold") == []  # no party to it: as when it was decided


async def test_what_is_unopened_is_not_opened_after_the_end(embedded_back: Back) -> None:
    back = embedded_back
    await scheduled(back)
    found = await back.only()
    await sign(back, 7, "birch")

    answer = await back.call("alder", "GET", f"/{found['id']}?by=alder-dsl")
    assert answer.status_code == 410
    await sign(back, 8, every=True)
    answer = await back.call("alder", "GET", f"/{found['id']}?by=alder-dsl")
    assert answer.status_code == 200
