"""Do we read CloudEvents as its own conformance material says?

The reading of the three modes is checked here; that other types and sources are then refused is
the contract's own rule, checked in tests/contracts.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from cloudevents.core.bindings import http as peer
from cloudevents.core.v1.event import CloudEvent as PeerEvent

from contracts.envelope import NotACloudEvent, from_http
from tests.shared_data.folder import shared_data

FOLDER = shared_data("cloudevents")
EXAMPLES = Path(__file__).resolve().parents[2] / "contracts" / "examples"


@dataclass(frozen=True)
class Case:
    """One row of the examples of a scenario outline in the feature file."""

    media_type: str
    headers: list[tuple[str, str]]
    body: bytes
    attributes: dict[str, str]
    data: Any


def cases() -> Iterator[Case]:
    path = FOLDER / "conformance" / "http-protocol-binding.feature"
    for outline in path.read_text(encoding="utf-8").split("Scenario Outline:")[1:]:
        request, data = (
            dedented(text) for text in re.findall(r'"""\n(.*?)"""', outline, re.DOTALL)
        )
        rows = [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in outline.splitlines()
            if line.strip().startswith("|")
        ]
        for (media_type,) in (row for row in rows if len(row) == 1 and row != ["contentType"]):
            meant = {
                name: value.replace("<contentType>", media_type)
                for name, value in (row for row in rows if len(row) == 2 and row[0] != "key")
            }
            head, _, body = request.replace("<contentType>", media_type).partition("\n\n")
            headers = [line.partition(": ")[::2] for line in head.splitlines()[1:]]
            yield Case(media_type, headers, body.encode(), meant, json.loads(data))


def dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


CASES = list(cases())


def test_the_feature_file_has_its_four_cases() -> None:
    assert [case.media_type for case in CASES] == [
        "application/json",
        "application/json; charset=utf-8",
        "application/cloudevents+json",
        "application/cloudevents+json; charset=utf-8",
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.media_type)
def test_requests_of_the_feature_file_are_read_as_it_says(case: Case) -> None:
    assert from_http(case.headers, case.body) == {**case.attributes, "data": case.data}


def documents(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / "conformance" / name).read_text(encoding="utf-8")
    return [document for document in yaml.safe_load_all(text) if document]


def attributes_of(document: dict[str, Any]) -> dict[str, Any]:
    context = dict(document["ContextAttributes"])
    extensions = context.pop("Extensions", {})
    return {**context, "specversion": "1.0", **extensions}


@pytest.mark.parametrize(
    "document",
    documents("v1_minimum.yaml"),
    ids=lambda document: document["ContextAttributes"]["id"],
)
def test_a_minimum_event_is_read_where_it_is_json_and_else_refused(document: Any) -> None:
    attributes = attributes_of(document)
    media_type = attributes["datacontenttype"]
    headers = [
        (f"ce-{name}", value) for name, value in attributes.items() if name != "datacontenttype"
    ]
    headers.append(("Content-Type", media_type))
    body = document["Data"].strip().encode()
    if media_type.startswith("application/json"):
        assert from_http(headers, body) == {**attributes, "data": json.loads(body)}
    else:
        with pytest.raises(NotACloudEvent):
            from_http(headers, body)


@pytest.mark.parametrize("document", documents("v1.yaml"), ids=lambda document: document["Mode"])
def test_an_event_with_extensions_is_read_in_its_mode(document: Any) -> None:
    attributes = attributes_of(document)
    attributes["time"] = datetime(2018, 4, 5, 3, 56, 24, tzinfo=UTC)
    data = json.loads(document["Data"])
    written = {"binary": peer.to_binary_event, "structured": peer.to_structured_event}
    message = written[document["Mode"]](
        PeerEvent({**attributes, "datacontenttype": "application/json"}, data)
    )
    read = from_http(list(message.headers.items()), bytes(message.body))
    assert isinstance(read, dict)
    assert datetime.fromisoformat(read.pop("time")) == attributes.pop("time")
    assert read == {**attributes, "datacontenttype": "application/json", "data": data}


def test_our_examples_are_cloudevents_by_the_official_schema() -> None:
    schema = json.loads((FOLDER / "cloudevents.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft7Validator(schema, validate_formats=True)
    paths = sorted(EXAMPLES.glob("*.json"))
    assert paths
    for path in paths:
        validator.validate(json.loads(path.read_text(encoding="utf-8")))
