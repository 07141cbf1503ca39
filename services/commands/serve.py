"""`daybreak serve`: the embedded deployment, in one process and one folder."""

import gc
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
import uvloop

from services.chassis.bus import BusUnavailable
from services.chassis.clock import SystemClock
from services.chassis.logs import configure_logs
from services.chassis.origin import one_origin
from services.chassis.settings import Settings
from services.chassis.workers import Supervisor
from services.commands.opening import Opened, opened, pages_of
from services.demo.seed import seed
from services.front.site import Front
from services.mailbox import Mailbox


def serve(
    embedded: Annotated[bool, typer.Option("--embedded", help="The only way there is.")] = True,
    data: Annotated[Path | None, typer.Option(help="Folder for everything it keeps.")] = None,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    demo: Annotated[bool, typer.Option("--demo", help="Start with a synthetic area.")] = False,
) -> None:
    """Run the three services, the bus and every worker in this process."""
    if not embedded:
        typer.echo("serve runs the embedded deployment; see `daybreak notify api`", err=True)
        raise typer.Exit(2)
    settings = Settings()
    chosen = "log_level" in settings.model_fields_set or not demo
    configure_logs(settings.log_level if chosen else "warning")
    folder = data or settings.data_dir
    listening = _bound(host, port)
    try:
        uvloop.run(_serve(folder, listening, demo=demo))
    except BusUnavailable as fault:
        typer.echo(f"{folder} is in use: does another Daybreak serve it?", err=True)
        raise typer.Exit(1) from fault
    finally:
        listening.close()


def _bound(host: str, port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as fault:
        listening.close()
        typer.echo(f"{host}:{port} cannot be listened on: {fault.strerror}", err=True)
        raise typer.Exit(1) from fault
    return listening


async def _serve(folder: Path, listening: socket.socket, *, demo: bool) -> None:
    host, port = listening.getsockname()[:2]
    url = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    async with AsyncExitStack() as stack:
        overrides: dict[str, Any] = {"public_url": _public_url(url)}
        overrides |= await _mailbox(stack) if demo else {}
        house = await stack.enter_async_context(opened(folder, serving=True, **overrides))
        if demo:
            await seed(house.house, house.doors, folder, url, typer.echo)
        pages = await stack.enter_async_context(pages_of(house, folder))
        supervisor = Supervisor((*house.house.workers, *house.house.bus.workers(), *pages.workers))
        pages.watch(supervisor)
        await supervisor.start()
        try:
            await _listen(house, pages, listening, url)
        finally:
            await supervisor.stop()


def _public_url(url: str) -> str:
    """What somebody has set goes before the address that it listens on."""
    settings = Settings()
    return settings.public_url if "public_url" in settings.model_fields_set else url


async def _mailbox(stack: AsyncExitStack) -> dict[str, Any]:
    """A synthetic area has no mail server: its nudges arrive in this process, and stay there."""
    mailbox = Mailbox(SystemClock())
    port = await mailbox.start()
    stack.push_async_callback(mailbox.stop)
    return {"smtp_host": "127.0.0.1", "smtp_port": port}


async def _listen(house: Opened, pages: Front, listening: socket.socket, url: str) -> None:
    applications = {name: service.app for name, service in house.house.services.items()}
    origin = one_origin(applications, front=pages.app)
    config = uvicorn.Config(origin, log_config=None, access_log=False, lifespan="off")
    gc.freeze()  # what was made at the start stays: no collection need look through it
    typer.echo(f"Daybreak answers at {url}/")
    await uvicorn.Server(config).serve(sockets=[listening])


def print_settings() -> None:
    """Print every setting and where it stands, secrets masked."""
    for name, value in Settings().masked().items():
        typer.echo(f"DAYBREAK_{name.upper()}={value}")
