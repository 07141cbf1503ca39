"""What can the database itself take? PostgreSQL's own bench, as the baseline of the append."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import orjson

from bench.payload import incident
from bench.row import CannotMeasure, Place, Sample, Side
from bench.stores import schema
from tests.servers.machine import postgres_folder

_TABLE = """
CREATE TABLE rows (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream bigint NOT NULL,
    version integer NOT NULL, data bytea NOT NULL, UNIQUE (stream, version))
"""


@asynccontextmanager
async def inserting(place: Place, *, rows: int) -> AsyncIterator[Side]:
    """One client, one prepared statement of so many rows, each of them with the usual payload."""
    async with schema(place) as name:
        connection = await asyncpg.connect(place.dsn)
        try:
            await connection.execute(f'SET search_path = "{name}"; {_TABLE}')
            data = orjson.dumps(incident(uuid4())).hex()
            script = place.folder / f"{name}.sql"
            script.write_text(
                "\\set stream random(1, 9000000000000000000)\n"
                f'INSERT INTO "{name}".rows (stream, version, data) '
                f"SELECT :stream, version, '\\x{data}'::bytea "
                f"FROM generate_series(1, {rows}) AS version;\n"
            )

            async def side(seconds: float) -> Sample:
                before = await connection.fetchval("SELECT count(*) FROM rows")
                transactions, tps = await asyncio.to_thread(_run, place.dsn, str(script), seconds)
                stored = await connection.fetchval("SELECT count(*) FROM rows") - before
                counts = {"accepted": transactions * rows, "stored": stored}
                return Sample(value=tps * rows, counts=counts)

            yield side
        finally:
            await connection.close()


def _run(dsn: str, script: str, seconds: float) -> tuple[int, float]:
    folder = postgres_folder()
    if folder is None or not (folder / "pgbench").exists():
        raise CannotMeasure("pgbench is missing: it comes with PostgreSQL's server package")
    time = str(max(1, round(seconds)))
    options = ("-n", "-M", "prepared", "-c", "1", "-T", time, "-f", script, dsn)
    done = subprocess.run(
        [str(folder / "pgbench"), *options], capture_output=True, text=True, check=False
    )
    number = re.search(r"transactions actually processed: (\d+)", done.stdout)
    tps = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or number is None or tps is None:
        raise CannotMeasure(f"pgbench failed: {done.stderr[-500:]}")
    return int(number.group(1)), float(tps.group(1))
