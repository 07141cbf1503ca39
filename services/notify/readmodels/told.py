"""What do the stored events of a page say to one read model? Only its own kinds are read at all.

What is sealed stays closed: no row of a read model rests on it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from services.chassis.codec import read_plain
from services.chassis.store import Context, Row

E = TypeVar("E")


class Told(NamedTuple, Generic[E]):
    position: int
    event: E
    context: bytes

    @property
    def traceparent(self) -> str:
        return read_plain(Context, self.context).traceparent


class Kinds:
    """The events that a read model is made of, by their classes."""

    def __init__(self, *kinds: type) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}

    def of(self, page: Iterable[Row]) -> Iterator[Told[Any]]:
        for row in page:
            kind = self._kinds.get(row.type)
            if kind is not None:
                yield Told(row.position, read_plain(kind, row.data), row.context)
