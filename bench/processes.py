"""How do a server of the product and a server of a baseline run? Each in a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bench.row import CannotMeasure

_PATIENCE = 120.0


@asynccontextmanager
async def running(
    arguments: Sequence[str],
    *,
    port: int | None,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[None]:
    """`python ARGUMENTS` until the block ends; it is entered once `port` is listened on, if any.

    What the process prints, log lines above all, goes to a file, as it would in service.
    """
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *arguments),
            env={**os.environ, **(environment or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        if port is not None:
            await _listening(process, port, log)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), _PATIENCE)


async def _listening(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    until = asyncio.get_running_loop().time() + _PATIENCE
    while asyncio.get_running_loop().time() < until:
        if process.returncode is not None:
            raise CannotMeasure(f"a server ended at once:\n{log.read_text()[-2000:]}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise CannotMeasure(f"a server does not listen:\n{log.read_text()[-2000:]}")
