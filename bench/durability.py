"""What was promised while it was measured? Durability settings and versions, as they really are."""

import os
import platform
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path

import aio_pika
import asyncpg

from bench.measure import spin_speed
from bench.row import CannotMeasure, Place
from services.chassis import store_sqlite
from services.chassis.bus_topology import definitions

_SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}
_FULL = 2
_PACKAGES = ("fastapi", "pydantic", "uvicorn", "asyncpg", "sqlalchemy", "aio-pika", "aiohttp")


async def shown(place: Place) -> list[tuple[str, str]]:
    """The head of every report. Raises CannotMeasure where a promise is switched off."""
    return [
        ("machine", f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"),
        ("spin loop", f"{spin_speed():.1f} million turns/s"),
        ("Python", f"{sys.version.split()[0]}, {', '.join(map(_versioned, _PACKAGES))}"),
        ("PostgreSQL", await _postgres(place.dsn)),
        ("SQLite", _sqlite(place.folder)),
        ("RabbitMQ", await _rabbit(place.broker)),
    ]


def _versioned(package: str) -> str:
    return f"{package} {version(package)}"


async def _postgres(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        names = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
        said = {name: str(await connection.fetchval(f"SHOW {name}")) for name in names}
    finally:
        await connection.close()
    if "off" in (said["fsync"], said["synchronous_commit"]):
        raise CannotMeasure("PostgreSQL runs without fsync or synchronous_commit")
    number = said.pop("server_version").split()[0]
    return f"{number}, {', '.join(f'{name}={value}' for name, value in said.items())}"


def _sqlite(folder: Path) -> str:
    """As the product's own store sets its connections."""
    db = store_sqlite._connect(folder / "settings.db")
    try:
        synchronous = db.execute("PRAGMA synchronous").fetchone()[0]
        journal = db.execute("PRAGMA journal_mode").fetchone()[0]
    finally:
        db.close()
    if synchronous < _FULL:
        raise CannotMeasure("SQLite does not sync each commit")
    return f"{sqlite3.sqlite_version}, synchronous={_SYNCHRONOUS[synchronous]}, journal={journal}"


async def _rabbit(url: str) -> str:
    async with await aio_pika.connect(url) as connection:
        assert connection.transport is not None
        properties = connection.transport.connection.server_properties
    kinds = {queue["arguments"]["x-queue-type"] for queue in definitions({})["queues"]}
    return f"{_said(properties.get('version'))}, {'/'.join(kinds)} queues, publisher confirms"


def _said(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
