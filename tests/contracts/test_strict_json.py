"""Which bodies would two readers understand differently? Those are refused."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import strict_json
from contracts.strict_json import MAX_DEPTH, MalformedJson, loads

ambiguous = {
    "a key that stands twice": b'{"a": 1, "a": 1}',
    "a key that stands twice inside": b'[{"b": {"a": 1, "a": 2}}]',
    "a key that stands twice under another spelling": b'{"a": 1, "\\u0061": 1}',
    "not a number": b'{"a": NaN}',
    "infinity": b"[Infinity]",
    "negative infinity": b"[-Infinity]",
    "a number beyond every double": b"[1e400]",
    "an integer beyond 2**53": b"[9007199254740992]",
    "a negative integer beyond 2**53": b"[-9007199254740992]",
    "an integer of a thousand digits": b"9" * 1000,
    "half a surrogate pair": b'"\\ud800"',
    "the other half": b'{"a": "\\udc00x"}',
    "half a surrogate pair in a key": b'{"\\uD83D": 1}',
    "bytes that are not UTF-8": b'"\xff"',
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "text after the value": b"{} {}",
    "nothing": b"",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a raw control character": b'"a\x01b"',
    "nesting beyond the bound": b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    "nesting far beyond the bound": b'{"a":' * 50_000,
}


@pytest.mark.parametrize("body", ambiguous.values(), ids=ambiguous.keys())
def test_a_body_that_readers_could_disagree_on_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson):
        loads(body)


def test_a_refusal_says_where_and_not_what() -> None:
    with pytest.raises(MalformedJson) as caught:
        loads('{"é": zq7xk}'.encode())
    assert caught.value.position == 7  # bytes, not characters
    assert "zq7xk" not in str(caught.value)


def test_a_whole_surrogate_pair_is_one_character() -> None:
    assert loads(b'"\\ud83c\\udf0e"') == "\U0001f30e"


def test_brackets_inside_strings_are_not_nesting() -> None:
    body = json.dumps({"a": '["{' * 100, "b": "\\" * 7}).encode()
    assert loads(body) == json.loads(body)


def test_nesting_up_to_the_bound_is_read() -> None:
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


@given(st.text(st.sampled_from('[]{}"\\,a'), max_size=400).map(str.encode))
@example(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b",[]" * MAX_DEPTH)
@example(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))
def test_the_quick_look_never_calls_deep_text_shallow(body: bytes) -> None:
    if strict_json._shallow(body):
        strict_json._bounded(body.decode())


def test_a_batch_of_events_is_seen_to_be_shallow_at_once() -> None:
    event = {"data": {"people": [{"name": "[", "addresses": [{"lines": ["}"]}]}]}}
    body = json.dumps([event] * 1000).encode()
    assert strict_json._shallow(body)
    assert loads(body) == [event] * 1000


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(plain)
def test_everything_else_is_read_as_it_is(value: Any) -> None:
    assert loads(json.dumps(value, ensure_ascii=False).encode()) == value
    assert loads(json.dumps(value).encode()) == value
