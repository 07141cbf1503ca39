"""How does an area come to be there before the story starts? Through the product's own doors."""

import asyncio
from typing import Any, Protocol

import httpx
from pydantic import BaseModel

from contracts.messages import Contact as ContactShape
from contracts.messages import Organisation as OrganisationShape
from services.assembly import House
from services.scenario.people import People
from services.scenario.story import Area, Organisation

Json = dict[str, Any]
_TRY_AGAIN = 503  # the answer says so; whoever puts an area in place would
_AGAIN, _PAUSE = 5, 0.5  # seconds


class Place(Protocol):
    """A running house and its doors: a story's stage, or the demonstration."""

    house: House
    receiver_url: str  # where outbound webhooks of the area are sent

    async def request(
        self, method: str, path: str, *, agency: str | None = None, **kwargs: Any
    ) -> httpx.Response: ...

    async def issue(self, agency: str) -> None: ...


class AreaRefused(Exception):
    """The product would not take a part of the area; the text is its own problem."""


async def set_up(place: Place, area: Area, signatories: Json, people: People) -> dict[str, str]:
    """Put the whole area in place and answer the signing secret of each hook."""
    for organisation in area.organisations:
        await set_organisation(place, organisation)
        await place.issue(organisation.id)
    for pupil in area.pupils:
        await add_pupil(place, pupil.model_dump())
    if area.policies:
        await _put(place, "/consent/v1/policies", {"policies": area.policies})
    for agreement, who in {**area.signatories, **signatories}.items():
        path = f"/consent/v1/agreements/{agreement}/signatories"
        await _put(place, path, {"signatories": who})
    await place.house.settle()
    for number, subscription in enumerate(area.subscriptions, 1):
        await _put(place, f"/notify/v1/subscriptions/s{number}", subscription.model_dump())
    for endpoint in area.endpoints:
        path = f"/notify/v1/endpoints/{endpoint.organisation}"
        url = f"{place.receiver_url}/{endpoint.organisation}"
        await _put(place, path, {"url": url}, agency=endpoint.organisation)
    await place.house.settle()
    secrets = {}
    for hook in area.hooks:
        body = {"organisation": hook.organisation, "mapping": hook.mapping}
        answer = await _put(place, f"/notify/v1/hooks/{hook.id}", body)
        secrets[hook.id] = str(answer["secrets"][0])
    await place.house.settle()
    for number, (source, event_type, data) in enumerate(_earlier(area), 1):
        people.learn(data)
        await _tell(place, f"earlier-{number}", source, event_type, data)
    await place.house.settle()
    return secrets


async def set_organisation(place: Place, organisation: Organisation) -> None:
    body = _of_shape(OrganisationShape, organisation.model_dump())
    if body.get("contacts"):
        body["contacts"] = [contact_of(one) for one in body["contacts"]]
    await _put(place, f"/directory/v1/organisations/{organisation.id}", body)


def contact_of(contact: Json) -> Json:
    facts = {name: contact[name] for name in ("date_of_birth", "home") if name in contact}
    return _of_shape(ContactShape, contact) | facts


def _of_shape(shape: type[BaseModel], values: Json) -> Json:
    """What the directory keeps; a story may say more of somebody than that."""
    return {key: value for key, value in values.items() if key in shape.model_fields}


async def add_pupil(place: Place, pupil: Json) -> None:
    body = {key: value for key, value in pupil.items() if key != "school"}
    path = f"/directory/v1/organisations/{pupil['school']}/pupils"
    answer = await place.request("POST", path, json=[body])
    if answer.is_error:
        raise AreaRefused(f"{path}: {answer.status_code} {answer.text}")


async def _put(place: Place, path: str, body: Json, agency: str | None = None) -> Json:
    answer = await place.request("PUT", path, json=body, agency=agency)
    for _ in range(_AGAIN):
        if answer.status_code != _TRY_AGAIN:
            break
        await asyncio.sleep(_PAUSE)  # real time: a server that is slow to answer
        answer = await place.request("PUT", path, json=body, agency=agency)
    if answer.is_error:
        raise AreaRefused(f"{path}: {answer.status_code} {answer.text}")
    return dict(answer.json()) if answer.content else {}


def _earlier(area: Area) -> list[tuple[str, str, Json]]:
    """What was so before the story: consents, safeguarding status, MARAC referrals and hearings."""
    told: list[tuple[str, str, Json]] = []
    for data in area.consents:
        kind, data = _consent(data)
        told.append((_first(area, "treatment"), f"consent.{kind}.v1", data))
    for data in area.statuses:
        lead = (data.get("lead") or {}).get("organisation")
        source = lead or _first(area, "childrens-social-care")
        told.append((source, "safeguarding.status.changed.v1", data))
    for number, item in enumerate(area.marac, 1):
        data = {"reference": f"earlier-marac-{number}", **item}
        heard_at = data.pop("heard_at", None)
        source = data.get("area") or _first(area, "marac")
        told.append((source, "marac.referral.made.v1", data))
        if heard_at:
            heard = {"reference": data["reference"], "heard_at": heard_at, "area": source}
            told.append((source, "marac.case.heard.v1", heard))
    return told


def _consent(data: Json) -> tuple[str, Json]:
    for kind in ("given", "refused", "withdrawn"):
        if set(data) == {kind} and isinstance(data[kind], dict):
            return kind, data[kind]
        if f"{kind}_at" in data:
            return kind, data
    return "given", data


def _first(area: Area, kind: str) -> str:
    ids = [one.id for one in area.organisations if one.kind == kind]
    return (ids or [one.id for one in area.organisations])[0]


async def _tell(place: Place, event_id: str, source: str, event_type: str, data: Json) -> None:
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/agencies/{source}",
        "type": event_type,
        "time": place.house.clock.now().isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    answer = await place.request(
        "POST",
        "/notify/v1/events",
        agency=source,
        json=event,
        headers={"content-type": "application/cloudevents+json"},
    )
    if answer.is_error:
        raise AreaRefused(f"{event_type}: {answer.status_code} {answer.text}")
