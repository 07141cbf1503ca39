"""What happens in a story? Each verb, done through the product's own doors."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from services.chassis.bus import BusUnavailable
from services.chassis.standard_webhooks import new_secret, sign
from services.notify.intake.door import what_became_of
from services.scenario.doing import act
from services.scenario.people import People
from services.scenario.reading import addresses
from services.scenario.setting import add_pupil, contact_of, set_organisation
from services.scenario.stage import Stage
from services.scenario.story import Amqp, ClosureOf, DirectoryStep, HookCall, Step

Json = dict[str, Any]
_STRUCTURED = {"content-type": "application/cloudevents+json"}
_BATCH = {"content-type": "application/cloudevents-batch+json"}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one request was answered: HTTP status (or `accepted`/`refused`), pointers, receipt."""

    status: int | str
    pointers: list[str] = field(default_factory=list)
    receipt: str | None = None
    key: str = ""  # source and id, to tell whether a receipt is the same as before
    items: list["Said"] = field(default_factory=list)


def _pointers(problem: Json) -> list[str]:
    return [str(error.get("pointer", "")) for error in problem.get("errors") or []]


def _json(answer: httpx.Response) -> Json:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


class Steps:
    def __init__(self, stage: Stage, people: People, hook_secrets: dict[str, str]) -> None:
        self._stage = stage
        self._people = people
        self._secrets = hook_secrets
        self._hook_calls = 0

    async def perform(self, step: Step) -> list[Said]:
        """Everything that the step asks, in the order of the contract; one answer a request."""
        said: list[Said] = []
        for name, position in (step.fault or {}).items():
            self._stage.switches[name].down = position == "down"
        if step.mailboxes is not None:
            with self._stage.looking():
                address = await addresses(self._stage)
            self._stage.mailbox.refuses |= {address[one] for one in step.mailboxes.refuse}
            self._stage.mailbox.refuses -= {address[one] for one in step.mailboxes.accept}
        for change in step.directory or []:
            await self._change_directory(change)
            await self._stage.house.settle()
        for event in step.publish or []:
            said.append(await self._publish(event))
            await self._stage.house.settle()
        if step.batch is not None:
            said.append(await self._batch(step.batch))
            await self._stage.house.settle()
        said += [await self._amqp(delivery) for delivery in step.amqp or []]
        if step.hook is not None:
            said.append(await self._hook(step.hook))
            await self._stage.house.settle()
        for deed in step.do or []:
            said.append(Said(status=await act(self._stage, self._people, deed)))
            await self._stage.house.settle()
        return said

    def _whole(self, event: Json) -> Json:
        self._people.learn(event.get("data"))
        filled = {
            "specversion": "1.0",
            "time": self._stage.clock.now().isoformat(),
            "datacontenttype": "application/json",
        }
        return {**filled, **event}

    def _agency(self, event: Any) -> str:
        """Who knocks: the owner of the source; a stranger's source comes under another's key."""
        source = str(event.get("source", "")) if isinstance(event, dict) else ""
        named = source.rsplit("/", 1)[-1]
        keys = self._stage.keys
        return named if named in keys else next(iter(keys), named or "nobody")

    async def _publish(self, event: Json) -> Said:
        whole = self._whole(event)
        answer = await self._stage.request(
            "POST",
            "/notify/v1/events",
            agency=self._agency(whole),
            content=json.dumps(whole),
            headers=_STRUCTURED,
        )
        body = _json(answer)
        accepted = (body.get("accepted") or [{}])[0]
        return Said(
            status=answer.status_code,
            pointers=_pointers(body),
            receipt=accepted.get("receipt"),
            key=f"{whole.get('source')} {whole.get('id')}",
        )

    async def _batch(self, events: list[Any]) -> Said:
        items = [self._whole(event) if isinstance(event, dict) else event for event in events]
        agency = next((self._agency(item) for item in items if isinstance(item, dict)), "nobody")
        answer = await self._stage.request(
            "POST",
            "/notify/v1/events",
            agency=agency,
            content=json.dumps(items),
            headers=_BATCH,
        )
        body = _json(answer)
        said = {}
        for rejected in body.get("rejected") or []:
            problem = rejected.get("problem") or rejected
            said[rejected.get("index")] = Said(
                status=problem.get("status", 400), pointers=_pointers(problem)
            )
        taken = iter(body.get("accepted") or [])
        for index in range(len(items)):
            if index not in said and answer.is_success:
                accepted: dict[str, Any] = next(taken, {})
                said[index] = Said(
                    status=202,
                    receipt=accepted.get("receipt"),
                    key=f"{accepted.get('source')} {accepted.get('id')}",
                )
        return Said(
            status=answer.status_code,
            pointers=_pointers(body),
            items=[said[index] for index in sorted(said, key=lambda i: (i is None, i))],
        )

    async def _amqp(self, delivery: Amqp) -> Said:
        event = self._whole(delivery.model_dump(exclude={"user_id"}))
        store = self._stage.storage.stores["notify"]
        with self._stage.looking():
            before = await store.head()
        try:
            await self._stage.storage.bus.publish_as(  # type: ignore[attr-defined]
                delivery.user_id, str(event.get("type", "")), json.dumps(event).encode()
            )
        except (BusUnavailable, PermissionError):
            return Said(status="refused")
        await self._stage.house.settle()
        with self._stage.looking():
            pointers = await what_became_of(store, before)
        if pointers is None:
            return Said(status="accepted")
        return Said(status="refused", pointers=pointers)

    async def _hook(self, call: HookCall) -> Said:
        self._hook_calls += 1
        body = json.dumps(call.payload).encode()
        if isinstance(call.payload, str):
            body = call.payload.encode()
        moment = call.signed_at or self._stage.clock.now()
        secret = self._secrets.get(call.hook, "")
        if call.key == "wrong" or not secret:
            secret = new_secret()
        message_id = f"msg_story_{self._hook_calls}"
        headers = {
            "content-type": "application/json",
            **sign(message_id, moment, body, [secret]),
        }
        answer = await self._stage.bare(
            "POST", f"/notify/v1/hooks/{call.hook}", content=body, headers=headers
        )
        return Said(status=answer.status_code, pointers=_pointers(_json(answer)))

    async def _change_directory(self, change: DirectoryStep) -> None:
        stage, base = self._stage, "/directory/v1/organisations"
        if change.set is not None:
            await set_organisation(stage, change.set)
            if change.set.id not in stage.keys:
                await stage.issue(change.set.id)
        if change.close is not None:
            body = change.close.model_dump(mode="json", exclude={"id"}, exclude_none=True)
            await _done(await stage.request("POST", f"{base}/{change.close.id}/close", json=body))
        if change.calendar is not None:
            body = {"terms": [], "inset": [], "closed": [], **change.calendar.model_dump()}
            organisation = body.pop("id")
            await _done(await stage.request("PUT", f"{base}/{organisation}/calendar", json=body))
        if change.closure is not None:
            await _close_for_days(stage, change.closure)
        if change.contact is not None:
            organisation = change.contact.organisation
            body = contact_of(change.contact.model_dump())
            path = f"{base}/{organisation}/contacts/{body.get('id', '')}"
            await _done(await stage.request("PUT", path, json=body))
        if change.pupil is not None:
            await add_pupil(stage, change.pupil.model_dump())


async def _close_for_days(stage: Stage, closure: ClosureOf) -> None:
    """Announces one, or takes back the one that begins on that day."""
    path = f"/directory/v1/organisations/{closure.id}/calendar"
    if not closure.withdraw:
        body = closure.model_dump(mode="json", exclude={"id", "withdraw"}, exclude_none=True)
        await _done(await stage.request("POST", f"{path}/closures", json=body))
        return
    known = (await stage.request("GET", path)).json()["layers"][0]["closures"]
    for one in known:
        if one["start"] == closure.start.isoformat():
            await _done(await stage.request("DELETE", f"{path}/closures/{one['id']}"))


class DirectoryRefused(Exception):
    """The directory would not make the change that the story asks for."""


async def _done(answer: httpx.Response) -> None:
    if answer.is_error:
        raise DirectoryRefused(f"{answer.request.url.path}: {answer.status_code} {answer.text}")


def instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
