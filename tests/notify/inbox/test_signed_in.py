"""Who has signed in reads and answers as herself, and as nobody else."""

from typing import Any
from uuid import uuid4

import httpx

from services.chassis.assertions import Assertions
from services.chassis.principals import Principal
from tests.notify.back_house import UPN, Back
from tests.notify.inbox.test_inbox import SATURDAY, waiting
from tests.notify.tasks.test_tasks import oblige


async def call(
    back: Back, person: str, method: str, path: str, *, agency: str = "alder", **more: Any
) -> httpx.Response:
    who = Principal(
        agency=agency,
        roles=frozenset({"recipient", "publisher"}),
        key_id="session",
        person=person,
    )
    headers = {"authorization": f"Bearer {Assertions(back.service_token).of(who)}"}
    transport = httpx.ASGITransport(back.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notify") as client:
        answer = await client.request(
            method, f"/notify/v1{path}", headers={**headers, **more.pop("headers", {})}, **more
        )
    await back.settle()
    return answer


async def by(back: Back, one: str) -> list[tuple[str, str, str]]:
    recorded = await back.store.read_stream(f"notification-{one}")
    named = [r for r in recorded if hasattr(r.event, "by") and r.context.actor]
    return [(type(r.event).__name__, r.event.by, str(r.context.actor)) for r in named][-1:]


async def test_what_is_recorded_names_her_and_not_the_school(back: Back) -> None:
    one = await waiting(back)
    answer = await call(back, "alder-deputy", "GET", f"/inbox/{one}")
    assert answer.status_code == 200
    assert answer.json()["content"]["child.name"] == "Cat Test"
    assert await by(back, one) == [("NotificationOpened", "alder-deputy", "alder-deputy")]
    body = {"by": "alder-deputy", "outcome": "no-action"}
    await call(back, "alder-deputy", "POST", f"/inbox/{one}/acknowledge", json=body)
    assert await by(back, one) == [("NotificationAcknowledged", "alder-deputy", "alder-deputy")]
    answer = await call(
        back, "alder-deputy", "POST", f"/inbox/{one}/not-ours", json={"reason": "left"}
    )
    assert answer.status_code == 200
    assert await by(back, one) == [("NotificationNotOurs", "alder-deputy", "alder-deputy")]


async def test_she_names_nobody_else(back: Back) -> None:
    one = await waiting(back)
    task = await oblige(back, "write-up-phone-referral")
    before = await back.store.head()
    mine = f"/inbox/{one}"
    for who in ("alder-dsl", "alder"):
        tried = (
            await call(back, "alder-deputy", "GET", f"{mine}?by={who}"),
            await call(back, "alder-deputy", "GET", mine, headers={"X-Daybreak-Contact": who}),
            await call(back, "alder-deputy", "GET", f"/inbox?by={who}"),
            await call(back, "alder-deputy", "POST", f"{mine}/acknowledge", json={"by": who}),
            await call(
                back, "alder-deputy", "POST", f"{mine}/not-ours", json={"reason": "left", "by": who}
            ),
            await call(back, "alder-deputy", "POST", f"/tasks/{task}/done", json={"by": who}),
        )
        assert [answer.status_code for answer in tried] == [403] * len(tried)
    assert await back.store.head() == before


async def test_a_party_or_who_was_named_does_not_see_that_it_exists(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide(barred_readers=back.barred("Alder-Dsl", "Test"))
    await back.advance(SATURDAY)
    one = (await back.only())["id"]
    seen = await call(back, "alder-dsl", "GET", f"/inbox/{one}")
    nothing = await call(back, "alder-dsl", "GET", f"/inbox/{uuid4()}")
    assert (seen.status_code, seen.json()) == (404, nothing.json())
    assert (await call(back, "alder-dsl", "GET", "/inbox")).json()["notifications"] == []
    for action, body in (("acknowledge", {"by": "alder-dsl"}), ("not-ours", {"reason": "left"})):
        answer = await call(back, "alder-dsl", "POST", f"/inbox/{one}/{action}", json=body)
        assert answer.status_code == 404
    assert len((await call(back, "alder-deputy", "GET", "/inbox")).json()["notifications"]) == 1


async def test_who_is_not_of_the_school_reads_nothing_of_it(back: Back) -> None:
    one = await waiting(back)
    for person, agency in (("birch-dsl", "birch"), ("birch-dsl", "alder"), ("alder-dsl", "birch")):
        answer = await call(back, person, "GET", f"/inbox/{one}", agency=agency)
        assert answer.status_code in (404, 422)
        assert "Cat" not in answer.text
    assert (await back.only())["state"] == "announced"


async def test_a_contact_may_not_do_what_only_those_may_who_run_it(back: Back) -> None:
    await back.area()
    assert (await call(back, "alder-dsl", "GET", "/morning")).status_code == 403
    assert (await call(back, "alder-dsl", "GET", "/tasks?owner=birch")).status_code == 403
