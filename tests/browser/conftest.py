"""What does a browser see? Chromium, and the front of an installation on a port of its own."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, async_playwright

from services.chassis.origin import one_origin
from services.commands.opening import opened, pages_of
from tests.browser.house import Seen, seen
from tests.servers.__main__ import BROWSER, read_environment

ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    named = read_environment().get(BROWSER) or shutil.which("chromium")
    if not named:
        pytest.fail("Chromium is missing: run `make test`, which installs it")
    return named


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where the pages are served. The socket listens before the server does: nobody need wait."""
    folder = tmp_path_factory.mktemp("pages")
    async with opened(folder) as house, pages_of(house, folder) as pages:
        app = one_origin({}, front=pages.app)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            server.should_exit = True
            await serving


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house() -> AsyncIterator[Seen]:
    """The area after its nights, on a Monday at 7:42am. What a test does there, it does to all."""
    async with seen() as played:
        yield played
