"""What does a receiver see that asks instead of being told?"""

from typing import Any
from uuid import UUID

from services.notify.domain import notification as facts
from services.notify.feed.projection import Feed
from tests.notify import notifications
from tests.notify.front_house import Front


async def feed(front: Front, organisation: str, after: int = 0) -> list[tuple[int, str, UUID]]:
    async with front.client(await front.key(organisation, "recipient")) as client:
        answer = await client.get("/notify/v1/feed", params={"after": after})
    assert answer.status_code == 200, answer.text
    return [
        (one["counter"], one["type"], UUID(one["notification"])) for one in answer.json()["items"]
    ]


async def test_each_recipient_has_its_own_count_without_a_gap(front: Front) -> None:
    alder, birch = [], []
    for _ in range(3):
        alder.append(await notifications.available(front, "alder"))
        birch.append(await notifications.available(front, "birch"))
    kind = "notification.available"
    assert await feed(front, "alder") == [(n + 1, kind, one) for n, one in enumerate(alder)]
    assert await feed(front, "birch") == [(n + 1, kind, one) for n, one in enumerate(birch)]
    assert await feed(front, "cedar") == []


async def test_after_gives_what_came_since_and_next_is_where_to_go_on(front: Front) -> None:
    last = [await notifications.available(front) for _ in range(5)][-1]
    async with front.client(await front.key("alder", "recipient")) as client:
        page = (await client.get("/notify/v1/feed", params={"limit": 4})).json()
        rest = (await client.get("/notify/v1/feed", params={"after": page["next"]})).json()
        none = (await client.get("/notify/v1/feed", params={"after": rest["next"]})).json()
    assert (len(page["items"]), page["next"]) == (4, 4)
    assert [UUID(one["notification"]) for one in rest["items"]] == [last]
    assert none == {"items": [], "next": 5}


async def test_what_is_closed_is_said_with_the_next_number(front: Front) -> None:
    notification = await notifications.available(front)
    await notifications.told(
        front,
        facts.NotificationSuperseded(
            notification=notification, by_decision=notification, at=front.clock.now()
        ),
    )
    assert await feed(front, "alder") == [
        (1, "notification.available", notification),
        (2, "notification.superseded", notification),
    ]


async def test_what_was_never_in_the_inbox_is_never_in_the_feed(embedded_front: Front) -> None:
    notification = await notifications.raised(embedded_front)
    await notifications.told(
        embedded_front,
        facts.NotificationSuperseded(
            notification=notification, by_decision=notification, at=embedded_front.clock.now()
        ),
    )
    assert await feed(embedded_front, "alder") == []


async def test_a_rebuild_and_a_second_reading_give_the_same_numbers(front: Front) -> None:
    for _ in range(3):
        await notifications.available(front)
    before = await feed(front, "alder")
    [projector] = [one for one in front.part.workers if one.name == Feed.name]
    await projector.rebuild()  # type: ignore[attr-defined]
    assert await feed(front, "alder") == before
    async with front.database.transaction() as tx:
        await Feed().apply_page(tx, await front.store.rows(0))
    assert await feed(front, "alder") == before


async def test_the_feed_is_for_recipients(embedded_front: Front) -> None:
    async with embedded_front.client(await embedded_front.key("north-police")) as client:
        assert (await client.get("/notify/v1/feed")).status_code == 403
    async with embedded_front.client(await embedded_front.key("alder", "recipient")) as client:
        assert (await client.get("/notify/v1/feed", params={"after": -1})).status_code == 422


async def test_what_one_of_them_must_not_know_is_not_counted_nor_is_its_end(front: Front) -> None:
    """A gap in the count would say that there is something (ADR 0030)."""
    first = await notifications.available(front)
    quiet = await notifications.raised(front)
    await notifications.told(
        front,
        facts.NotificationMadeAvailable(
            notification=quiet, organisation="alder", at=front.clock.now(), quiet=True
        ),
    )
    second = await notifications.available(front)
    ended = facts.NotificationSuperseded(
        notification=quiet, by_decision=quiet, at=front.clock.now()
    )
    await notifications.told(front, ended)
    kind = "notification.available"
    assert await feed(front, "alder") == [(1, kind, first), (2, kind, second)]
    assert await feed(front, "alder", after=2) == []


async def diverted(front: Front, notification: UUID, *, run: str = "r-1", **more: Any) -> None:
    await notifications.begun(front, notification, diverted_to="north-la", run=run, **more)


async def test_who_reads_it_in_anothers_place_counts_it_once_and_hears_of_its_end(
    front: Front,
) -> None:
    """Nobody at the school is listed: its machine has it, and the authority's desk reads it too."""
    own = await notifications.available(front, "north-la")
    one = await notifications.available(front, "alder")
    await diverted(front, one)
    await diverted(front, one, run="r-2", again=True)
    last = await notifications.available(front, "north-la")
    ended = facts.NotificationWithdrawn(
        notification=one,
        decision=one,
        organisation="alder",
        reason=facts.Why.RETRACTED,
        at=front.clock.now(),
        was_opened=False,
    )
    await notifications.told(front, ended)
    kind, gone = "notification.available", "notification.withdrawn"
    assert await feed(front, "north-la") == [
        (1, kind, own),
        (2, kind, one),
        (3, kind, last),
        (4, gone, one),
    ]
    assert await feed(front, "alder") == [(1, kind, one), (2, gone, one)]
    before = await feed(front, "north-la")
    [projector] = [one for one in front.part.workers if one.name == Feed.name]
    await projector.rebuild()  # type: ignore[attr-defined]
    assert await feed(front, "north-la") == before


async def test_the_school_of_somebody_kept_out_has_no_number_for_what_is_diverted(
    embedded_front: Front,
) -> None:
    front = embedded_front
    one = await notifications.raised(front)
    made = facts.NotificationMadeAvailable(
        notification=one, organisation="alder", at=front.clock.now(), quiet=True
    )
    await notifications.told(front, made)
    await diverted(front, one, conflict=True)
    assert await feed(front, "north-la") == [(1, "notification.available", one)]
    assert await feed(front, "alder") == []


async def test_where_somebody_of_the_authority_is_kept_out_too_it_counts_nothing(
    embedded_front: Front,
) -> None:
    front = embedded_front
    one = await notifications.available(front)
    await diverted(front, one, quiet=True)
    ended = facts.NotificationSuperseded(notification=one, by_decision=one, at=front.clock.now())
    await notifications.told(front, ended)
    assert await feed(front, "north-la") == []
