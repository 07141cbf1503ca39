"""Is what machines read of the contract the contract? Schemas, examples and AsyncAPI."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import yaml

from contracts.catalogue import EVENT_TYPES
from contracts.envelope import parse
from contracts.generate import main, outdated
from contracts.problems import InvalidEvent
from tests.contracts.samples import CONTRACTS, example, examples

ASYNCAPI = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text(encoding="utf-8"))


def validator(event_type: str) -> jsonschema_rs.Draft202012Validator:
    path = CONTRACTS / "schemas" / f"{event_type}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def test_what_is_committed_is_what_the_models_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert outdated() == []
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_example_is_valid_by_model_and_by_schema(event_type: str) -> None:
    parse(example(event_type))
    validator(event_type).validate(example(event_type))


def broken() -> Iterator[tuple[str, str, Any]]:
    for event_type in EVENT_TYPES:
        unknown = example(event_type)
        unknown["data"]["unknown"] = 1
        yield event_type, "an unknown field", unknown
        local = example(event_type)
        local["time"] = "2026-02-13T22:40:00"
        yield event_type, "a time without offset", local
        foreign = example(event_type)
        foreign["source"] = "elsewhere"
        yield event_type, "a source that is no agency", foreign
        other = example(event_type)
        other["type"] = "police.incident.recorded.v9"
        yield event_type, "another type", other
        for name in example(event_type)["data"]:
            lacking = example(event_type)
            del lacking["data"][name]
            yield event_type, f"no {name}", lacking


BROKEN = list(broken())


@pytest.mark.parametrize(
    ("event_type", "what", "event"), BROKEN, ids=[f"{kind} {what}" for kind, what, _ in BROKEN]
)
def test_schema_and_model_refuse_alike(event_type: str, what: str, event: Any) -> None:
    try:
        parse(event)
        accepted = True
    except InvalidEvent as error:
        # Contradictions between fields are beyond a schema; everything else it must refuse too.
        accepted = {problem["pointer"] for problem in error.errors} == {"/data/client_told"}
    assert validator(event_type).is_valid(event) == accepted, what


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def resolved(reference: str) -> Any:
    where, _, path = reference.partition("#")
    document = json.loads((CONTRACTS / where).read_text(encoding="utf-8")) if where else ASYNCAPI
    for part in path.split("/")[1:]:
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def test_every_reference_of_the_asyncapi_document_resolves() -> None:
    found = set(references(ASYNCAPI))
    assert len(found) > 40
    assert all(resolved(reference) is not None for reference in found)


def test_the_asyncapi_document_has_what_version_3_asks_for() -> None:
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(ASYNCAPI["info"])
    assert set(ASYNCAPI["channels"]) == {"agencies", "events", "disclosures", "directory"}
    for operation in ASYNCAPI["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert operation["channel"]["$ref"].startswith("#/channels/")
    for channel in ASYNCAPI["channels"].values():
        assert channel["messages"]
        assert channel["address"]


def test_every_event_type_is_a_message_of_the_agencies_channel() -> None:
    assert set(ASYNCAPI["channels"]["agencies"]["messages"]) == set(EVENT_TYPES)


def test_examples_are_of_synthetic_people_only() -> None:
    for event in examples().values():
        text = json.dumps(event)
        assert '"family_name": "Test"' in text or "family_name" not in text
        assert all(part.startswith("ZZ99") for part in _values(event, "postcode"))


def _values(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for item in value.values():
            yield from _values(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, name)
