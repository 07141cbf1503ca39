"""How does a provider's own payload become an event? A mapping is data; this reads and applies it.

Pure: the same payload gives the same event. What the mapping does not say is not guessed: a code
that no table lists, a value that is missing, is CannotMap, and a person looks at it.
"""

import re
from collections.abc import Mapping as Keyed
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, StringConstraints, ValidationError, model_validator
from typing_extensions import TypeAliasType

from contracts.catalogue import EVENT_TYPES
from contracts.problems import Finding, pointers, refuse
from contracts.scalars import Shape, Text, Word

FOLDER = Path(__file__).parent / "mappings"

Path_ = Annotated[str, StringConstraints(pattern=r"^(/[^/]+)+$")]  # a JSON pointer, RFC 6901
_UK_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_NOTHING = object()  # an optional value that is not there


class MappingRefused(ValueError):
    """The file is no mapping that may be relied on; the message says where and why."""


class CannotMap(ValueError):
    """Where in the payload it fails, and why; never what stands there."""

    def __init__(self, at: str, detail: str) -> None:
        super().__init__(f"{at}: {detail}")
        self.pointer = at
        self.detail = detail


class Take(Shape):
    """The value at a path, relative to the item inside `each`."""

    path: Path_ = Field(alias="from")
    optional: bool = False
    codes: Word | None = None  # through this table
    read_as: Literal["as-is", "text", "uk-date"] = Field(default="as-is", alias="as")


class Constant(Shape):
    constant: bool | int | str


class Numbered(Shape):
    """A ref made of this word and the number of the item, from 1."""

    numbered: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]


class Each(Shape):
    """One node for each item of the list at a path; a list that is not there is empty."""

    each: Path_
    item: "Node"


Node = TypeAliasType("Node", "Take | Constant | Numbered | Each | list[Node] | dict[str, Node]")


class When(Shape):
    path: Path_ = Field(alias="from")
    equals: bool | int | str


class Case(Shape):
    """One kind of payload, and the event that it becomes."""

    when: When
    type: Word
    data: dict[str, Node]


class Mapping(Shape):
    name: Word
    version: Word
    title: Text
    id: Take
    time: Take
    tables: dict[str, dict[str, str]] = Field(default_factory=dict)
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        findings = [
            Finding(at=("cases", n, "type"), detail="No event type of this contract")
            for n, case in enumerate(self.cases)
            if case.type not in EVENT_TYPES
        ]
        takes = [*(("cases", take) for case in self.cases for take in _takes(case.data))]
        findings += [
            Finding(at=(at,), detail=f"No table {take.codes}")
            for at, take in takes
            if take.codes is not None and take.codes not in self.tables
        ]
        refuse(findings)
        return self


def read(text: str, *, name: str = "mapping") -> Mapping:
    """One mapping from YAML."""
    try:
        return Mapping.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise MappingRefused(f"{name}: not YAML: {error}") from None
    except ValidationError as error:
        said = "; ".join(f"{p['pointer']}: {p['detail']}" for p in pointers(error))
        raise MappingRefused(f"{name}: {said}") from None


def load(*, folder: Path = FOLDER) -> dict[str, Mapping]:
    """Every mapping of the folder by the name of its file, with and without the suffix."""
    found: dict[str, Mapping] = {}
    for path in sorted(folder.glob("*.yaml")):
        mapping = read(path.read_text(encoding="utf-8"), name=path.name)
        found[path.name] = found[path.stem] = mapping
    return found


def apply(mapping: Mapping, payload: Any, *, source: str) -> dict[str, Any]:
    """The structured CloudEvent that the payload says, not yet checked; or CannotMap."""
    case = _case(mapping, payload)
    event: dict[str, Node] = {"id": mapping.id, "time": mapping.time, "data": dict(case.data)}
    built = {name: _Reader(mapping.tables).node(node, payload) for name, node in event.items()}
    return {
        "specversion": "1.0",
        "source": source,
        "type": case.type,
        "datacontenttype": "application/json",
        **{name: value for name, value in built.items() if value is not _NOTHING},
    }


def _case(mapping: Mapping, payload: Any) -> Case:
    for case in mapping.cases:
        found = _at(payload, case.when.path)
        if type(found) is type(case.when.equals) and found == case.when.equals:
            return case
    raise CannotMap(mapping.cases[0].when.path, "No case of the mapping fits this value")


class _Reader:
    """Reads nodes out of one payload, knowing where it stands for the sake of the pointers."""

    def __init__(
        self, tables: Keyed[str, Keyed[str, str]], base: str = "", number: int = 0
    ) -> None:
        self._tables, self._base, self._number = tables, base, number

    def node(self, node: Node, here: Any) -> Any:
        match node:
            case Take():
                return self._take(node, here)
            case Constant():
                return node.constant
            case Numbered():
                return f"{node.numbered}{self._number}"
            case Each():
                return self._each(node, here)
            case list():
                built = [self.node(item, here) for item in node]
                return [item for item in built if item is not _NOTHING]
            case _:
                return self._object(node, here)

    def _object(self, node: dict[str, Node], here: Any) -> Any:
        """An object of which nothing was taken is left out whole."""
        built = {name: self.node(child, here) for name, child in node.items()}
        kept = {name: value for name, value in built.items() if value is not _NOTHING}
        taken = [name for name, child in node.items() if not isinstance(child, Constant)]
        return kept if not taken or any(name in kept for name in taken) else _NOTHING

    def _each(self, node: Each, here: Any) -> Any:
        items = _at(here, node.each)
        if items is _NOTHING or items is None:
            return []
        if not isinstance(items, list):
            raise CannotMap(self._base + node.each, "Expected a list")
        return [
            _Reader(self._tables, f"{self._base}{node.each}/{n}", n + 1).node(node.item, item)
            for n, item in enumerate(items)
        ]

    def _take(self, take: Take, here: Any) -> Any:
        at = self._base + take.path
        value = _at(here, take.path)
        if value is _NOTHING or value is None or value == "":
            if take.optional:
                return _NOTHING
            raise CannotMap(at, "Needed and not there")
        if take.codes is not None:
            return self._coded(take.codes, value, at)
        if take.read_as == "uk-date":
            return _uk_date(value, at)
        if take.read_as == "text":
            return _text(value, at)
        return value

    def _coded(self, table: str, value: Any, at: str) -> str:
        meaning = self._tables[table].get(_text(value, at))
        if meaning is None:
            raise CannotMap(at, f"A code that the table {table} does not list")
        return meaning


def _takes(node: Any) -> list[Take]:
    if isinstance(node, Take):
        return [node]
    if isinstance(node, Each):
        return _takes(node.item)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [take for child in children for take in _takes(child)]


def _at(here: Any, path: str) -> Any:
    for part in path.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and name in here:
            here = here[name]
        elif isinstance(here, list) and name.isascii() and name.isdigit() and int(name) < len(here):
            here = here[int(name)]
        else:
            return _NOTHING
    return here


def _text(value: Any, at: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise CannotMap(at, "Expected a text or a whole number")
    return str(value)


def _uk_date(value: Any, at: str) -> str:
    found = _UK_DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is not None:
            day, month, year = (int(part) for part in found.groups())
            return date(year, month, day).isoformat()
    except ValueError:
        pass
    raise CannotMap(at, "Expected a date as day/month/year")
