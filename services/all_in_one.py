"""The embedded deployment: three services in one process, log and bus in SQLite files."""

from pathlib import Path

from services.assembly import EVENTS, METADATA, NAMES, Storage
from services.chassis.bus import Bus
from services.chassis.bus_embedded import open_embedded_bus
from services.chassis.clock import Clock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.settings import Settings
from services.chassis.store_sqlite import open_sqlite_store
from services.front import tables


async def open_embedded(
    folder: Path, *, settings: Settings, clock: Clock, bus: Bus | None = None
) -> Storage:
    """Open, and make where missing, everything that the deployment keeps in its folder.

    One process serves a folder and holds its bus; who comes beside it brings a `bus` of its own.
    Raises BusUnavailable when another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stores, databases = {}, {}
    for name in NAMES:
        stores[name] = await open_sqlite_store(
            folder / f"{name}.log.db",
            codec=EventCodec(*EVENTS[name]),
            clock=clock,
            service_key=settings.service_key_bytes(name),
        )
        databases[name] = await open_database(f"sqlite+aiosqlite:///{folder / name}.views.db")
        for metadata in METADATA[name]:
            await databases[name].create(metadata)
    bus = bus or await open_embedded_bus(folder / "bus.db", clock=clock, key=settings.bus_key_bytes)
    return Storage(stores=stores, databases=databases, bus=bus)


async def open_front_database(folder: Path) -> Database:
    """The sessions of the pages: nothing in it is of the services, and nothing of theirs in it."""
    database = await open_database(f"sqlite+aiosqlite:///{folder / 'front'}.views.db")
    await database.create(tables.METADATA)
    return database
