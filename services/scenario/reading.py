"""What can be seen at this moment of the story? Everything told, decided, asked and delivered."""

import json
from typing import Any

from services.notify.readmodels.evidence import evidence
from services.scenario.stage import Stage

Json = dict[str, Any]


async def notifications(stage: Stage) -> list[Json]:
    """Each notification, the earliest first, read without opening it."""
    storage = stage.storage
    return await evidence(storage.databases["notify"], storage.stores["notify"])


async def decisions(stage: Stage) -> list[Json]:
    return await _every(stage, "/consent/v1/decisions", "decisions")


async def holds(stage: Stage) -> list[Json]:
    return await _every(stage, "/consent/v1/holds", "holds")


async def tasks(stage: Stage) -> list[Json]:
    return await _every(stage, "/notify/v1/tasks", "tasks")


async def organisations(stage: Stage) -> dict[str, str]:
    """The organisation of each contact id."""
    answer = await stage.request("GET", "/directory/v1/organisations")
    found = _items(answer.json(), "organisations")
    return {
        str(contact["id"]): str(one["id"]) for one in found for contact in one.get("contacts") or []
    }


async def addresses(stage: Stage) -> dict[str, str]:
    """The e-mail address of each contact id."""
    answer = await stage.request("GET", "/directory/v1/organisations")
    found = _items(answer.json(), "organisations")
    return {
        str(contact["id"]): str(contact.get("email") or "")
        for one in found
        for contact in one.get("contacts") or []
    }


async def everything(stage: Stage) -> Json:
    """All that happened, for `--json`."""
    return {
        "at": stage.clock.now().isoformat(),
        "notifications": await notifications(stage),
        "decisions": await decisions(stage),
        "tasks": await tasks(stage),
        "nudges": [
            {"to": one.to, "at": one.at.isoformat(), "subject": one.subject}
            for one in stage.mailbox.received
        ],
        "delivered": [
            {"to": one.path, "at": one.at.isoformat(), "body": one.body.decode("utf-8", "replace")}
            for one in stage.receiver.arrivals
        ],
    }


_READABLE = {"scheduled", "announced", "opened", "acknowledged"}


async def readable(stage: Stage, organisation: str | None) -> str:
    """All the text that one organisation, or with None anybody, can read because of an event."""
    mail_of = await addresses(stage)
    belongs = await organisations(stage)
    parts: list[Any] = []
    for one in await notifications(stage):
        if organisation in (None, one["to"]) and one["state"] != "cancelled":
            shown = one if one["state"] in _READABLE else {**one, "shows": {}}
            parts.append(shown)
    parts += [one for one in await tasks(stage) if organisation in (None, one["owner"])]
    own = {mail_of[one] for one, home in belongs.items() if organisation in (None, home)}
    parts += [[one.subject, one.raw, one.body] for one in stage.mailbox.received if one.to in own]
    parts += [
        [arrival.headers, arrival.body.decode("utf-8", "replace")]
        for arrival in stage.receiver.arrivals
        if organisation in (None, arrival.path)
    ]
    for caller in {organisation} if organisation else set(belongs.values()):
        parts += await _every(stage, "/notify/v1/inbox", "notifications", agency=caller)
        parts.append((await stage.request("GET", "/notify/v1/feed?after=0", agency=caller)).text)
    if organisation is None:
        day = stage.clock.now().date().isoformat()
        parts.append((await stage.request("GET", f"/notify/v1/morning?date={day}")).text)
        parts.append(await decisions(stage))
    return json.dumps(parts, ensure_ascii=False, default=str)


async def _every(stage: Stage, path: str, name: str, **asking: str) -> list[Json]:
    """The whole of a list, page by page."""
    page = (await stage.request("GET", path, **asking)).json()
    found = _items(page, name)
    while isinstance(page, dict) and page.get("next"):
        behind = f"{path}?after={page['next']}"
        page = (await stage.request("GET", behind, **asking)).json()
        found += _items(page, name)
    return [_flat(one) for one in found]


def _items(body: Any, name: str) -> list[Json]:
    if isinstance(body, list):
        return body
    return list(body.get(name) or body.get("items") or [])


def _flat(item: Json) -> Json:
    """`about` as the person's ref, whether the product says it so or inside an object."""
    about = item.get("about")
    return {**item, "about": about.get("ref") if isinstance(about, dict) else about}
