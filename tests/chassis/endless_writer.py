"""A process that appends three events at a time until it is killed, and says what was confirmed."""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

from services.chassis.store import EventStore
from tests.chassis.stores import DistributedPlace, EmbeddedPlace, append, happened, told


async def write(store: EventStore, writer: int) -> None:
    while True:
        stream = f"thing-{uuid4()}"
        await append(store, stream, [*happened(1, 2), *told(f"person-{writer}", "x")], 0)
        print(stream, flush=True)  # noqa: T201 - this is how it speaks to the test


async def main(where: str, schema: str = "") -> None:
    place = DistributedPlace(where, schema) if schema else EmbeddedPlace(Path(where).parent)
    store = await place.open()
    await asyncio.gather(*(write(store, number) for number in range(8)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
