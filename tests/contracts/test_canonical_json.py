"""Does the fast writer write what the reference writes, whatever it is given?"""

import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import canonical_json
from contracts.canonical_json import canonical

_TEXT = st.text(st.characters(exclude_categories=())) | st.text('aé\ue000\U00010000\ud800"\\\x1f/')
_NUMBERS = st.integers() | st.sampled_from([2**53, 2**53 - 1, -(2**53), 1 - 2**53]) | st.floats()
JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner),
    max_leaves=20,
)


class Subclass(str):
    __slots__ = ()


def written(write: Any, value: Any) -> object:
    """The bytes, or the kind of the refusal."""
    try:
        return write(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as refused:
        return type(refused)


@given(JSON)
@example({"\ue000": 1, "\U00010000": 2})  # by UTF-16 the second comes first, by UTF-8 the first
@example({"b": 1.0, "a": 1e21, "c": -0.0})
@example([2**53])
@example({"a": "\ud800"})
@example([True, 1, False, 0])
def test_it_writes_what_the_reference_writes(value: Any) -> None:
    assert written(canonical, value) == written(rfc8785.dumps, value)


@pytest.mark.parametrize(
    "value",
    [{1: "a"}, {Subclass("a"): Subclass("b")}, [b"a"], [(1, 2)], [{"a"}], [object()], [1j]],
)
def test_what_is_no_json_is_left_to_the_reference(value: Any) -> None:
    assert written(canonical, value) == written(rfc8785.dumps, value)


def test_an_ordinary_event_is_written_by_the_fast_one(monkeypatch: pytest.MonkeyPatch) -> None:
    events = Path(canonical_json.__file__).with_name("examples").glob("*.json")
    values = [json.loads(event.read_text()) for event in events]
    expected = [rfc8785.dumps(value) for value in values]
    monkeypatch.setattr(canonical_json, "rfc8785", None)
    assert [canonical(value) for value in values] == expected
    assert len(expected) > 10
