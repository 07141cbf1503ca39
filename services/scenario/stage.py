"""Where does a story play? The real services on a clock that the story moves."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from services.all_in_one import open_embedded
from services.assembly import House, Storage, assemble, load_agreements
from services.chassis.clock import ManualClock
from services.chassis.mail import SmtpSender
from services.chassis.outbound import AiohttpWebhookSender
from services.chassis.settings import Settings, ephemeral_settings
from services.distributed import drop_schemas, open_distributed
from services.doors import Doors
from services.mailbox import Mailbox
from services.scenario.faults import Switch, SwitchedBus, SwitchedStore, SwitchedTransport
from services.scenario.receivers import Receiver

_TICK = timedelta(minutes=1)
FAULTS = ("bus", "store", "smtp", "webhook", "consent")


class Stage:
    """The house, its clock, its doors, its switches and its receivers."""

    def __init__(
        self,
        house: House,
        storage: Storage,
        settings: Settings,
        switches: dict[str, Switch],
        mailbox: Mailbox,
        receiver: Receiver,
        receiver_port: int,
    ) -> None:
        self.house = house
        self.storage = storage
        self.settings = settings
        self.switches = switches
        self.mailbox = mailbox
        self.receiver = receiver
        self.receiver_url = f"http://127.0.0.1:{receiver_port}"
        self._doors = Doors(house, settings)
        self.request = self._doors.request
        self.bare = self._doors.bare
        self.issue = self._doors.issue
        self.keys = self._doors.keys  # of every organisation of the area
        self.drafts: dict[str, str] = {}  # the edition that somebody read, by the story's name

    @property
    def clock(self) -> ManualClock:
        assert isinstance(self.house.clock, ManualClock)
        return self.house.clock

    async def advance(self, to: datetime) -> None:
        """Move the clock to `to`, stopping wherever a worker has something due on the way."""
        await self.house.settle()
        # Without a store nobody knows what is due: time passes, and nothing happens in it.
        while not self.switches["store"].down:
            due = await self.house.next_due()
            if due is None or due > to:
                break
            if due <= self.clock.now():  # due, and yet not done: time passes, it is tried again
                due = min(self.clock.now() + _TICK, to)
                if due == self.clock.now():
                    break
            self.clock.set(due)
            await self.house.settle()
        if to > self.clock.now():
            self.clock.set(to)
        await self.house.settle()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """The runner's own reading sees past a store that the story has taken down."""
        switch = self.switches["store"]
        was, switch.down = switch.down, False
        try:
            yield
        finally:
            switch.down = was

    async def close(self) -> None:
        await self._doors.close()


async def _storage(
    on: str, folder: Path, settings: Settings, clock: ManualClock, namespace: str
) -> Storage:
    if on == "distributed":
        return await open_distributed(settings=settings, clock=clock, namespace=namespace)
    return await open_embedded(folder, settings=settings, clock=clock)


@asynccontextmanager
async def open_stage(
    *, on: str, start: datetime, agreements: list[str] | None, settings: Settings | None = None
) -> AsyncIterator[Stage]:
    """A house of its own for one story, gone afterwards. `on`: `embedded` or `distributed`."""
    clock = ManualClock(start)
    switches = {name: Switch() for name in FAULTS}
    mailbox = Mailbox(clock, down=lambda: switches["smtp"].down)
    receiver = Receiver(clock, switches["webhook"])
    smtp_port, receiver_port = await mailbox.start(), await receiver.start()
    settings = ephemeral_settings(settings, allow_private_webhooks=True)
    namespace = f"story_{secrets.token_hex(5)}"
    webhooks = AiohttpWebhookSender(allow_private=True)
    with tempfile.TemporaryDirectory(prefix="daybreak-story-") as folder:
        storage = await _storage(on, Path(folder), settings, clock, namespace)
        bus = SwitchedBus(storage.bus, switches["bus"])
        switched = Storage(
            stores={
                name: SwitchedStore(store, switches["store"])
                for name, store in storage.stores.items()
            },
            databases=storage.databases,
            bus=bus,
        )
        house = assemble(
            switched,
            settings=settings,
            clock=clock,
            agreements=load_agreements(agreements),
            mail=SmtpSender("127.0.0.1", smtp_port, settings.smtp_from),
            webhooks=webhooks,
            between=lambda inner: SwitchedTransport(inner, switches["consent"]),
        )
        await storage.bus.declare()
        stage = Stage(house, switched, settings, switches, mailbox, receiver, receiver_port)
        try:
            yield stage
        finally:
            await stage.close()
            await house.close()
            await webhooks.close()
            await receiver.stop()
            await mailbox.stop()
            if on == "distributed":
                await storage.bus.remove()  # type: ignore[attr-defined]
            await switched.close()
            if on == "distributed":
                await drop_schemas(settings, namespace)
