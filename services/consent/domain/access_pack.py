"""What of a record is a field by itself, what is ruled on it, and what does that leave to give?"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.consent.domain.access_flags import Flags, flags_of

# An event is about one of these, where it has one: the rest of it is another's for anybody else.
_ABOUT = ("client", "person", "child", "harmed")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """`path` names it within the pack and stays the same; it holds nothing personal."""

    path: str
    value: Any
    flags: Flags


@dataclass(frozen=True, slots=True)
class Ruling:
    """Of every flagged field under `path`. `exemption` is what a redaction relies on."""

    path: str
    decision: Literal["release", "redact"]
    exemption: str | None
    by: str


def of_event(
    at: str, event: Json, mine: frozenset[str], *, for_a_child: bool = False
) -> Iterator[Field]:
    """`mine` are the refs of the person within this event; `event` may lack what is erased."""
    kind, data = str(event["type"]), event.get("data") or {}
    for name in ("source", "type", "time"):
        flags = flags_of(f"event.{name}", own=True, for_a_child=for_a_child)
        yield Field(f"{at}/{name}", event.get(name), flags)
    about = next((data[name] for name in _ABOUT if isinstance(data.get(name), dict)), None)
    own = about is None or about.get("ref") in mine
    group = kind.split(".", 1)[0]
    for path, table, value, is_own in _leaves(f"{at}/data", group, data, mine, own):
        yield Field(path, value, flags_of(table, own=is_own, for_a_child=for_a_child))


def of_record(at: str, kind: str, record: Json, *, own: bool, for_a_child: bool) -> Iterator[Field]:
    """A decision, a step of a telling or a statement: flat."""
    for name, value in record.items():
        yield Field(
            f"{at}/{name}", value, flags_of(f"{kind}.{name}", own=own, for_a_child=for_a_child)
        )


def _leaves(
    path: str, table: str, told: Any, mine: frozenset[str], own: bool
) -> Iterator[tuple[str, str, Any, bool]]:
    if isinstance(told, dict):
        if "ref" in told:
            own = told["ref"] in mine
            table = "person" if "family_name" in told else table
        for name, value in told.items():
            yield from _leaves(f"{path}/{name}", f"{table}.{name}", value, mine, own)
    elif isinstance(told, list) and any(isinstance(item, dict) for item in told):
        for number, item in enumerate(told):
            yield from _leaves(f"{path}/{number}", table, item, mine, own)
    else:
        yield path, table, told, own


def ruling_on(path: str, rulings: Mapping[str, Ruling]) -> Ruling | None:
    """The nearest one: of the field itself, else of what it is part of."""
    while path:
        if (found := rulings.get(path)) is not None:
            return found
        path = path.rpartition("/")[0]
    return None


def open_fields(fields: Iterable[Field], rulings: Mapping[str, Ruling]) -> list[Field]:
    """Flagged, and nobody has said what becomes of them."""
    return [one for one in fields if one.flags and ruling_on(one.path, rulings) is None]


def given(
    fields: Sequence[Field], rulings: Mapping[str, Ruling], released: frozenset[str]
) -> list[Field]:
    """What leaves the house. What came after the release is not in it: nobody has looked at it."""
    return [one for one in fields if one.path in released and _is_given(one, rulings)]


def _is_given(field: Field, rulings: Mapping[str, Ruling]) -> bool:
    if not field.flags:
        return True
    ruling = ruling_on(field.path, rulings)
    return ruling is not None and ruling.decision == "release"


def as_json(fields: Sequence[Field]) -> bytes:
    """By case and entry. A number in a path is not a place: a list without one shows no gap."""
    cases: dict[str, dict[str, list[Json]]] = {}
    for one in fields:
        _, case, kind, entry, *rest = one.path.split("/")
        record = cases.setdefault(case, {}).setdefault(f"{kind}/{entry}", [])
        record.append({"field": _named(rest), "value": one.value})
    entries = [
        [{"kind": name.split("/")[0], "fields": told} for name, told in records.items()]
        for records in cases.values()
    ]
    return json.dumps({"cases": [{"entries": each} for each in entries]}).encode()


def readable(fields: Sequence[Field]) -> str:
    """The same, a line for each field."""
    lines: list[str] = []
    for number, case in enumerate(json.loads(as_json(fields))["cases"], start=1):
        lines.append(f"Record {number}")
        for entry in case["entries"]:
            lines += ["", f"  {_TITLES[entry['kind']]}"]
            lines += [f"    {one['field']}: {_text(one['value'])}" for one in entry["fields"]]
        lines.append("")
    return "\n".join(lines)


_TITLES = {
    "events": "What an agency reported",
    "decisions": "What was decided on sharing it",
    "told": "Who was told",
    "statements": "What was said about it",
}


def _named(rest: Sequence[str]) -> str:
    """Without numbers and ids: what was left out must not be counted."""
    parts = [part for part in rest if part != "data" and not part.isdigit() and "-" not in part]
    return " ".join(part.replace("_", " ") for part in parts)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_text(one)}" for name, one in value.items() if one is not None)
    return "" if value is None else str(value)
