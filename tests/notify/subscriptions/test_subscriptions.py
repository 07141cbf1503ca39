"""How does a recipient choose when it hears, and whose choice counts?"""

from datetime import datetime
from typing import Any

import pytest

from services.notify.domain.subscriptions import Cadence, SubscriptionEnded, SubscriptionSet
from services.notify.readmodels.subscriptions import cadence, of_organisations
from tests.notify.front_house import Front

PATH = "/notify/v1/subscriptions"
DAILY: dict[str, Any] = {"agreement": "operation-encompass", "cadence": "daily"}


async def chosen(front: Front, **about: Any) -> Cadence:
    await front.work()
    async with front.database.reading() as tx:
        alder = (await of_organisations(tx, ["alder"])).get("alder", ())
        return cadence(alder, "operation-encompass", **about)


async def test_without_a_subscription_everything_comes_at_once(front: Front) -> None:
    assert await chosen(front) is Cadence.AT_ONCE


async def test_a_recipient_sets_changes_and_ends_its_own(front: Front) -> None:
    async with front.client(await front.key("alder", "recipient")) as client:
        put = await client.put(f"{PATH}/mornings", json=DAILY)
        assert (put.status_code, put.json()["organisation"]) == (200, "alder")
        assert await chosen(front) is Cadence.DAILY
        await client.put(f"{PATH}/mornings", json={**DAILY, "cadence": "weekly"})
        assert await chosen(front) is Cadence.WEEKLY
        [listed] = (await client.get(PATH)).json()["subscriptions"]
        assert listed == (await client.get(f"{PATH}/mornings")).json()
        assert (await client.delete(f"{PATH}/mornings")).status_code == 204
        assert (await client.get(f"{PATH}/mornings")).status_code == 404
        assert (await client.get(PATH)).json() == {"subscriptions": []}
    assert await chosen(front) is Cadence.AT_ONCE


async def test_the_same_again_changes_nothing_in_the_log(embedded_front: Front) -> None:
    async with embedded_front.client(await embedded_front.key("alder", "recipient")) as client:
        for _ in range(2):
            await client.put(f"{PATH}/mornings", json=DAILY)
            await client.delete(f"{PATH}/never-was")
    assert len(await embedded_front.logged(SubscriptionSet)) == 1
    assert await embedded_front.logged(SubscriptionEnded) == []


async def test_the_most_particular_subscription_wins(embedded_front: Front) -> None:
    async with embedded_front.client(await embedded_front.key("alder", "recipient")) as client:
        await client.put(f"{PATH}/all", json={**DAILY, "cadence": "weekly"})
        await client.put(f"{PATH}/high", json={**DAILY, "cadence": "at-once", "grading": "high"})
        await client.put(f"{PATH}/here", json={**DAILY, "area": "E06000999"})
    assert await chosen(embedded_front) is Cadence.WEEKLY
    assert await chosen(embedded_front, grading="high") is Cadence.AT_ONCE
    assert await chosen(embedded_front, area="E06000999") is Cadence.DAILY
    assert await chosen(embedded_front, area="E06000001") is Cadence.WEEKLY


async def test_nobody_chooses_for_another_but_an_administrator(embedded_front: Front) -> None:
    recipient = await embedded_front.key("alder", "recipient")
    administrator = await embedded_front.key("council", "administrator")
    body = {**DAILY, "organisation": "birch"}
    async with embedded_front.client(recipient) as client:
        assert (await client.put(f"{PATH}/x", json=body)).status_code == 403
        other = await client.get(PATH, params={"organisation": "birch"})
        assert other.status_code == 403
    async with embedded_front.client(administrator) as client:
        put = await client.put(f"{PATH}/x", json=body)
        assert (put.status_code, put.json()["organisation"]) == (200, "birch")
        listed = await client.get(PATH, params={"organisation": "birch"})
        assert [one["id"] for one in listed.json()["subscriptions"]] == ["x"]
    async with embedded_front.client(recipient) as client:
        assert (await client.get(PATH)).json() == {"subscriptions": []}


@pytest.mark.parametrize(
    "body",
    [{}, {"agreement": "a"}, {**DAILY, "cadence": "hourly"}, {**DAILY, "more": 1}, [DAILY]],
)
async def test_what_is_wrong_is_refused(embedded_front: Front, body: Any) -> None:
    async with embedded_front.client(await embedded_front.key("alder", "recipient")) as client:
        assert (await client.put(f"{PATH}/x", json=body)).status_code == 422
    assert await embedded_front.logged(SubscriptionSet) == []


async def test_what_was_set_stands_in_the_log_with_its_time(embedded_front: Front) -> None:
    async with embedded_front.client(await embedded_front.key("alder", "recipient")) as client:
        await client.put(f"{PATH}/x", json=DAILY)
    [told] = await embedded_front.logged(SubscriptionSet)
    at: datetime = told.set_at
    assert at == embedded_front.clock.now()
