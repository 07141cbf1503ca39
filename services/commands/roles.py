"""`daybreak notify|consent|directory api|worker|migrate`: one service, distributed."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

import typer
import uvicorn
import uvloop

import services.consent.service as consent
import services.directory.service as directory
import services.notify.service as notify
from services.assembly import load_agreements
from services.chassis.bus import Bus
from services.chassis.bus_rabbit import open_rabbit_bus
from services.chassis.clock import SystemClock
from services.chassis.logs import configure_logs
from services.chassis.mail import SmtpSender
from services.chassis.outbound import AiohttpWebhookSender, internal_client
from services.chassis.service import Service
from services.chassis.settings import Settings, schema_name
from services.chassis.workers import Supervisor
from services.commands.rebuild import rebuild_consent, rebuild_notify
from services.commands.stopping import asked_to_stop
from services.distributed import open_service_storage


def commands_of(name: str) -> typer.Typer:
    """The roles in which one service runs, and what is done to it by hand."""
    app = typer.Typer(no_args_is_help=True, help=f"The {name} service, distributed.")
    app.command("api", help=f"Answer {name}'s HTTP requests.")(_api(name))
    app.command("worker", help=f"Run {name}'s consumers and due work.")(_worker(name))
    app.command("migrate", help=f"Bring {name}'s schema and queues up to date.")(_migrate(name))
    if name == "notify":
        app.command("rebuild")(rebuild_notify)
    if name == "consent":
        app.command("rebuild")(rebuild_consent)
    return app


def _api(name: str) -> Callable[[int, str], None]:
    def api(
        port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "0.0.0.0",  # noqa: S104
    ) -> None:
        async def run() -> None:
            async with _service(name) as (service, _bus):
                config = uvicorn.Config(
                    service.app, host=host, port=port, log_config=None, access_log=False
                )
                gc.freeze()  # what was made at the start stays: no collection need look through it
                await uvicorn.Server(config).serve()

        uvloop.run(run())

    return api


def _worker(name: str) -> Callable[[], None]:
    def worker() -> None:
        async def run() -> None:
            async with _service(name) as (service, bus):
                supervisor = Supervisor((*service.workers, *bus.workers()))
                await supervisor.start()
                try:
                    await asked_to_stop()
                finally:
                    await supervisor.stop()

        uvloop.run(run())

    return worker


def _migrate(name: str) -> Callable[[], None]:
    def migrate() -> None:
        async def run() -> None:
            async with _service(name) as (_, bus):
                await bus.declare()
                typer.echo(f"{name}: schema and queues are up to date")

        uvloop.run(run())

    return migrate


def _settings() -> Settings:
    settings = Settings()
    missing = settings.missing_for_distributed()
    if missing:
        typer.echo(f"set {', '.join(missing)}", err=True)
        raise typer.Exit(2)
    return settings


@asynccontextmanager
async def _service(name: str) -> AsyncIterator[tuple[Service, Bus]]:
    settings, clock = _settings(), SystemClock()
    configure_logs(settings.log_level)
    store, database = await open_service_storage(
        name, settings=settings, clock=clock, schema=schema_name(settings.namespace, name)
    )
    bus = await open_rabbit_bus(
        settings.broker_url, namespace=settings.namespace, clock=clock, key=settings.bus_key_bytes
    )
    webhooks = AiohttpWebhookSender(allow_private=settings.allow_private_webhooks)
    asking = internal_client(settings.consent_url)
    telling = internal_client(settings.notify_url)
    common = {
        "store": store,
        "database": database,
        "bus": bus,
        "clock": clock,
        "settings": settings,
    }
    try:
        if name == "directory":
            yield directory.build(**common), bus  # type: ignore[arg-type]
        elif name == "consent":
            agreed = load_agreements(None)
            yield consent.build(**common, agreements=agreed, notify=telling), bus  # type: ignore[arg-type]
        else:
            mail = SmtpSender(settings.smtp_host, settings.smtp_port, settings.smtp_from)
            yield (
                notify.build(**common, mail=mail, webhooks=webhooks, consent=asking),  # type: ignore[arg-type]
                bus,
            )
    finally:
        await asking.aclose()
        await telling.aclose()
        await webhooks.close()
        await bus.close()
        await store.close()
        await database.close()
