"""Who gets leave to look for a child? The owner of an open task to find a school alone."""

from typing import Any

import httpx

from contracts.leave import LIFE, Leave, read
from tests.notify.back_house import UPN, Back

CONTENT = {
    "child.name": "Cat Test",
    "child.date_of_birth": "2018-05-01",
    "incident.reference": "SYN-SECRET",
}


async def look(back: Back, task: str, agency: str, **body: Any) -> httpx.Response:
    async with await back.client(agency, "publisher") as client:
        return await client.post(f"/notify/v1/tasks/{task}/look", json={"by": agency, **body})


async def test_the_owner_of_the_task_gets_leave_for_a_while(embedded_back: Back) -> None:
    back = embedded_back
    await back.area()
    await back.decide(content=CONTENT)
    (task,) = await back.tasks("resolve-school")
    answer = await look(back, task["id"], "north-police")
    given = answer.json()
    assert given["child"] == {"name": "Cat Test", "date_of_birth": "2018-05-01"}
    leave = read(back.pepper, given["leave"], back.clock.now())
    assert isinstance(leave, Leave)
    assert (str(leave.task), leave.agency) == (task["id"], "north-police")
    assert read(back.pepper, given["leave"], back.clock.now() + LIFE) is None


async def test_nobody_else_and_no_other_task_gives_leave(embedded_back: Back) -> None:
    back = embedded_back
    await back.area()
    await back.decide(content=CONTENT)
    (task,) = await back.tasks("resolve-school")
    assert (await look(back, task["id"], "other-police")).status_code == 404
    await back.pupil("birch", UPN)
    await back.settle()
    over = await look(back, task["id"], "north-police")
    assert (over.status_code, over.json()["title"]) == (409, "This task is over")
    assert "Cat" not in over.text
