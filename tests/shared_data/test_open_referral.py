"""Is every answer of the open data what the schemas of Open Referral UK (HSDS-UK 3.0) say?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.directory.house import House, open_house
from tests.directory.offers import BRIDGE, SHELTER, open_bridge
from tests.directory.open_data import ask, told
from tests.shared_data.folder import shared_data

FOLDER = shared_data("open-referral-uk")
COMPILED = FOLDER / "schema" / "compiled"
LISTS = {
    "services": COMPILED / "service_list.json",
    "service_at_locations": COMPILED / "service_at_location_list.json",
    "taxonomies": FOLDER / "schema" / "taxonomy.json",
    "taxonomy_terms": FOLDER / "schema" / "taxonomy_term.json",
}
WHOLE = {
    **LISTS,
    "services": COMPILED / "service.json",
    "service_at_locations": COMPILED / "service_at_location.json",
}
# What the compliance page asks of every service beside the schema.
REQUIRED = {"id", "organization_id", "name", "status"}


def schema(path: Path) -> Any:
    """With what it refers to beside it put in its place."""
    return _whole(json.loads(path.read_text()))


def _whole(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_whole(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    if str(tree.get("$ref", "")).endswith(".json"):
        return schema(FOLDER / "schema" / tree["$ref"])
    return {name: _whole(value) for name, value in tree.items()}


def faults(path: Path, body: Any) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(schema(path), validate_formats=True)
    return [f"{each.instance_path}: {each.message}" for each in validator.iter_errors(body)]


def mock(kind: str, name: str) -> Any:
    return json.loads((FOLDER / "validator-mocks" / f"V3.0-UK-{kind}" / name).read_text())


@pytest.mark.parametrize("kind", ["Default", "Test", "Warn"])
def test_the_validators_own_good_answers_pass(kind: str) -> None:
    assert faults(WHOLE["services"], mock(kind, "service_full.json")) == []
    for each in mock(kind, "service_list.json")["contents"]:
        assert faults(LISTS["services"], each) == []


def test_the_validators_own_bad_answers_fail() -> None:
    assert faults(WHOLE["services"], mock("Fail", "service_full.json"))
    for each in mock("Fail", "service_list.json")["contents"]:
        assert len(faults(LISTS["services"], each)) in (1, 2, 3)


def test_a_null_a_wrong_id_and_a_missing_name_fail() -> None:
    good = mock("Default", "service_full.json")
    for change in ({"name": None}, {"id": "one"}, {"status": "open"}, {"url": None}):
        assert faults(WHOLE["services"], {**good, **change}), change
    del good["name"]
    assert faults(WHOLE["services"], good)


@pytest.fixture
async def area(tmp_path: Path) -> Any:
    async with open_house("embedded", tmp_path) as house:
        await open_bridge(house)
        council = {"kind": "local-authority", "name": "North", "local_authority": "E06000999"}
        await house.good("PUT", "/organisations/north", json=council)
        online = {"name": "Online", "access": "By a link that is sent."}
        fortnightly = [{"days": ["WE"], "interval": 2, "valid_from": "2026-02-04", "notes": "N"}]
        by_date = [{"freq": "monthly", "month_days": [1, -1], "valid_to": "2027-01-01"}]
        bare = {"organisation": "bridge", "name": "Bare", "publish": True}
        for name, body in {
            "shop": BRIDGE,
            "stay": SHELTER,
            "bare": bare,
            "online": {**bare, "location": online, "hours": fortnightly, "nationwide": True},
            "closed": {**BRIDGE, "status": "temporarily closed", "hours": by_date, "private": {}},
        }.items():
            await house.good("PUT", f"/services/{name}", json=body)
        await house.good("POST", "/services/shop/verify")
        yield house


async def test_every_answer_of_every_call_is_valid(area: House) -> None:
    for call, path in LISTS.items():
        page = await told(area, f"{call}?per_page=100")
        assert page["contents"], call
        assert page["total_items"] == page["size"] == len(page["contents"])
        for each in page["contents"]:
            assert faults(path, each) == [], call
            whole = await told(area, f"{call}/{each['id']}")
            assert faults(WHOLE[call], whole) == [], call
            for service in _services(call, each, whole):
                assert service.keys() >= REQUIRED


def _services(call: str, *answers: Any) -> Iterator[Any]:
    if call == "services":
        yield from answers
    if call == "service_at_locations":
        yield from (each["service"] for each in answers)


async def test_the_paging_and_the_parameters_are_the_standards(area: House) -> None:
    standard = json.loads((FOLDER / "schema" / "openapi.json").read_text())
    ours = await told(area, "openapi.json")
    assert set(ours["paths"]) == set(standard["paths"])
    wrapper = standard["components"]["schemas"]["Page"]
    properties = standard["components"]["parameters"]
    for call in LISTS:
        page = await told(area, call)
        assert page.keys() == {*wrapper["properties"], "contents"}
        assert jsonschema_rs.Draft202012Validator(wrapper).is_valid(page)
        asked = {each["name"] for each in ours["paths"][f"/{call}"]["get"]["parameters"]}
        wanted = standard["paths"][f"/{call}"]["get"]["parameters"]
        assert {properties[each["$ref"].split("/")[-1]]["name"] for each in wanted} <= asked
    about = standard["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]
    root = await told(area)
    assert root.keys() == about["schema"]["properties"].keys()
    validator = jsonschema_rs.Draft202012Validator(about["schema"], validate_formats=True)
    assert validator.is_valid(root)


async def test_the_document_that_validators_read_describes_what_is_answered(area: House) -> None:
    document = await told(area, "openapi.json")
    for path, calls in document["paths"].items():
        shape = calls["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**shape, "components": document["components"]}
        at = path.removeprefix("/")
        if "{id}" in at:
            first = (await told(area, at.removesuffix("/{id}")))["contents"][0]["id"]
            at = at.replace("{id}", first)
        answer = (await ask(area, at)).json()
        validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        assert [str(each) for each in validator.iter_errors(answer)] == [], path
