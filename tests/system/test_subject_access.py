"""A person asks what is held of them: from the request to the pack, through all three services."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.scenario.people import People
from services.scenario.setting import set_up
from services.scenario.stage import Stage, open_stage
from services.scenario.steps import Steps
from services.scenario.story import read_story

STORY = Path(__file__).parents[2] / "scenarios" / "retention-ends.yaml"
BASE = "/consent/v1/rights/subject-access"
HANA = {
    "given_name": "Hana",
    "family_name": "Test",
    "date_of_birth": "1991-04-12",
    "postcodes": ["ZZ99 3CZ"],
}
CAT = {**HANA, "given_name": "Cat", "date_of_birth": "2018-05-01"}
Json = dict[str, Any]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """One incident, told to the school and opened there."""
    story = read_story(STORY)
    first = story.steps[0].at
    assert first is not None
    start = first - timedelta(minutes=5)
    async with open_stage(on="embedded", start=start, agreements=None) as opened:
        people = People()
        steps = Steps(opened, people, await set_up(opened, story.area, {}, people))
        for step in story.steps[:2]:
            assert step.at is not None
            await opened.advance(step.at)
            await steps.perform(step)
        yield opened


async def call(stage: Stage, method: str, path: str, by: str = "ig-1", **more: Any) -> Any:
    headers = {"x-daybreak-contact": by}
    return await stage.request(method, BASE + path, headers=headers, **more)


async def good(stage: Stage, method: str, path: str, **more: Any) -> Any:
    answer: httpx.Response = await call(stage, method, path, **more)
    assert answer.is_success, answer.text
    return answer.json()


def asking(**more: Any) -> Json:
    told = {"person": HANA, "requester": "the-person", "received_on": "2026-02-13", "by": "ig-1"}
    return {**told, **more}


async def asked(stage: Stage, **more: Any) -> Json:
    found: Json = await good(stage, "POST", "", json=asking(**more))
    return found


def rulings(decision: str, *paths: str, by: str = "ig-1") -> Json:
    exemption = "third-party-rights" if decision == "redact" else None
    each = [{"path": path, "decision": decision, "exemption": exemption} for path in paths]
    return {"rulings": each, "by": by}


async def test_from_the_request_to_the_pack(stage: Stage) -> None:
    told = await asked(stage)
    assert (told["due_on"], told["clock"]["status"]) == (
        "2026-03-13",
        "to be confirmed by the area",
    )
    assert 0 < told["flagged"] < told["fields"]
    one = f"/{told['id']}"
    assert (await call(stage, "GET", f"{one}/pack")).status_code == 409
    review = await good(stage, "GET", one)
    opened = [f for f in review["fields"] if f["path"].endswith("/by")]
    assert [f["value"] for f in opened] == ["alder-dsl"]  # from notify
    assert all("third_party" in f["flags"] for f in opened)

    # The first person: everything flagged is redacted, but for what was decided.
    case = "/".join(review["fields"][0]["path"].split("/")[:2])
    assert (await call(stage, "POST", f"{one}/release", json={"by": "ig-2"})).status_code == 409
    ruled = await good(stage, "POST", f"{one}/rulings", json=rulings("redact", case))
    assert ruled == {"open": 0}
    await good(stage, "POST", f"{one}/rulings", json=rulings("release", f"{case}/decisions"))

    # The same person twice: refused; the pack is not there yet.
    again = await call(stage, "POST", f"{one}/release", json={"by": "ig-1"})
    assert again.status_code == 409
    assert (await call(stage, "GET", f"{one}/pack")).status_code == 409

    assert [task["state"] for task in await tasks(stage)] == ["open"]
    released = await good(stage, "POST", f"{one}/release", json={"by": "ig-2"})
    assert released["redacted"] > 0
    assert [task["state"] for task in await tasks(stage)] == ["done"]
    late = await call(stage, "POST", f"{one}/rulings", json=rulings("release", case))
    assert late.status_code == 409

    pack = await call(stage, "GET", f"{one}/pack")
    assert "Hana" in pack.text
    for hidden in ("Omar", "Cat", "The blue lamp", "Shouting", "alder-dsl", "redact"):
        assert hidden not in pack.text
    text = await call(stage, "GET", f"{one}/pack?form=text")
    assert text.headers["content-type"].startswith("text/plain")
    assert "given name: Hana" in text.text
    assert "Omar" not in text.text
    assert (await good(stage, "GET", one))["fetched"] == 2


async def tasks(stage: Stage, **params: str) -> list[Json]:
    await stage.house.settle()
    answer = await stage.request("GET", "/notify/v1/tasks", params=params)
    return [one for one in answer.json()["tasks"] if one["kind"] == "answer-subject-access"]


async def test_the_controller_has_a_task_until_it_is_answered_and_longer_when_it_is_told(
    stage: Stage,
) -> None:
    told = await asked(stage, received_on="2026-01-31", controller="north-csc")
    [task] = await tasks(stage, owner="north-csc")
    # One calendar month from 31 January: 28 February, at five in London, which keeps UTC then.
    assert (task["id"], task["due"]) == (told["id"], "2026-02-28T17:00:00+00:00")
    assert told["due"] == task["due"]
    assert task["about"] is None
    ticked = {"by": "north-csc"}
    path = f"/notify/v1/tasks/{task['id']}/done"
    assert (await stage.request("POST", path, json=ticked)).status_code == 409

    longer = {"told_on": "2026-02-13", "reason": "Several agencies are asked", "by": "ig-1"}
    early = await call(
        stage, "POST", f"/{told['id']}/extend", json={**longer, "told_on": "2026-01-30"}
    )
    assert early.json()["errors"][0]["pointer"] == "/told_on"
    extended = await good(stage, "POST", f"/{told['id']}/extend", json=longer)
    # Three months from 31 January: 30 April, in summer time.
    assert (extended["due_on"], extended["due"]) == ("2026-04-30", "2026-04-30T16:00:00+00:00")
    assert (await call(stage, "POST", f"/{told['id']}/extend", json=longer)).status_code == 409
    [task] = await tasks(stage)
    assert (task["due"], task["state"]) == ("2026-04-30T16:00:00+00:00", "open")
    [listed] = (await good(stage, "GET", ""))["requests"]
    assert listed["due_on"] == "2026-04-30"

    refusal = {"reason": "It is the fifth of this month", "by": "ig-1"}
    await good(stage, "POST", f"/{told['id']}/refuse", json=refusal)
    assert [one["state"] for one in await tasks(stage)] == ["done"]
    assert (await call(stage, "POST", f"/{told['id']}/refuse", json=refusal)).status_code == 409
    assert (await call(stage, "GET", f"/{told['id']}/pack")).status_code == 409
    [listed] = (await good(stage, "GET", ""))["requests"]
    assert (listed["state"], listed["overdue"]) == ("refused", False)


async def test_who_is_told_too_late_of_a_longer_time_does_not_have_it(stage: Stage) -> None:
    told = await asked(stage, received_on="2026-01-10")
    late = {"told_on": "2026-02-11", "reason": "We forgot", "by": "ig-1"}
    answer = await call(stage, "POST", f"/{told['id']}/extend", json=late)
    assert answer.json()["errors"][0]["pointer"] == "/told_on"
    [task] = await tasks(stage)
    # A month from 10 January has passed already: the task is there and overdue.
    assert (task["due"], task["overdue"]) == ("2026-02-10T17:00:00+00:00", True)


async def test_what_comes_after_the_release_is_not_in_the_pack(stage: Stage) -> None:
    told = await asked(stage)
    review = await good(stage, "GET", f"/{told['id']}")
    case = "/".join(review["fields"][0]["path"].split("/")[:2])
    await good(stage, "POST", f"/{told['id']}/rulings", json=rulings("release", case))
    await good(stage, "POST", f"/{told['id']}/release", json={"by": "ig-2"})
    before = (await call(stage, "GET", f"/{told['id']}/pack")).text
    statement = {
        "person": HANA,
        "event": "/agencies/north-police|n-1",
        "statement": "I was pushed",
        "received_on": "2026-02-13",
        "by": "ig-1",
    }
    path = "/consent/v1/rights/annotations"
    assert (await stage.request("POST", path, json=statement)).is_success
    assert (await call(stage, "GET", f"/{told['id']}/pack")).text == before
    review = await good(stage, "GET", f"/{told['id']}")
    assert [f["value"] for f in review["fields"] if f["path"].endswith("says")] == ["I was pushed"]


async def test_a_parents_request_for_a_child_is_flagged_throughout(stage: Stage) -> None:
    told = await asked(stage, person=CAT, requester="parental-responsibility")
    assert told["flagged"] == told["fields"] > 0
    review = await good(stage, "GET", f"/{told['id']}")
    wanted = {"child_abuse_data", "serious_harm_review_needed"}
    assert all(wanted <= set(field["flags"]) for field in review["fields"])


async def test_the_list_has_its_clock_and_nobodys_name(stage: Stage) -> None:
    told = await asked(stage, received_on="2026-01-31")
    await stage.advance(stage.clock.now() + timedelta(days=30))
    found = await good(stage, "GET", "")
    [one] = found["requests"]
    assert (one["id"], one["due_on"], one["overdue"]) == (told["id"], "2026-02-28", True)
    assert "Hana" not in str(found)


async def test_after_the_end_of_retention_there_is_nothing_personal_to_give(stage: Stage) -> None:
    told = await asked(stage)
    await stage.advance(stage.clock.now() + timedelta(days=400))
    review = await call(stage, "GET", f"/{told['id']}")
    assert review.status_code == 200
    for name in ("Hana", "Omar", "Cat", "The blue lamp", "ZZ99"):
        assert name not in review.text


async def test_without_notify_there_is_no_answer_and_no_request(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object, **__: object) -> httpx.Response:
        raise httpx.ConnectError("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(httpx.ASGITransport, "handle_async_request", _only_notify(silent))
        assert (await call(stage, "POST", "", json=asking())).status_code == 503
    assert (await good(stage, "GET", ""))["requests"] == []


def _only_notify(silent: Any) -> Any:
    real = httpx.ASGITransport.handle_async_request

    async def either(self: Any, request: httpx.Request) -> httpx.Response:
        handle = silent if request.url.path.startswith("/notify/v1/why") else real
        answer: httpx.Response = await handle(self, request)
        return answer

    return either


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "", asking(received_on="2026-02-14"), 422),
        ("POST", "", asking(requester="a-neighbour"), 422),
        ("POST", "", asking(person={"given_name": "Hana", "family_name": "Test"}), 422),
        ("GET", "/22222222-2222-4222-8222-222222222222", None, 404),
    ],
)
async def test_what_cannot_be_done_is_refused_without_echo(
    stage: Stage, method: str, path: str, body: Json | None, status: int
) -> None:
    answer = await call(stage, method, path, json=body)
    assert answer.status_code == status
    assert "Hana" not in answer.text


async def test_a_redaction_relies_on_an_exemption_and_no_agency_may_ask(stage: Stage) -> None:
    told = await asked(stage)
    bare = {"rulings": [{"path": "cases", "decision": "redact"}], "by": "ig-1"}
    answer = await call(stage, "POST", f"/{told['id']}/rulings", json=bare)
    assert answer.status_code == 422
    assert (await call(stage, "GET", f"/{told['id']}", agency="north-police")).status_code == 403
    assert (await call(stage, "GET", "", agency="alder")).status_code == 403
