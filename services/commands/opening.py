"""Which house does a command speak to? The folder of the embedded one, or the settings' servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from services.all_in_one import open_embedded, open_front_database
from services.assembly import House, Storage, assemble, load_agreements
from services.chassis.clock import Clock, SystemClock
from services.chassis.mail import MailSender, SmtpSender
from services.chassis.outbound import AiohttpWebhookSender
from services.chassis.settings import Settings, embedded_settings
from services.commands.silent_bus import SilentBus
from services.distributed import open_distributed
from services.doors import Doors, inside
from services.front.site import Front, build_front


@dataclass(frozen=True, kw_only=True)
class Opened:
    house: House
    storage: Storage
    doors: Doors
    settings: Settings
    mail: MailSender


def settings_for(data: Path | None) -> tuple[Settings, Path | None]:
    """The settings, and the folder of the embedded deployment or None for the distributed one."""
    settings = Settings()
    if data is None and settings.database_url:
        return settings, None
    folder = data or settings.data_dir
    return embedded_settings(settings.model_copy(update={"data_dir": folder})), folder


@asynccontextmanager
async def opened(
    data: Path | None, *, serving: bool = False, clock: Clock | None = None, **overrides: Any
) -> AsyncIterator[Opened]:
    """Everything open and nothing running: a command's own work, beside a server that may run.

    Only who serves holds the bus of a folder. What a command records, the server's relay tells.
    `clock`: real time, unless somebody moves it.
    """
    settings, folder = settings_for(data)
    settings = settings.model_copy(update=overrides)
    clock = clock or SystemClock()
    storage = await (
        open_embedded(folder, settings=settings, clock=clock, bus=None if serving else SilentBus())
        if folder is not None
        else open_distributed(settings=settings, clock=clock)
    )
    mail = SmtpSender(settings.smtp_host, settings.smtp_port, settings.smtp_from)
    webhooks = AiohttpWebhookSender(allow_private=settings.allow_private_webhooks)
    house = assemble(
        storage,
        settings=settings,
        clock=clock,
        agreements=load_agreements(None),
        mail=mail,
        webhooks=webhooks,
    )
    await storage.bus.declare()
    doors = Doors(house, settings)
    try:
        yield Opened(house=house, storage=storage, doors=doors, settings=settings, mail=mail)
    finally:
        await doors.close()
        await house.close()
        await webhooks.close()
        await storage.close()


@asynccontextmanager
async def pages_of(
    house: Opened, folder: Path, *, templates: tuple[Path, ...] = ()
) -> AsyncIterator[Front]:
    """The pages over a house in this process; their sessions are kept in its folder.

    `templates`: folders of who adds pages of its own.
    """
    database = await open_front_database(folder)
    clients = {
        name: httpx.AsyncClient(transport=way, base_url=f"http://{name}")
        for name, way in inside(house.house).items()
    }
    try:
        yield build_front(
            clients=clients,
            database=database,
            clock=house.house.clock,
            settings=house.settings,
            mail=house.mail,
            folders=templates,
        )
    finally:
        for client in clients.values():
            await client.aclose()
        await database.close()
