"""`daybreak serve`: the embedded deployment, in one process and one folder."""

import gc
import socket
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
import uvloop

from services.chassis.bus import BusUnavailable
from services.chassis.clock import SystemClock
from services.chassis.logs import configure_logs
from services.chassis.origin import one_origin
from services.chassis.settings import Settings
from services.chassis.workers import Supervisor
from services.commands.demonstrating import demonstrating
from services.commands.opening import Opened, opened, pages_of
from services.demo.demonstration import OtherData
from services.demo.kept import read as read_position
from services.demo.seed import KEYS
from services.front.site import Front


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
    except OtherData as fault:
        said = "data that no demonstration has made" if demo else "a demonstration (--demo)"
        typer.echo(f"{folder} holds {said}: choose another folder with --data", err=True)
        raise typer.Exit(2) from fault
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
    if demo:
        await _serve_demonstration(folder, listening, url)
        return
    if read_position(folder) is not None:
        raise OtherData
    async with (
        opened(folder, serving=True, public_url=_public_url(url)) as house,
        pages_of(house, folder) as pages,
    ):
        workers = (*house.house.workers, *house.house.bus.workers(), *pages.workers)
        await _run(house, pages, (Supervisor(workers),), listening, url)


async def _serve_demonstration(folder: Path, listening: socket.socket, url: str) -> None:
    typer.echo("A synthetic area lives here: no person or school in it exists.")
    now = SystemClock().now()
    async with demonstrating(folder, now, public_url=_public_url(url)) as demo:
        file = folder / KEYS
        typer.echo(f"\n  Open      {url}/\n  Keys      {file}\n")
        typer.echo("What a school's inbox holds:\n")
        key = demo.keys["alder"]
        typer.echo(f"  curl -H 'Authorization: Bearer {key}' {url}/notify/v1/inbox\n")
        await _run(demo.house, demo.pages, demo.supervisors(), listening, url)


async def _run(
    house: Opened,
    pages: Front,
    supervisors: tuple[Supervisor, ...],
    listening: socket.socket,
    url: str,
) -> None:
    for supervisor in supervisors:
        pages.watch(supervisor)
        await supervisor.start()
    try:
        await _listen(house, pages, listening, url)
    finally:
        for supervisor in supervisors:
            await supervisor.stop()


def _public_url(url: str) -> str:
    """What somebody has set goes before the address that it listens on."""
    settings = Settings()
    return settings.public_url if "public_url" in settings.model_fields_set else url


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
