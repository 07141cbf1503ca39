"""What does information governance do in a story? Legal holds, and what people may ask for."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.scenario.people import People
from services.scenario.stage import Stage
from services.scenario.story import LegalHold

Json = dict[str, Any]
BY = "information-governance"


def whom(person: Json) -> Json:
    """The identity facts of somebody whom the story has described."""
    postcodes = [one["postcode"] for one in person.get("addresses", []) if one.get("postcode")]
    known = {name: person.get(name) for name in ("given_name", "family_name", "date_of_birth")}
    ids = person.get("identifiers") or {}
    told = {name: ids[name] for name in ("upn", "nhs_number") if ids.get(name)}
    return {**{k: v for k, v in known.items() if v}, "postcodes": postcodes, "identifiers": told}


async def hold(stage: Stage, people: People, deed: LegalHold) -> int:
    path = f"/consent/v1/legal-holds/{uuid5(NAMESPACE_URL, deed.id)}"
    if deed.lift:
        body: Json = {"reason": deed.reason, "by": BY}
        return (await stage.request("DELETE", path, json=body)).status_code
    review = deed.review_on.isoformat() if deed.review_on else None
    body = {"reason": deed.reason, "by": BY, "review_on": review}
    body["person"] = whom(people[deed.person or ""])
    return (await stage.request("PUT", path, json=body)).status_code
