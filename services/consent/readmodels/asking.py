"""How is one question asked for many keys? In few statements, of few different lengths."""

from collections.abc import Iterable, Iterator

# Databases limit the parameters of a statement, and prepare one for each number of them.
_MOST = 4096
_LEAST = 8


def in_parts(keys: Iterable[str]) -> Iterator[list[str]]:
    """Each key once, in lists of 8, 32, 128 ... keys; the last key fills up the last list."""
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _MOST):
        part = wanted[start : start + _MOST]
        length = _LEAST
        while length < len(part):
            length *= 4
        yield part + part[-1:] * (min(length, _MOST) - len(part))
