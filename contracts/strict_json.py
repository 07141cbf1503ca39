"""What do these bytes say, if every reader is to agree? JSON without the parts that are ambiguous.

Two readers may take different sides on a repeated key, on NaN or on an integer beyond 2**53, and
then digest, decision and audit no longer speak of the same event. Such a body is refused.
"""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 64
_SAFE_INTEGER = 2**53 - 1
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_NEITHER = bytes(set(range(256)) - set(b'"[]{}'))
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class MalformedJson(ValueError):
    """What is wrong and where, never what stands there."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason if position is None else f"{reason} at byte {position}")
        self.reason = reason
        self.position = position


def loads(body: bytes) -> Any:
    """The value, or MalformedJson."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson("The body is not UTF-8", error.start) from None
    if text.startswith("\ufeff"):
        raise MalformedJson("The body starts with a byte order mark", 0)
    if not _shallow(body):
        _bounded(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        at = len(text[: error.pos].encode())
        raise MalformedJson("The body is not JSON", at) from None
    if _ESCAPED_SURROGATE.search(text):
        _without_surrogates(value)
    return value


def _shallow(body: bytes) -> bool:
    """Is it surely not too deep? What is not sure is looked through by `_bounded`."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return True
    if b"\\" in body:
        return False  # an escaped quotation mark would not end its string
    outside = b"".join(body.translate(None, _NEITHER).split(b'"')[::2])
    for _ in range(MAX_DEPTH):
        if not outside:
            return True
        inner, outside = outside, outside.replace(b"{}", b"").replace(b"[]", b"")
        if len(outside) == len(inner):
            return False
    return not outside


def _bounded(text: str) -> None:
    """Refuse deep nesting before the recursive parser meets it."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        opening = text[token.start()]
        if opening in "[{":
            depth += 1
        elif opening in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            at = len(text[: token.start()].encode())
            raise MalformedJson(f"Nested deeper than {MAX_DEPTH}", at)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson("A key stands twice in one object")
    return found


def _constant(_name: str) -> NoReturn:
    raise MalformedJson("NaN and Infinity are not JSON")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > _SAFE_INTEGER:
        raise MalformedJson("An integer is beyond what every JSON reader keeps exactly")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise MalformedJson("A number is beyond what every JSON reader keeps")
    return number


def _without_surrogates(value: Any) -> None:
    """JSON escapes can spell half a character; UTF-8 cannot."""
    if isinstance(value, str):
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise MalformedJson("A string holds half a surrogate pair")
    elif isinstance(value, dict):
        for key, item in value.items():
            _without_surrogates(key)
            _without_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _without_surrogates(item)
