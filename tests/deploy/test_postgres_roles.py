"""Does the script for PostgreSQL keep each service out of the others' data? It is tried."""

import asyncio
import os
import secrets
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from services.chassis.clock import SystemClock
from services.chassis.settings import ephemeral_settings
from services.distributed import open_front_database, open_service_storage

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "roles.sh"
SERVICES = ("directory", "consent", "notify")
ROLES = (*SERVICES, "front")


@pytest.fixture
async def addresses(postgres_dsn: str) -> AsyncIterator[dict[str, str]]:
    """Each service's own address in a database of this test's, after the script has run twice."""
    database = f"roles_{secrets.token_hex(4)}"
    prefix = f"{database}_"
    server = urlsplit(postgres_dsn)
    superuser = await asyncpg.connect(postgres_dsn)
    await superuser.execute(f"CREATE DATABASE {database}")
    passwords = {service: secrets.token_hex(8) for service in ROLES}
    try:
        given = {f"{service.upper()}_PASSWORD": word for service, word in passwords.items()}
        for _ in range(2):  # a second time changes nothing
            await asyncio.to_thread(
                subprocess.run,
                [str(SCRIPT), server._replace(path=f"/{database}").geturl()],
                env={**os.environ, **given, "ROLE_PREFIX": prefix},
                check=True,
            )
        yield {
            service: f"postgresql://{prefix}{service}:{word}@"
            f"{server.hostname}:{server.port}/{database}"
            for service, word in passwords.items()
        }
    finally:
        await superuser.execute(f"DROP DATABASE {database} WITH (FORCE)")
        for service in ROLES:
            await superuser.execute(f'DROP ROLE IF EXISTS "{prefix}{service}"')
        await superuser.close()


async def test_a_service_opens_its_own_schema_and_reads_no_other(
    addresses: dict[str, str],
) -> None:
    for service, address in ((one, addresses[one]) for one in SERVICES):
        for _ in range(2):  # it makes its tables, then finds them
            settings = ephemeral_settings(database_url=address)
            store, database = await open_service_storage(
                service, settings=settings, clock=SystemClock(), schema=service
            )
            assert await store.head() == 0
            await store.close()
            await database.close()
    for _ in range(2):
        settings = ephemeral_settings(database_url=addresses["front"])
        await (await open_front_database(settings)).close()
    tables = {**dict.fromkeys(SERVICES, "events"), "front": "sessions"}
    for service, address in addresses.items():
        connection = await asyncpg.connect(address)
        assert await connection.fetch(f"SELECT * FROM {service}.{tables[service]}") == []
        for other in set(ROLES) - {service}:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT * FROM {other}.{tables[other]}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE public.anything (id int)")
        await connection.close()
