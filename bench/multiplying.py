"""How does a log come to a million events? A few incidents that were played, many times over.

Each copy has ids, people, cases and keys of its own and lies whole weeks before, and goes into the
log by the store's own append: sealed, chained and checked like any event. Rows are made from it by
the product's own projectors.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

import orjson

from services.chassis.codec import EventCodec
from services.chassis.store import Context, EventStore, NewEvent, Recorded

_COPIES = UUID("0d5a6f0e-5d6c-5f1c-9a57-6a1f1d0a7c11")
_WEEKS = 50
_AT_ONCE = 200
_NAME = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{40}")
_DAY = re.compile(rb"\d{4}-\d\d-\d\d(?=T)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What one append wrote, as JSON with everything unsealed."""

    stream: bytes
    version: int  # before it
    events: tuple[tuple[bytes, str, bytes], ...]  # id, type, content
    context: Context


class Pattern:
    """Incidents as they lie in one service's log."""

    def __init__(self, codec: EventCodec, recorded: Sequence[Recorded]) -> None:
        self._codec = codec
        by_append = groupby(recorded, key=lambda one: (one.stream, one.context))
        self._pieces = [self._piece(list(events)) for _, events in by_append]
        self.events = len(recorded)

    async def copy(self, store: EventStore, numbers: Iterable[int]) -> None:
        """Each copy in the order of its events, many copies side by side."""
        left = iter(numbers)

        async def take() -> None:
            for number in left:
                await self._one(store, number)

        await asyncio.gather(*(take() for _ in range(_AT_ONCE)))

    async def _one(self, store: EventStore, number: int) -> None:
        names: dict[bytes, bytes] = {}
        back = timedelta(weeks=1 + number % _WEEKS)

        def name(found: re.Match[bytes]) -> bytes:
            old = found[0]
            if old not in names:
                made = uuid5(_COPIES, f"{number}/{old.decode()}")
                whole = str(made) if len(old) == len(str(made)) else f"{made.hex}{made.hex}"[:40]
                names[old] = whole.encode()
            return names[old]

        def day(found: re.Match[bytes]) -> bytes:
            return (date.fromisoformat(found[0].decode()) - back).isoformat().encode()

        for piece in self._pieces:
            await store.append(
                _NAME.sub(name, piece.stream).decode(),
                [
                    NewEvent(
                        event_id=UUID(_NAME.sub(name, event_id).decode()),
                        event=self._codec.decode(
                            kind, _DAY.sub(day, _NAME.sub(name, content)), _opened
                        ),
                    )
                    for event_id, kind, content in piece.events
                ],
                expected=piece.version,
                context=piece.context,
            )

    def _piece(self, recorded: list[Recorded]) -> _Piece:
        events = []
        for one in recorded:
            encoded = self._codec.encode(one.event)
            for slot in encoded.slots:
                slot.place["$sealed"] = slot.plain.decode()
            text = orjson.dumps(encoded.tree)
            events.append((str(one.event_id).encode(), encoded.type, text))
        first = recorded[0]
        return _Piece(
            stream=first.stream.encode(),
            version=first.version - 1,
            events=tuple(events),
            context=first.context,
        )


def _opened(_: str, __: int, plain: str | None) -> Any:
    return None if plain is None else orjson.loads(plain)
