"""When is a process asked to stop? SIGTERM from its orchestrator, SIGINT from its terminal."""

import asyncio
import signal


async def asked_to_stop() -> None:
    """Return at the first SIGTERM or SIGINT."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
