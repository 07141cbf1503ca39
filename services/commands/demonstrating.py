"""How does the demonstration come to live in a folder? Its house, on its own clock."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.chassis.clock import ManualClock
from services.chassis.settings import Settings
from services.chassis.workers import Supervisor
from services.commands.opening import Opened, opened, pages_of
from services.demo.demonstration import (
    GOVERNOR_EMAIL,
    OPERATOR_EMAIL,
    Demonstration,
    Parts,
    position_in,
)
from services.demo.pages import TEMPLATES, add_to
from services.front.site import Front
from services.mailbox import Mailbox

_GOVERNOR = f"{GOVERNOR_EMAIL}:information-governance"
STEP = 0.2  # seconds of real time
_MAILS = 500  # the newest, which are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstrating:
    """`keys`: of the area's agencies, by id."""

    house: Opened
    pages: Front
    demonstration: Demonstration
    mailbox: Mailbox
    keys: dict[str, str]

    def supervisors(self) -> tuple[Supervisor, ...]:
        """The director does the work of all that the house would run by itself."""
        return (
            Supervisor((self.demonstration.director,), poll=STEP),
            Supervisor(self.pages.workers),
        )


@asynccontextmanager
async def demonstrating(
    folder: Path,
    now: datetime,
    *,
    seconds: Callable[[], float] = time.monotonic,
    **overrides: Any,
) -> AsyncIterator[Demonstrating]:
    """`now` is real time, by which the story chooses its Sunday; `seconds` goes with it.

    Raises OtherData where the folder holds something else.
    """
    position = position_in(folder, now)
    clock = ManualClock(position.instant)
    mailbox = Mailbox(clock, keep=_MAILS)
    async with AsyncExitStack() as stack:
        port = await mailbox.start()
        stack.push_async_callback(mailbox.stop)
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port}
        operators = {"operators": [*Settings().operators, OPERATOR_EMAIL, _GOVERNOR]}
        house = await stack.enter_async_context(
            opened(folder, serving=True, clock=clock, **mail, **operators, **overrides)
        )
        parts = Parts(house.house, house.storage, house.doors, house.settings)
        demonstration = Demonstration(parts, folder, position, seconds=seconds)
        keys = await demonstration.begin()
        pages = await stack.enter_async_context(pages_of(house, folder, templates=(TEMPLATES,)))
        add_to(pages, demonstration, mailbox)
        yield Demonstrating(
            house=house, pages=pages, demonstration=demonstration, mailbox=mailbox, keys=keys
        )
