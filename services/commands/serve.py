"""`daybreak serve`: the embedded deployment, in one process and one folder."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from services.chassis.clock import SystemClock
from services.chassis.logs import configure_logs
from services.chassis.origin import one_origin
from services.chassis.settings import Settings
from services.chassis.workers import Supervisor
from services.commands.opening import Opened, opened
from services.demo.seed import seed
from services.front.site import front
from services.scenario.faults import Switch
from services.scenario.receivers import Mailbox


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
    asyncio.run(_serve(folder, host, port, demo=demo))


async def _serve(folder: Path, host: str, port: int, *, demo: bool) -> None:
    async with AsyncExitStack() as stack:
        overrides = await _mailbox(stack) if demo else {}
        house = await stack.enter_async_context(opened(folder, **overrides))
        if demo:
            await seed(house.house, house.doors, folder, f"http://{host}:{port}", typer.echo)
        supervisor = Supervisor((*house.house.workers, *house.house.bus.workers()))
        await supervisor.start()
        try:
            await _listen(house, supervisor, host, port)
        finally:
            await supervisor.stop()


async def _mailbox(stack: AsyncExitStack) -> dict[str, object]:
    """A synthetic area has no mail server: its nudges arrive in this process, and stay there."""
    mailbox = Mailbox(SystemClock(), Switch())
    port = await mailbox.start()
    stack.push_async_callback(mailbox.stop)
    return {"smtp_host": "127.0.0.1", "smtp_port": port}


async def _listen(house: Opened, supervisor: Supervisor, host: str, port: int) -> None:
    applications = {name: service.app for name, service in house.house.services.items()}
    origin = one_origin(applications, front=front(clock=house.house.clock, supervisor=supervisor))
    config = uvicorn.Config(
        origin, host=host, port=port, log_config=None, access_log=False, lifespan="off"
    )
    typer.echo(f"Daybreak answers at http://{host}:{port}/")
    await uvicorn.Server(config).serve()


def print_settings() -> None:
    """Print every setting and where it stands, secrets masked."""
    for name, value in Settings().masked().items():
        typer.echo(f"DAYBREAK_{name.upper()}={value}")
