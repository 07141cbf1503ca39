"""What does a person in the story do? Open, acknowledge, send back, resolve, withdraw."""

from typing import Any

from services.scenario import governing, keeping
from services.scenario.people import People
from services.scenario.reading import holds, notifications, organisations, tasks
from services.scenario.stage import Stage
from services.scenario.story import (
    CompleteTask,
    Do,
    Reading,
    ResolveHold,
    WithdrawConsent,
)

Json = dict[str, Any]
NOBODY = 404  # there is no such notification, hold or task to act upon
_CLOSED = {"cancelled", "superseded", "not-ours", "withdrawn"}


async def act(stage: Stage, people: People, deed: Do) -> int:
    """Do it and answer the HTTP status."""
    if deed.open is not None:
        return await _read(stage, deed.open, "")
    if deed.acknowledge is not None:
        return await _read(stage, deed.acknowledge, "/acknowledge")
    if deed.not_ours is not None:
        return await _read(stage, deed.not_ours, "/not-ours")
    if deed.resolve_hold is not None:
        return await _resolve_hold(stage, deed.resolve_hold)
    if deed.complete_task is not None:
        return await _complete(stage, deed.complete_task)
    if deed.withdraw_consent is not None:
        return await _withdraw(stage, people, deed.withdraw_consent)
    kept = await keeping.act(stage, deed)
    return kept if kept is not None else await governing.act(stage, people, deed)


async def _read(stage: Stage, deed: Reading, action: str) -> int:
    with stage.looking():
        every = await notifications(stage)
    of_caller = [
        one
        for one in every
        if one["to"] == deed.to and deed.about in (None, one["about"])
        if deed.audience in (None, one["audience"])
    ]
    waiting = [one for one in of_caller if one["state"] not in _CLOSED | {"acknowledged"}]
    chosen = (waiting or of_caller)[:1]
    path = f"/notify/v1/inbox/{chosen[0]['id'] if chosen else 'none'}{action}"
    headers = {"x-daybreak-contact": deed.by} if deed.by else {}
    if not action:
        answer = await stage.request("GET", path, agency=deed.to, headers=headers)
        return answer.status_code
    body = {
        "by": deed.by or deed.to,
        "outcome": deed.outcome,
        "reason": deed.reason,
        "note": deed.note,
    }
    body = {key: value for key, value in body.items() if value is not None}
    answer = await stage.request("POST", path, agency=deed.to, json=body, headers=headers)
    return answer.status_code


async def _resolve_hold(stage: Stage, deed: ResolveHold) -> int:
    with stage.looking():
        every = await holds(stage)
    for hold in every:
        if hold["audience"] == deed.audience and deed.about in (None, hold["about"]):
            answer = await stage.request(
                "POST",
                f"/consent/v1/holds/{hold['hold_id']}/resolve",
                json={"outcome": deed.outcome, "reason": deed.reason or "-", "by": deed.by},
            )
            return answer.status_code
    return NOBODY


async def _complete(stage: Stage, deed: CompleteTask) -> int:
    with stage.looking():
        every = await tasks(stage)
    for task in every:
        same = task["kind"] == deed.kind and deed.about in (None, task["about"])
        if same and task["state"] == "open" and deed.owner in (None, task["owner"]):
            answer = await stage.request(
                "POST",
                f"/notify/v1/tasks/{task['id']}/done",
                agency=task["owner"],
                json={"by": deed.by or task["owner"]},
            )
            return answer.status_code
    return NOBODY


async def _withdraw(stage: Stage, people: People, deed: WithdrawConsent) -> int:
    with stage.looking():
        agency = (await organisations(stage)).get(deed.by, deed.by)
    moment = stage.clock.now().isoformat()
    event = {
        "specversion": "1.0",
        "id": f"withdrawn-{deed.person}-{moment}",
        "source": f"/agencies/{agency}",
        "type": "consent.withdrawn.v1",
        "time": moment,
        "datacontenttype": "application/json",
        "data": {"person": people[deed.person], "withdrawn_at": moment},
    }
    answer = await stage.request(
        "POST",
        "/notify/v1/events",
        agency=agency,
        json=event,
        headers={"content-type": "application/cloudevents+json"},
    )
    return answer.status_code
