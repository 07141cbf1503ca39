"""`daybreak notify|consent rebuild`: the address book again, from nothing, by the directory."""

import asyncio
from pathlib import Path
from typing import Annotated

import httpx
import typer

from services.chassis.apikeys import ApiKeys
from services.chassis.outbound import internal_client
from services.commands.opening import Opened, opened
from services.consent.directory import AreaBook
from services.notify.addressbook.directory import AddressBook

Data = Annotated[Path | None, typer.Option(help="Folder of the embedded deployment.")]


def rebuild_notify(data: Data = None) -> None:
    """Make the address book again from the directory's present state."""
    asyncio.run(_rebuild("notify", data))


def rebuild_consent(data: Data = None) -> None:
    """Make what consent knows of organisations again from the directory's present state."""
    asyncio.run(_rebuild("consent", data))


async def _rebuild(name: str, data: Path | None) -> None:
    async with opened(data) as house, _directory(house, data) as directory:
        database = house.storage.databases[name]
        book = AddressBook if name == "notify" else AreaBook
        held = await book(database, ApiKeys(database)).rebuild(
            directory, house.settings.service_token
        )
        typer.echo(f"{name}: {held} entries from the directory")


def _directory(house: Opened, data: Path | None) -> httpx.AsyncClient:
    if data is None and house.settings.database_url:
        return internal_client(house.settings.directory_url)
    transport = httpx.ASGITransport(app=house.house.services["directory"].app)
    return httpx.AsyncClient(transport=transport, base_url="http://directory")
