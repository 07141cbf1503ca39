"""What does a machine read of this contract? Schemas and AsyncAPI, made from the models.

`python -m contracts.generate` writes them; with `--check` it only says what is out of date, and a
test does the same. They are committed, so that a change of the contract shows in review.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from contracts import messages
from contracts.agreements import Agreement
from contracts.catalogue import EVENT_TYPES
from contracts.envelope import STRUCTURED, CloudEvent
from contracts.mapping import Mapping
from contracts.requests import AnswerDue
from contracts.signatures import AgreementSigned

ROOT = Path(__file__).parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Kinds = dict[str, type[messages.Body]]
INTERNAL: dict[str, Kinds] = {
    messages.EVENTS: {messages.EVENT_ACCEPTED: messages.EventAccepted},
    messages.DISCLOSURES: {
        messages.EVENT_DECIDED: messages.EventDecided,
        messages.DECISION_MADE: messages.DecisionMade,
        messages.CASE_WITHDRAWN: messages.CaseWithdrawn,
        messages.OBLIGATION_ARISEN: messages.ObligationArisen,
        messages.OBLIGATION_MET: messages.ObligationMet,
        messages.ANSWER_DUE: AnswerDue,
        messages.CASE_ERASED: messages.CaseErased,
        messages.AGREEMENT_SIGNED: AgreementSigned,
    },
    messages.DIRECTORY: {
        messages.ORGANISATION_STATE: messages.OrganisationState,
        messages.PUPIL_STATE: messages.PupilState,
        messages.AGENCY_KEY_STATE: messages.AgencyKeyState,
    },
}
SAYS = {
    "agencies": "What agencies tell; each publishes as its own broker user, who owns the source.",
    messages.EVENTS: "Accepted events on their way from intake to consent.",
    messages.DISCLOSURES: "What consent decided, with the fields that one audience may have.",
    messages.DIRECTORY: "The whole state of organisations, pupils and keys; the highest counts.",
}
# Who publishes and who consumes, as services see it.
FLOWS = {
    "agencies": (("agency", "send"), ("notify", "receive")),
    messages.EVENTS: (("notify", "send"), ("consent", "receive")),
    messages.DISCLOSURES: (("consent", "send"), ("notify", "receive")),
    messages.DIRECTORY: (("directory", "send"), ("consent", "receive"), ("notify", "receive")),
}


class _Plain(GenerateJsonSchema):
    """Without a title made of each field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def model_schema(model: type[BaseModel], template: str = "#/$defs/{model}") -> dict[str, Any]:
    return model.model_json_schema(schema_generator=_Plain, ref_template=template)


def event_schema(event_type: str) -> dict[str, Any]:
    """The whole structured event of one type."""
    envelope = model_schema(CloudEvent)
    data = model_schema(EVENT_TYPES[event_type])
    definitions = data.pop("$defs", {})
    envelope["properties"]["type"] = {"const": event_type}
    envelope["properties"]["data"] = data
    envelope["title"] = event_type
    envelope.pop("description", None)
    return {
        "$schema": DIALECT,
        "$id": f"urn:daybreak:event:{event_type}",
        **envelope,
        "$defs": dict(sorted(definitions.items())),
    }


def asyncapi() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    described: dict[str, Any] = {}
    channels: dict[str, Any] = {}
    exchanges: list[tuple[str, Kinds | None]] = [("agencies", None), *INTERNAL.items()]
    for exchange, kinds in exchanges:
        names = list(EVENT_TYPES) if kinds is None else list(kinds)
        for name in names:
            described[name] = _message(name, kinds, schemas)
        channels[exchange] = {
            "address": exchange,
            "description": SAYS[exchange],
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {"name": exchange, "type": "topic", "durable": True},
                    "bindingVersion": "0.3.0",
                }
            },
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Daybreak",
            "version": "1.0.0",
            "description": "Safeguarding events between agencies. The routing key is the type.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": dict(_operations()),
        "components": {"messages": described, "schemas": dict(sorted(schemas.items()))},
    }


def _message(name: str, kinds: Kinds | None, schemas: dict[str, Any]) -> dict[str, Any]:
    if kinds is None:
        example = json.loads((ROOT / "examples" / f"{name}.json").read_text(encoding="utf-8"))
        return {
            "name": name,
            "contentType": STRUCTURED,
            "payload": {
                "schemaFormat": "application/schema+json;version=draft-2020-12",
                "schema": {"$ref": f"schemas/{name}.json"},
            },
            "examples": [{"name": "synthetic", "payload": example}],
        }
    model = kinds[name]
    schema = model_schema(model, "#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {"name": name, "payload": {"$ref": f"#/components/schemas/{model.__name__}"}}


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for exchange, flows in FLOWS.items():
        for who, action in flows:
            yield (
                f"{who}-{action}s-{exchange}",
                {"action": action, "channel": {"$ref": f"#/channels/{exchange}"}},
            )


def files() -> dict[Path, str]:
    """Every generated file with what should stand in it."""
    made = {ROOT / "schemas" / f"{name}.json": _json(event_schema(name)) for name in EVENT_TYPES}
    for path, model in (
        (ROOT / "agreements" / "agreement.schema.json", Agreement),
        (ROOT / "mappings" / "mapping.schema.json", Mapping),
    ):
        made[path] = _json({"$schema": DIALECT, **model_schema(model)})
    document = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=100)
    made[ROOT / "asyncapi.yaml"] = f"# Generated by contracts.generate; do not edit.\n{document}"
    return made


def _json(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def outdated() -> list[Path]:
    return [
        path
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    stale = outdated()
    if arguments == ["--check"]:
        for path in stale:
            sys.stdout.write(f"out of date: {path.relative_to(ROOT.parent)}\n")
        return 1 if stale else 0
    made = files()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
        sys.stdout.write(f"written: {path.relative_to(ROOT.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
