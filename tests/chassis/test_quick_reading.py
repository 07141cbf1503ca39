"""Does the fast reader read what the forms of the codec read, for every event that there is?"""

import types
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from services.assembly import EVENTS
from services.chassis import codec, quick_reading
from services.chassis.codec import EventCodec, read_plain
from services.chassis.sealing import Keyring, Sealed, Seals
from services.chassis.store import Context

KINDS = sorted(
    {kind for events in EVENTS.values() for kind in EventCodec(*events).kinds},
    key=lambda kind: (kind.__name__, kind.__module__),
)
TEXT = st.text(max_size=5)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
JSON = st.none() | st.booleans() | NUMBERS | TEXT | st.dictionaries(TEXT, TEXT, max_size=2)
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    Any: JSON,
    str: TEXT,
    int: NUMBERS,
    datetime: st.datetimes(timezones=st.just(UTC)),
    Sealed: st.builds(Sealed, TEXT, JSON),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """What a field of an event may hold, by its type."""
    origin, args = get_origin(hint), get_args(hint)
    if hint in LEAVES:
        return LEAVES[hint]
    if origin in (Union, types.UnionType):
        return st.one_of([values(arg) for arg in args])
    if origin is tuple and args[1:] == (Ellipsis,):
        return st.lists(later(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, args))
    if origin is dict:
        return st.dictionaries(values(args[0]), values(args[1]), max_size=2)
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, BaseModel)):
        hints = {n: h for n, h in get_type_hints(hint).items() if not n.startswith(("_", "model"))}
        return st.builds(hint, **{n: later(h) for n, h in hints.items()})
    return st.from_type(hint)


def later(hint: Any) -> st.SearchStrategy[Any]:
    """A class may hold its own kind."""
    return st.deferred(lambda: values(hint))


def by_the_forms(kind: type, data: bytes) -> Any:
    return codec._form(kind).read(orjson.loads(data), lambda *_: None)


def kinds_within(value: Any) -> Any:
    """An IntEnum equals a number, and a subclass of str a str: here they differ."""
    inner: list[Any] = []
    if isinstance(value, tuple):
        inner = list(value)
    elif isinstance(value, dict):
        inner = [*value, *value.values()]
    elif is_dataclass(value):
        inner = [getattr(value, field.name) for field in fields(value)]
    return type(value), [kinds_within(each) for each in inner]


@settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.sampled_from(KINDS).flatmap(values))
def test_every_event_reads_the_same(event: Any) -> None:
    kind = type(event)
    data = EventCodec(kind).encode(event).data(Seals(Keyring(bytes(32))))
    read, expected = read_plain(kind, data), by_the_forms(kind, data)
    assert read == expected
    assert kinds_within(read) == kinds_within(expected)


def test_the_events_that_come_in_numbers_are_read_fast() -> None:
    named = {kind.__name__: kind for kind in KINDS}
    for name in ("EventOffered", "EventAnswered", "DecisionRecorded", "NotificationRaised"):
        assert quick_reading._decoder(named[name]) is not None
    assert quick_reading._decoder(Context) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """It had `count` as a number once, and no `added`."""

    id: UUID
    count: str
    added: int = 5


def test_what_was_written_under_an_older_form_is_left_to_the_forms() -> None:
    data = b'{"id": "00000000-0000-0000-0000-000000000001", "count": 3, "gone": 1}'
    with pytest.raises(quick_reading.NotRead):
        quick_reading.read(Grown, data)
    assert read_plain(Grown, data) == by_the_forms(Grown, data)
    assert read_plain(Grown, data).added == 5
