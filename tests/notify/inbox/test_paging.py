"""Does a long inbox come in pages that neither lose nor repeat, nor tell of what is hidden?"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify.readmodels.places import Place
from tests.notify.back_house import ALDER, FRIDAY_NIGHT, NORTH_LA, UPN, Back
from tests.notify.inbox.test_signed_in import call

SOMEWHERE = Place(FRIDAY_NIGHT, UUID(int=1))
NAMED = {"X-Daybreak-Contact": "alder-dsl"}


async def received(back: Back, events: Sequence[int], **more: Any) -> None:
    for number in events:
        await back.decide(event=f"n-{number}", case=uuid4(), subject=uuid4(), **more)
    await back.settle()


async def filled(back: Back) -> None:
    """Two and three of one moment each, an hour apart."""
    await back.area(ALDER, NORTH_LA)
    await back.pupil("alder", UPN)
    await received(back, range(2))
    back.clock.set(back.clock.now() + timedelta(hours=1))
    await received(back, range(2, 5))


async def page(back: Back, asked: str = "", **more: Any) -> dict[str, Any]:
    answer = await back.call("alder", "GET", asked, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ids(page: dict[str, Any]) -> list[str]:
    return [one["id"] for one in page["notifications"]]


async def pages(back: Back, asked: str, **more: Any) -> AsyncIterator[dict[str, Any]]:
    found = await page(back, asked, **more)
    yield found
    while found["next"]:
        found = await page(back, f"{asked}&after={found['next']}", **more)
        yield found


async def test_page_after_page_is_the_whole_list_and_so_it_is_backwards(back: Back) -> None:
    await filled(back)
    whole = await page(back)
    assert (len(ids(whole)), whole["next"], whole["previous"]) == (5, None, None)
    received_at = [one["received_at"] for one in whole["notifications"]]
    assert received_at == sorted(received_at, reverse=True)
    found = [one async for one in pages(back, "?limit=2")]
    assert [ids(one) for one in found] == [ids(whole)[:2], ids(whole)[2:4], ids(whole)[4:]]
    assert found[0]["previous"] is None
    middle = await page(back, f"?limit=2&before={found[2]['previous']}")
    assert ids(middle) == ids(found[1])
    first = await page(back, f"?limit=2&before={middle['previous']}")
    assert (ids(first), first["previous"]) == (ids(found[0]), None)
    assert ids(await page(back, f"?limit=2&after={first['next']}")) == ids(found[1])


async def test_what_comes_or_changes_meanwhile_moves_no_page(back: Back) -> None:
    await filled(back)
    whole = ids(await page(back))
    first = await page(back, "?limit=2&state=scheduled")
    back.clock.set(back.clock.now() + timedelta(minutes=1))
    await received(back, [9])
    await back.call("alder", "GET", f"/{ids(first)[-1]}")  # the one at which the page has ended
    second = await page(back, f"?limit=2&state=scheduled&after={first['next']}")
    assert ids(second) == whole[2:4]
    both = await page(back, "?state=scheduled&state=opened")
    assert len(ids(both)) == 6
    assert ids(await page(back, "?state=opened")) == ids(first)[-1:]
    assert ids(await page(back, "?state=cancelled")) == []


async def test_only_one_and_only_those_of_one_event_can_be_asked_for(embedded_back: Back) -> None:
    back = embedded_back
    await filled(back)
    one = (await page(back))["notifications"][3]
    assert ids(await page(back, f"?notification={one['id']}")) == [one["id"]]
    assert (await page(back, f"?notification={uuid4()}"))["notifications"] == []
    case = UUID(one["together"])
    await back.decide(about="c2", subject=uuid4(), event="n-8", case=case)
    await back.settle()
    of_event = await page(back, f"?together={case}")
    assert {item["about"] for item in of_event["notifications"]} == {"c1", "c2"}


async def test_neither_length_nor_end_of_a_page_tells_of_what_is_hidden(
    embedded_back: Back,
) -> None:
    back = embedded_back
    await filled(back)
    plain = ids(await page(back))
    back.clock.set(back.clock.now() + timedelta(hours=1))
    await received(back, range(5, 9), barred_readers=back.barred("Alder-Deputy", "Test"))
    back.clock.set(back.clock.now() + timedelta(hours=1))
    await received(back, [9])
    newest, *rest = ids(await page(back))
    assert rest == plain
    found = []
    async for one in pages(back, "?limit=2"):
        assert len(ids(one)) == 2
        found += ids(one)
    assert found == [newest, *plain]
    deputy = (await call(back, "alder-deputy", "GET", "/inbox?limit=2")).json()
    assert ids(deputy) == [newest, plain[0]]
    assert "n-5" not in str(deputy["next"])
    seen = [one async for one in pages(back, "?limit=4", headers=NAMED)]
    assert [len(ids(one)) for one in seen] == [4, 4, 2]


async def test_one_page_asks_the_log_once(
    embedded_back: Back, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, asked = embedded_back, list[int]()
    await filled(back)
    table: Any = back.store._table  # type: ignore[attr-defined]
    streams = table.streams

    async def counted(names: Sequence[str]) -> Any:
        asked.append(len(names))
        return await streams(names)

    monkeypatch.setattr(table, "streams", counted)
    assert len(ids(await page(back))) == 5
    assert asked == [5]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ("?after=yesterday", "/after"),
        ("?before=20260213T230500.000000Z_1", "/before"),
        (f"?after={SOMEWHERE}&before={SOMEWHERE}", "/before"),
    ],
)
async def test_what_is_no_page_is_refused_with_the_place(
    embedded_back: Back, asked: str, pointer: str
) -> None:
    answer = await embedded_back.call("alder", "GET", asked)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_page_has_a_length(embedded_back: Back) -> None:
    for wrong in ("?limit=0", "?limit=501", "?together=me"):
        assert (await embedded_back.call("alder", "GET", wrong)).status_code == 422
