"""`daybreak front`: the pages at `/`, where a gateway sends the rest to the services."""

import asyncio
from typing import Annotated

import typer
import uvicorn

from services.chassis.clock import SystemClock
from services.chassis.logs import configure_logs
from services.chassis.mail import SmtpSender
from services.chassis.outbound import internal_client
from services.chassis.settings import Settings
from services.chassis.workers import Supervisor
from services.distributed import open_front_database
from services.front.site import build_front


def front(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "0.0.0.0",  # noqa: S104
) -> None:
    """Answer the pages of the distributed deployment."""
    settings = Settings()
    missing = settings.missing("service_token", "database_url")
    if missing:
        typer.echo(f"set {', '.join(missing)}", err=True)
        raise typer.Exit(2)
    configure_logs(settings.log_level)
    asyncio.run(_serve(settings, host, port))


async def _serve(settings: Settings, host: str, port: int) -> None:
    database = await open_front_database(settings)
    clients = {
        "directory": internal_client(settings.directory_url),
        "consent": internal_client(settings.consent_url),
        "notify": internal_client(settings.notify_url),
    }
    pages = build_front(
        clients=clients,
        database=database,
        clock=SystemClock(),
        settings=settings,
        mail=SmtpSender(settings.smtp_host, settings.smtp_port, settings.smtp_from),
    )
    supervisor = Supervisor(pages.workers)
    pages.watch(supervisor)
    await supervisor.start()
    config = uvicorn.Config(pages.app, host=host, port=port, log_config=None, access_log=False)
    try:
        await uvicorn.Server(config).serve()
    finally:
        await supervisor.stop()
        for client in clients.values():
            await client.aclose()
        await database.close()
