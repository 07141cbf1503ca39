"""How does the area come to be there? Through the product's own doors, once."""

import json
from pathlib import Path
from typing import Any

from services.assembly import House
from services.demo import offers
from services.demo.area import DemoArea
from services.demo.households import Household, registers
from services.doors import Doors

Json = dict[str, Any]
OPERATOR = "northshire-operations"
KEYS = "demo.json"
# Who sends, and whom a newcomer may want to be from the command line.
_KEYED = (
    "north-police south-police brook alder birch cedar north-csc north-marac north-council"
).split()


class SeedRefused(Exception):
    """The product would not take a part of the area."""


def keys_of(folder: Path) -> dict[str, str] | None:
    """None until the area is in place."""
    file = folder / KEYS
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


async def seed(
    house: House, doors: Doors, area: DemoArea, families: tuple[Household, ...], folder: Path
) -> dict[str, str]:
    """Put the area in place and answer its keys, which are kept in the folder."""
    for one in area.organisations:
        await _take(doors, "PUT", f"/directory/v1/organisations/{one['id']}", one)
    await _services(doors)
    for agency in _KEYED:
        await doors.issue(agency)
    body = {"agency": OPERATOR, "roles": ["operations", "information-governance"]}
    operator = await _take(doors, "POST", "/directory/v1/keys", body)
    await _take(doors, "PUT", "/consent/v1/policies", {"policies": area.written.policies})
    for school, pupils in registers_with(area, families).items():
        await _take(doors, "POST", f"/directory/v1/organisations/{school}/pupils", pupils)
    await house.settle()
    keys = {**doors.keys, OPERATOR: str(operator["key"])}
    file = folder / KEYS
    file.touch(mode=0o600)
    file.write_text(json.dumps(keys), encoding="utf-8")
    return keys


async def _services(doors: Doors) -> None:
    for one in offers.organisations():
        await _take(doors, "PUT", f"/directory/v1/organisations/{one['id']}", one)
    for one in offers.services():
        path = f"/directory/v1/services/{one['id']}"
        await _take(doors, "PUT", path, one)
        if one["id"] != offers.UNCHECKED:
            await _take(doors, "POST", f"{path}/verify", {})


def registers_with(area: DemoArea, families: tuple[Household, ...]) -> dict[str, list[Json]]:
    """Also the two children whom the examples of the contract speak of."""
    rolls = registers(families)
    for pupil in area.written.pupils:
        row = pupil.model_dump()
        rolls.setdefault(row.pop("school"), []).append(row)
    return rolls


async def _take(doors: Doors, method: str, path: str, body: Any) -> Json:
    answer = await doors.request(method, path, json=body)
    if answer.is_error:
        raise SeedRefused(f"{path}: {answer.status_code}")
    return dict(answer.json()) if answer.content else {}
