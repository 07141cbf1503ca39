"""What does information governance do in a story? Legal holds, and what people may ask for."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.scenario.governed import LegalHold, Right
from services.scenario.people import People
from services.scenario.reading import decisions
from services.scenario.stage import Stage
from services.scenario.story import Do

Json = dict[str, Any]
BY = "information-governance"
NOBODY = 404  # there is no such decision or override to act upon


def whom(person: Json) -> Json:
    """The identity facts of somebody whom the story has described."""
    postcodes = [one["postcode"] for one in person.get("addresses", []) if one.get("postcode")]
    known = {name: person.get(name) for name in ("given_name", "family_name", "date_of_birth")}
    ids = person.get("identifiers") or {}
    told = {name: ids[name] for name in ("upn", "nhs_number") if ids.get(name)}
    return {**{k: v for k, v in known.items() if v}, "postcodes": postcodes, "identifiers": told}


async def act(stage: Stage, people: People, deed: Do) -> int:
    if deed.legal_hold is not None:
        return await hold(stage, people, deed.legal_hold)
    if deed.sign is not None:
        return await sign(stage, deed.sign)
    if deed.override is not None:
        return await override(stage, deed.override)
    if deed.review_override is not None:
        return await review_override(stage, deed.review_override)
    if deed.attach_statement is not None:
        return await use(stage, people, "annotations", deed.attach_statement)
    if deed.ask_erasure is not None:
        return await use(stage, people, "erasure-requests", deed.ask_erasure)
    return 204


async def hold(stage: Stage, people: People, deed: LegalHold) -> int:
    path = f"/consent/v1/legal-holds/{uuid5(NAMESPACE_URL, deed.id)}"
    if deed.lift:
        body: Json = {"reason": deed.reason, "by": BY}
        return (await stage.request("DELETE", path, json=body)).status_code
    review = deed.review_on.isoformat() if deed.review_on else None
    body = {"reason": deed.reason, "by": BY, "review_on": review}
    body["person"] = whom(people[deed.person or ""])
    return (await stage.request("PUT", path, json=body)).status_code


async def sign(stage: Stage, deed: Json) -> int:
    path = f"/consent/v1/agreements/{deed['agreement']}/signatories"
    body = {name: value for name, value in deed.items() if name != "agreement"}
    return (await stage.request("PUT", path, json=body)).status_code


async def override(stage: Stage, deed: Json) -> int:
    """Of the decision that stands, for `audience` and about `about`; the rest is the body."""
    body = dict(deed)
    audience, about = body.pop("audience"), body.pop("about", None)
    with stage.looking():
        every = await decisions(stage)
    for one in reversed(every):
        if one["audience"] == audience and about in (None, one["about"]):
            path = f"/consent/v1/decisions/{one['decision_id']}/override"
            return (await stage.request("POST", path, json=body)).status_code
    return NOBODY


async def review_override(stage: Stage, deed: Json) -> int:
    """Of the latest one."""
    with stage.looking():
        found = (await stage.request("GET", "/consent/v1/overrides")).json()["overrides"]
    for one in found:
        path = f"/consent/v1/overrides/{one['decision_id']}/review"
        return (await stage.request("POST", path, json=deed)).status_code
    return NOBODY


async def use(stage: Stage, people: People, which: str, deed: Right) -> int:
    body: Json = {
        "person": whom(people[deed.person]),
        "event": deed.event,
        "statement": deed.statement,
        "received_on": stage.clock.now().date().isoformat(),
        "by": BY,
    }
    told = {name: value for name, value in body.items() if value is not None}
    return (await stage.request("POST", f"/consent/v1/rights/{which}", json=told)).status_code
