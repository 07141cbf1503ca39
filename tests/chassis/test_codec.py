"""Does every kind of field come back from the log as it went in?"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum, StrEnum
from typing import Any, Literal, NewType
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.codec import EventCodec, UnknownEvent
from services.chassis.sealing import Keyring, Sealed, Seals

Urn = NewType("Urn", str)


class Colour(StrEnum):
    RED = "red"


class Level(Enum):
    LOW = 1


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)

    on: date
    who: UUID
    from_: str = Field(default="", alias="from")
    inner: tuple["Model", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    at: datetime
    next: "Inner | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    text: str
    number: int
    yes: bool
    share: float
    day: date
    hour: time
    instant: datetime
    id: UUID
    colour: Colour
    level: Level
    literal: Literal["a", "b"]
    urn: Urn
    many: tuple[UUID, ...]
    pair: tuple[int, date]
    free: dict[str, Any]
    by_id: dict[UUID, Inner]
    maybe: date | None
    none: Inner | None
    inner: Inner
    either: Inner | Other
    eithers: tuple[Inner | Other, ...]
    model: Model
    sealed: Sealed
    perhaps: Sealed | None
    sealeds: tuple[Sealed, ...]
    primitive: str | int | None


NOW = datetime(2026, 3, 29, 0, 30, 15, 123456, tzinfo=UTC)


def everything(**changes: Any) -> Everything:
    inner = Inner(at=NOW, next=Inner(at=NOW))
    values: dict[str, Any] = {
        "text": 'ß "quoted" \n',
        "number": -(2**53),
        "yes": True,
        "share": 0.1,
        "day": date(2024, 2, 29),
        "hour": time(8, 45),
        "instant": NOW,
        "id": uuid4(),
        "colour": Colour.RED,
        "level": Level.LOW,
        "literal": "b",
        "urn": Urn("100001"),
        "many": (uuid4(), uuid4()),
        "pair": (3, date(2026, 1, 1)),
        "free": {"a": [1, {"b": None}], "$sealed": "no"},
        "by_id": {uuid4(): inner},
        "maybe": date(2026, 1, 1),
        "none": None,
        "inner": inner,
        "either": Other(name="x"),
        "eithers": (inner, Other(name="y")),
        "model": Model(
            on=NOW.date(), who=uuid4(), **{"from": "x"}, inner=(Model(on=NOW.date(), who=uuid4()),)
        ),
        "sealed": Sealed("person-1", {"name": "Ann Test"}),
        "perhaps": None,
        "sealeds": (Sealed("person-1", [1]), Sealed("person-2", "two"), Sealed("person-3", None)),
        "primitive": "p",
    }
    return Everything(**{**values, **changes})


CODEC = EventCodec(Everything | Other)


def there_and_back(event: Any) -> Any:
    seals = Seals(Keyring(bytes(32)))
    encoded = CODEC.encode(event)
    return CODEC.decode(encoded.type, encoded.data(seals), seals.unseal)


def test_every_kind_of_field_comes_back() -> None:
    event = everything()
    back = there_and_back(event)
    assert back == event
    assert type(back.colour) is Colour
    assert type(back.many) is tuple
    assert back.instant.utcoffset() == timedelta(0)


@for_all(
    text=st.text(st.characters(codec="utf-8")),
    number=st.integers(-(2**63), 2**63 - 1),
    share=st.floats(allow_nan=False, allow_infinity=False),
    day=st.dates(),
    instant=st.datetimes(timezones=st.just(UTC)),
    many=st.lists(st.uuids()).map(tuple),
    free=st.dictionaries(st.text("ab"), st.none() | st.booleans() | st.integers(-9, 9)),
)
def test_whatever_the_values_they_come_back(**changes: Any) -> None:
    event = everything(**changes)
    assert there_and_back(event) == event


def test_an_instant_is_kept_in_utc() -> None:
    summer = datetime(2026, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    back = there_and_back(everything(instant=summer))
    assert back.instant == summer
    assert back.instant.tzinfo is UTC


def test_what_is_sealed_is_not_in_the_bytes() -> None:
    data = CODEC.encode(everything()).data(Seals(Keyring(bytes(32))))
    assert b"Ann Test" not in data
    assert b"person-1" in data


def test_encoding_twice_for_a_second_try_seals_again() -> None:
    encoded = CODEC.encode(everything())
    first, second = Seals(Keyring(bytes(32))), Seals(Keyring(bytes(32)))
    encoded.data(first)
    back = CODEC.decode(encoded.type, encoded.data(second), second.unseal)
    assert back.sealed == Sealed("person-1", {"name": "Ann Test"})


def test_an_event_that_was_not_declared_is_refused_both_ways() -> None:
    with pytest.raises(UnknownEvent):
        CODEC.encode(Inner(at=NOW))
    with pytest.raises(UnknownEvent):
        CODEC.decode("Inner", b"{}", lambda *_: None)


def test_two_events_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="Other"):
        EventCodec(Other, dataclass(type("Other", (), {})))


@pytest.mark.parametrize(
    "changes",
    [
        {"instant": datetime(2026, 1, 1)},  # noqa: DTZ001 - naive is what must be refused
        {"free": {"when": NOW}},
        {"sealed": Sealed("person-1", {"when": NOW})},
        {"text": "\ud800"},
    ],
)
def test_what_would_not_come_back_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        CODEC.encode(everything(**changes))


def test_a_field_of_a_kind_that_cannot_be_kept_is_refused_at_the_first_event() -> None:
    @dataclass(frozen=True)
    class Odd:
        field: complex

    with pytest.raises(TypeError, match="complex"):
        EventCodec(Odd).encode(Odd(field=1j))


def test_an_older_event_takes_the_defaults_of_new_fields_and_loses_the_dropped_ones() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Grown:
        old: int
        new: str = "default"
        more: tuple[int, ...] = field(default_factory=tuple)

    data = orjson.dumps({"old": 1, "dropped": 2})
    assert EventCodec(Grown).decode("Grown", data, lambda *_: None) == Grown(old=1)
