"""Does a long list of tasks come in pages that neither lose nor repeat?"""

from uuid import uuid4

from contracts.messages import ClockKind, ClockRule
from tests.notify.back_house import Back
from tests.notify.tasks.test_tasks import oblige


async def test_a_long_list_of_tasks_comes_in_pages_by_their_due_moments(back: Back) -> None:
    await back.area()
    for hours in (30, 10, 20, 10, 40):
        due = ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=back.clock.now(), hours=hours)
        await oblige(back, "write-up-phone-referral", due=due, case=uuid4())
    whole = [one["id"] for one in await back.tasks()]
    async with await back.client("ops", "operations") as client:
        pages = [(await client.get("/notify/v1/tasks?limit=2")).json()]
        while (place := pages[-1]["next"]) is not None:
            pages.append((await client.get(f"/notify/v1/tasks?limit=2&after={place}")).json())
        refused = await client.get("/notify/v1/tasks?after=now")
        await client.post(f"/notify/v1/tasks/{whole[0]}/done", json={"by": "north-police"})
        still_open = (await client.get("/notify/v1/tasks?state=open&limit=2")).json()
    assert [len(page["tasks"]) for page in pages] == [2, 2, 1]
    assert [one["id"] for page in pages for one in page["tasks"]] == whole
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/after")
    assert [one["id"] for one in still_open["tasks"]] == whole[1:3]
