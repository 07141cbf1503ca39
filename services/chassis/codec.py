"""How is an event written in the log and read back? By the types of its fields.

A field that is new needs a default; one that is gone is ignored; a renamed event is a new event.
"""

import types
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import (
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

import orjson
from pydantic import BaseModel

from services.chassis import quick_reading
from services.chassis.sealing import Sealed, Seals

SEALED = b'"$sealed"'  # stands in the bytes of every event that holds a sealed value
_JSON = (str, int, float, bool, types.NoneType)
_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the event for a ciphertext that is made inside the append."""

    subject: str
    plain: bytes
    place: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    type: str
    tree: dict[str, Any]
    slots: tuple[Slot, ...]
    plain: bytes  # as it is without what is sealed

    def data(self, seals: Seals) -> bytes:
        """The bytes that are stored. May be called again when a transaction is tried again."""
        if not self.slots:
            return self.plain
        for slot in self.slots:
            generation, sealed = seals.seal(slot.subject, slot.plain)
            slot.place.update({"generation": generation, "$sealed": sealed})
        return orjson.dumps(self.tree, option=_STRICT)


class UnknownEvent(Exception):
    """The log, or the caller, has an event that this service did not declare."""


T = TypeVar("T")
Unseal = Callable[[str, int, str], Any]


class _Form(NamedTuple):
    write: Callable[[Any, list[Slot]], Any]
    read: Callable[[Any, Unseal], Any]


_AS_IT_IS = _Form(lambda value, _: value, lambda value, _: value)


class EventCodec:
    """Knows the events of one service: classes, or unions of them."""

    def __init__(self, *events: Any) -> None:
        self._classes: dict[str, Any] = {}
        for event in (member for given in events for member in _members(given)):
            if self._classes.setdefault(event.__name__, event) is not event:
                raise ValueError(f"two events are called {event.__name__}")
            _form(event)

    @property
    def kinds(self) -> tuple[type, ...]:
        return tuple(self._classes.values())

    def encode(self, event: Any) -> Encoded:
        name = type(event).__name__
        if self._classes.get(name) is not type(event):
            raise UnknownEvent(name)
        slots: list[Slot] = []
        tree = _form(self._classes[name]).write(event, slots)
        # Written already now: what cannot be stored fails its own caller, no other.
        plain = orjson.dumps(tree, option=_STRICT)
        return Encoded(type=name, tree=tree, slots=tuple(slots), plain=plain)

    def decode(self, name: str, data: bytes, unseal: Unseal) -> Any:
        try:
            event = self._classes[name]
        except KeyError:
            raise UnknownEvent(name) from None
        if SEALED not in data:
            return read_plain(event, data)
        return _form(event).read(orjson.loads(data), unseal)


def read_plain(kind: type[T], data: bytes) -> T:
    """A dataclass, as orjson writes it; what is sealed within is read as None."""
    try:
        return cast(T, quick_reading.read(kind, data))
    except quick_reading.NotRead:
        form = _form(cast(Any, kind))
        return cast(T, form.read(orjson.loads(data), lambda *_: None))


def _members(given: Any) -> list[Any]:
    if get_origin(given) in (Union, types.UnionType):
        return [member for part in get_args(given) for member in _members(part)]
    if isinstance(given, (tuple, list)):
        return [member for part in given for member in _members(part)]
    return [given]


@cache
def _form(hint: Any) -> _Form:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union(args)
    if origin is tuple:
        return _tuple(args)
    if origin is dict:
        return _dict(_form(args[0]), _form(args[1]))
    if hint in _JSON or hint is Any or origin is Literal:
        return _AS_IT_IS
    if hasattr(hint, "__supertype__"):  # typing.NewType
        return _form(hint.__supertype__)
    return _class(hint)


def _class(hint: Any) -> _Form:
    if hint is Sealed:
        return _Form(_write_sealed, _read_sealed)
    if hint is UUID:
        return _Form(lambda value, _: str(value), lambda value, _: UUID(value))
    if hint is datetime:
        return _Form(_write_instant, lambda value, _: datetime.fromisoformat(value))
    if hint in (date, time):
        return _Form(lambda value, _: value.isoformat(), lambda value, _: hint.fromisoformat(value))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Form(lambda value, _: value.value, lambda value, _: hint(value))
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _Form(
            lambda value, _: value.model_dump(mode="json", by_alias=True),
            lambda value, _: hint.model_validate_json(orjson.dumps(value)),
        )
    if is_dataclass(hint):
        return _dataclass(hint)
    raise TypeError(f"an event cannot have a field of {hint!r}")


def _dataclass(hint: Any) -> _Form:
    @cache
    def forms() -> list[tuple[str, _Form, bool]]:  # late, since a dataclass may hold its own kind
        hints = get_type_hints(hint)
        return [
            (f.name, _form(hints[f.name]), f.default is MISSING and f.default_factory is MISSING)
            for f in fields(hint)
        ]

    def write(value: Any, slots: list[Slot]) -> Any:
        return {name: form.write(getattr(value, name), slots) for name, form, _ in forms()}

    def read(value: Any, unseal: Unseal) -> Any:
        return hint(
            **{
                name: form.read(value[name], unseal)
                for name, form, required in forms()
                if required or name in value
            }
        )

    return _Form(write, read)


def _union(args: tuple[Any, ...]) -> _Form:
    if all(arg in _JSON for arg in args):
        return _AS_IT_IS
    members = [arg for arg in args if arg is not types.NoneType]
    if len(members) == 1:
        only = _form(members[0])
        return _Form(
            lambda value, slots: None if value is None else only.write(value, slots),
            lambda value, unseal: None if value is None else only.read(value, unseal),
        )
    named = {member.__name__: _form(member) for member in members}

    def write(value: Any, slots: list[Slot]) -> Any:
        name = type(value).__name__
        return None if value is None else {"is": name, "value": named[name].write(value, slots)}

    def read(value: Any, unseal: Unseal) -> Any:
        return None if value is None else named[value["is"]].read(value["value"], unseal)

    return _Form(write, read)


def _tuple(args: tuple[Any, ...]) -> _Form:
    if len(args) == 2 and args[1] is Ellipsis:
        each = _form(args[0])
        return _Form(
            lambda value, slots: [each.write(item, slots) for item in value],
            lambda value, unseal: tuple(each.read(item, unseal) for item in value),
        )
    forms = [_form(arg) for arg in args]
    return _Form(
        lambda value, slots: [f.write(v, slots) for f, v in zip(forms, value, strict=True)],
        lambda value, unseal: tuple(f.read(v, unseal) for f, v in zip(forms, value, strict=True)),
    )


def _dict(key: _Form, each: _Form) -> _Form:
    return _Form(
        lambda value, slots: {key.write(k, slots): each.write(v, slots) for k, v in value.items()},
        lambda value, unseal: {key.read(k, unseal): each.read(v, unseal) for k, v in value.items()},
    )


def _write_instant(value: datetime, _: list[Slot]) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant in an event needs an offset")
    return value.astimezone(UTC).isoformat()


def _write_sealed(value: Sealed, slots: list[Slot]) -> Any:
    place = {"$sealed": None, "subject": value.subject, "generation": 0}
    if value.value is not None:
        plain = orjson.dumps(value.value, option=_STRICT)
        slots.append(Slot(subject=value.subject, plain=plain, place=place))
    return place


def _read_sealed(value: Any, unseal: Unseal) -> Sealed:
    if value["$sealed"] is None:
        return Sealed(value["subject"], None)
    return Sealed(value["subject"], unseal(value["subject"], value["generation"], value["$sealed"]))
