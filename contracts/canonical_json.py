"""Which bytes stand for this value, whoever writes them? RFC 8785, over which digests are taken.

Where no two writers can differ, a fast one writes: keys in ASCII sort alike by bytes and by UTF-16,
whole numbers that every reader keeps are written alike, and so are strings. All else, above all a
number with a fraction, goes to the reference.
"""

from contextlib import suppress
from typing import Any

import orjson
import rfc8785

_SAFE_INTEGER = 2**53 - 1
_SAME = (str, bool, type(None))


def canonical(value: Any) -> bytes:
    """Raises rfc8785.CanonicalizationError, or UnicodeEncodeError for half a surrogate pair."""
    with suppress(TypeError):  # no JSON, or half a surrogate pair: the reference says which
        if _alike(value):
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return rfc8785.dumps(value)


def _alike(value: Any) -> bool:
    """By exact types: what inherits from one of them may write itself otherwise."""
    within = [value]
    for each in within:  # which grows meanwhile
        kind = type(each)
        if kind is dict:
            if not "".join(each).isascii():
                return False
            within += each.values()
        elif kind is list:
            within += each
        elif kind is int:
            if abs(each) > _SAFE_INTEGER:
                return False
        elif kind not in _SAME:
            return False
    return True
