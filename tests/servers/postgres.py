"""How does a private PostgreSQL for the tests start, answer and stop?"""

import asyncio
import os
import secrets
import subprocess
from pathlib import Path

import asyncpg

from tests.servers.machine import (
    CannotServe,
    free_port,
    give,
    identity,
    postgres_folder,
    say,
)

USER = "postgres"
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "timezone=UTC",
    "log_timezone=UTC",
)


def start(base: Path) -> dict[str, str]:
    """Answer what `stop` needs and the `dsn` of a superuser."""
    binaries = postgres_folder()
    assert binaries is not None, "installed before it is started"
    home = base / "postgres"
    give(home, USER)
    password = secrets.token_hex(16)
    port = free_port()
    secret = home / "password"
    secret.write_text(password)
    secret.chmod(0o644)  # inside a folder that only its user can enter; gone in a moment
    data = home / "data"
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "daybreak", "-E", "UTF8"]
    _call([*command, "--locale=C", "-A", "scram-sha-256", f"--pwfile={secret}"], home)
    secret.unlink()
    options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"port={port}"))
    log = home / "log"
    command = [str(binaries / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-t", "60"]
    _call([*command, "-o", f"{options} -k {home}", "start"], home)
    dsn = f"postgresql://daybreak:{password}@127.0.0.1:{port}/postgres"
    say(f"started PostgreSQL on port {port}")
    return {"home": str(home), "binaries": str(binaries), "dsn": dsn}


def stop(state: dict[str, str]) -> None:
    home = Path(state["home"])
    command = [str(Path(state["binaries"]) / "pg_ctl"), "-D", str(home / "data"), "-w"]
    _call([*command, "-m", "fast", "stop"], home)
    say("stopped PostgreSQL")


def answers(dsn: str) -> bool:
    async def ask() -> bool:
        try:
            connection = await asyncpg.connect(dsn, timeout=10)
        except (OSError, TimeoutError, asyncpg.PostgresError, ValueError):
            return False
        await connection.close()
        return True

    return asyncio.run(ask())


def _call(command: list[str], home: Path) -> None:
    done = subprocess.run(
        command,
        cwd=home.parent,
        env={**os.environ, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if command[-1] != "start" else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        **identity(USER),
        check=False,
    )
    if done.returncode:
        raise CannotServe(f"{Path(command[0]).name} failed: {done.stdout or 'see its log'}")
