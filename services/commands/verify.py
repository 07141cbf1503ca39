"""`daybreak verify`: has anybody altered what was recorded?"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.chassis.chain import verify as walk
from services.commands.opening import opened


def verify(
    data: Annotated[Path | None, typer.Option(help="Folder of the embedded deployment.")] = None,
) -> None:
    """Walk the hash chain of every service's log; exit 1 at the first broken position."""
    if not asyncio.run(_verify(data)):
        raise typer.Exit(1)


async def _verify(data: Path | None) -> bool:
    sound = True
    async with opened(data) as house:
        for name, store in house.storage.stores.items():
            broken = await walk(store)
            if broken is None:
                typer.echo(f"{name}: {await store.head()} events, the chain is whole")
            else:
                sound = False
                typer.echo(f"{name}: broken at position {broken.position}: {broken.says}")
    return sound
