"""What does a publisher learn of what it sent, and what does it never learn?"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.messages import Outcome
from services.chassis.sealing import Sealed
from services.notify.domain import notification as facts
from services.notify.domain.placement import Problem
from services.notify.receipts.projection import Receipts
from services.notify.streams.decision import DecisionSuperseded, Unplaced, content_key
from tests.notify import notifications
from tests.notify.front_house import NOON, Front
from tests.notify.intake.offers import event, offer

LATER = NOON + timedelta(hours=1)


async def accepted(front: Front) -> tuple[str, UUID]:
    token = await front.key("north-police")
    async with front.client(token) as client:
        [one] = (await offer(client, event())).json()["accepted"]
    return token, UUID(one["receipt"])


async def receipt(front: Front, token: str, which: UUID) -> Any:
    async with front.client(token) as client:
        answer = await client.get(f"/notify/v1/receipts/{which}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_at_first_a_receipt_says_that_it_was_received(front: Front) -> None:
    token, which = await accepted(front)
    said = await receipt(front, token, which)
    assert (said["id"], said["type"]) == ("n-1", "referral.answered.v1")
    assert said["received_at"] == "2026-02-13T12:00:00Z"
    assert (said["decided_at"], said["outcomes"]) == (None, [])


async def test_nobody_to_tell_is_said_until_somebody_was_told(front: Front) -> None:
    token, which = await accepted(front)
    nurse = await notifications.decided(front, which, "school-nursing", Outcome.DISCLOSED)
    nobody = Unplaced(decision=nurse, round=1, problem=Problem.NOBODY, left_out=(), at=LATER)
    await front.record(f"decision-{nurse}", nobody)

    [outcome] = (await receipt(front, token, which))["outcomes"]
    assert (outcome["outcome"], outcome["not_told"]) == ("disclosed", "nobody")

    await notifications.raised(front, receipt=which, decision=nurse)
    [outcome] = (await receipt(front, token, which))["outcomes"]
    assert "not_told" not in outcome


async def test_every_audience_has_its_outcome_and_times(front: Front) -> None:
    token, which = await accepted(front)
    school = await notifications.decided(front, which, "education", Outcome.DISCLOSED)
    await notifications.decided(front, which, "marac", Outcome.WITHHELD)
    await notifications.answered(front, which, 2, at=LATER)
    one = await notifications.raised(front, receipt=which, decision=school)
    for fact in (
        facts.NotificationAnnounced(
            notification=one, by="email", run="r", announced_at=LATER, again=False
        ),
        facts.NotificationAnnounced(
            notification=one,
            by="email",
            run="s",
            announced_at=LATER + timedelta(days=1),
            again=True,
        ),
        facts.NotificationOpened(notification=one, by="alder-dsl", opened_at=LATER),
    ):
        await notifications.told(front, fact)
    said = await receipt(front, token, which)
    assert said["decided_at"] == "2026-02-13T13:00:00Z"
    assert said["outcomes"] == [
        {
            "audience": "education",
            "outcome": "disclosed",
            "about": "c1",
            "because": [],
            "decided_at": "2026-02-13T12:00:00Z",
            "superseded": False,
            "told": [
                {
                    "state": "opened",
                    "told_at": "2026-02-13T13:00:00Z",
                    "opened_at": "2026-02-13T13:00:00Z",
                    "acknowledged_at": None,
                    "due": "2026-02-14T12:00:00Z",
                    "overdue": False,
                }
            ],
        },
        {
            "audience": "marac",
            "outcome": "withheld",
            "about": "c1",
            "because": ["what-others-told"],
            "decided_at": "2026-02-13T12:00:00Z",
            "superseded": False,
            "told": [],
        },
    ]


async def test_neither_content_nor_a_recipient_is_in_it(embedded_front: Front) -> None:
    token, which = await accepted(embedded_front)
    school = await notifications.decided(embedded_front, which, "education", Outcome.DISCLOSED)
    one = await notifications.raised(embedded_front, receipt=which, decision=school)
    await notifications.told(
        embedded_front,
        facts.NotificationOpened(notification=one, by="alder-dsl", opened_at=LATER),
    )
    said = repr(await receipt(embedded_front, token, which))
    # The ref is the sender's own word for the person, and means nothing to anybody else.
    assert not [word for word in ("alder", "child", str(one)) if word in said]


async def test_another_agency_is_told_what_a_stranger_is_told(front: Front) -> None:
    _, which = await accepted(front)
    async with front.client(await front.key("south-police")) as client:
        theirs = await client.get(f"/notify/v1/receipts/{which}")
        nobodys = await client.get(f"/notify/v1/receipts/{uuid4()}")
        nonsense = await client.get("/notify/v1/receipts/nonsense")
    assert (theirs.status_code, theirs.json()) == (nobodys.status_code, nobodys.json())
    assert (theirs.status_code, nonsense.status_code) == (404, 422)


async def test_reading_the_log_a_second_time_gives_the_same_receipt(front: Front) -> None:
    token, which = await accepted(front)
    school = await notifications.decided(front, which, "education", Outcome.DISCLOSED)
    await notifications.raised(front, receipt=which, decision=school)
    before = await receipt(front, token, which)
    async with front.database.transaction() as tx:
        await Receipts().apply_page(tx, await front.store.rows(0))
    assert await receipt(front, token, which) == before


async def test_the_newest_come_first_and_each_sender_sees_its_own(front: Front) -> None:
    tokens = {agency: await front.key(agency) for agency in ("north-police", "south-police")}
    for minute, (agency, id_) in enumerate(
        [("north-police", "a"), ("south-police", "b"), ("north-police", "c")]
    ):
        front.clock.set(NOON + timedelta(minutes=minute))
        told = {**event(), "source": f"/agencies/{agency}", "id": id_}
        async with front.client(tokens[agency]) as client:
            assert (await offer(client, told)).status_code == 202

    async def listed(token: str, **params: Any) -> list[str]:
        async with front.client(token) as client:
            answer = await client.get("/notify/v1/receipts", params=params)
        assert answer.status_code == 200, answer.text
        assert not [word for word in ("Cat", "c1", "child.") if word in answer.text]
        return [one["id"] for one in answer.json()["receipts"]]

    assert await listed(tokens["north-police"]) == ["c", "a"]
    assert await listed(tokens["south-police"]) == ["b"]
    for role in ("operations", "information-governance"):
        token = await front.key(f"{role}-desk", role)
        assert await listed(token) == ["c", "b", "a"]
        assert await listed(token, limit=2) == ["c", "b"]
    async with front.client(await front.key("alder", "recipient")) as client:
        assert (await client.get("/notify/v1/receipts")).status_code == 403
        assert (await client.get("/notify/v1/receipts?limit=0")).status_code in (403, 422)


async def test_the_list_counts_the_decisions_that_stand(front: Front) -> None:
    token, which = await accepted(front)
    first = await notifications.decided(front, which, "education", Outcome.HELD)
    await notifications.decided(front, which, "marac", Outcome.WITHHELD)
    second = await notifications.decided(front, which, "education", Outcome.DISCLOSED)
    await front.record(
        f"decision-{first}",
        DecisionSuperseded(
            decision=first, by=second, outcome=Outcome.DISCLOSED, correction=False, at=LATER
        ),
    )
    async with front.client(token) as client:
        (one,) = (await client.get("/notify/v1/receipts")).json()["receipts"]
    assert one["outcomes"] == {"withheld": 1, "disclosed": 1}


async def test_what_a_correction_left_as_it_was_is_told_under_both(front: Front) -> None:
    token, which = await accepted(front)
    first = await notifications.decided(front, which, "education", Outcome.DISCLOSED)
    one = await notifications.raised(front, receipt=which, decision=first)
    second = await notifications.decided(front, which, "education", Outcome.DISCLOSED, at=LATER)
    await notifications.told(
        front, facts.NotificationCarriedOver(notification=one, decision=second, at=LATER)
    )
    told = [len(one["told"]) for one in (await receipt(front, token, which))["outcomes"]]
    assert told == [1, 1]


async def test_a_receipt_says_about_whom_by_when_and_why_not_as_far_as_it_is_the_senders_own(
    front: Front,
) -> None:
    token, which = await accepted(front)
    first = await notifications.decided(front, which, "education", Outcome.DISCLOSED)
    await notifications.raised(front, receipt=which, decision=first)
    for audience in ("marac", "idva"):
        await notifications.decided(front, which, audience, Outcome.WITHHELD)
    await notifications.answered(front, which, 3)

    told = await receipt(front, token, which)

    assert told["note"] == ""
    by_audience = {one["audience"]: one for one in told["outcomes"]}
    assert {one["about"] for one in told["outcomes"]} == {"c1"}
    assert by_audience["education"]["because"] == []
    assert by_audience["marac"]["because"] == ["what-others-told"]
    (telling,) = by_audience["education"]["told"]
    assert telling["overdue"] is False
    assert telling["due"].startswith("2026-02-14T12:00")


async def test_the_list_counts_as_the_receipt_does_what_found_nobody(front: Front) -> None:
    token, which = await accepted(front)
    nurse = await notifications.decided(front, which, "school-nursing", Outcome.DISCLOSED)
    await notifications.decided(front, which, "education", Outcome.DISCLOSED)
    nobody = Unplaced(decision=nurse, round=1, problem=Problem.NOBODY, left_out=(), at=LATER)
    await front.record(f"decision-{nurse}", nobody)

    async def counted() -> Any:
        async with front.client(token) as client:
            (one,) = (await client.get("/notify/v1/receipts")).json()["receipts"]
        told = (await receipt(front, token, which))["outcomes"]
        assert one["outcomes"].get("unplaced", 0) == sum("not_told" in each for each in told)
        return one["outcomes"]

    assert await counted() == {"disclosed": 2, "unplaced": 1}
    await notifications.raised(front, receipt=which, decision=nurse)
    assert await counted() == {"disclosed": 2}


async def test_only_the_sender_reads_its_reference_in_the_list(embedded_front: Front) -> None:
    front = embedded_front
    token, which = await accepted(front)
    case, subject, decision = uuid4(), uuid4(), uuid4()
    content = Sealed(content_key(decision, subject), {"incident.reference": "SYN-7"})
    await notifications.decided(
        front, which, "education", Outcome.DISCLOSED, case=case, decision=decision, content=content
    )
    await notifications.answered(front, which, 1, case=case)

    async def said(token: str) -> Any:
        async with front.client(token) as client:
            (one,) = (await client.get("/notify/v1/receipts")).json()["receipts"]
        return one["reference"]

    assert await said(token) == "SYN-7"
    assert await said(await front.key("board", "operations")) is None
    await front.store.destroy_key(content_key(decision, subject))
    assert await said(token) is None
