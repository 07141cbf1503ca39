"""What does each path cost when the log is ten and a hundred times as long? `bench --growth`.

Houses of each size stand side by side in PostgreSQL and are measured in turns, one worker after the
other, with incidents that are played for real upon what lies there already.
"""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from statistics import median

from bench.area import Town, incidents, stand
from bench.doors import EVENTS_PATH
from bench.measure import spin_speed
from bench.multiplying import Pattern
from bench.payload import AGENCY
from bench.receiver import free_desk, receiving, with_secrets
from bench.row import CannotMeasure, Place
from bench.shifted import MORNING
from services.assembly import EVENTS, NAMES, House, Storage, assemble, load_agreements
from services.chassis.bus_embedded import open_embedded_bus
from services.chassis.bus_groups import GroupBus
from services.chassis.clock import ManualClock
from services.chassis.codec import EventCodec
from services.chassis.database import CHECKPOINTS, upsert
from services.chassis.mail import SmtpSender
from services.chassis.outbound import AiohttpWebhookSender
from services.chassis.projections import Projector
from services.chassis.settings import Settings, ephemeral_settings, schema_name
from services.chassis.workers import Worker
from services.distributed import drop_schemas, open_service_storage
from services.doors import Doors

SIZES = (10_000, 100_000)
_TOWN = Town(schools=40, pupils_each=25)
_PLAYED = 10  # incidents that everything else is copied from
_ROUND = 10  # incidents of one round
_PATHS = (
    ("consent: decide", ("bus.consent.events", "consent.register", "consent")),
    ("notify: record and place", ("bus.notify.disclosures", "notify.placing")),
    ("notify: raise and react", ("notify.reactions",)),
    ("notify: announce", ("notify.announcing", "notify.moving", "notify.nudging")),
    ("notify: deliver", ("notify.webhooks.sending",)),
    ("notify: rows", ("notify.state", "notify.receipts", "notify.feeds", "notify.webhooks")),
)
Say = Callable[[str], None]


@dataclass(kw_only=True)
class _Grown:
    """One house, and what each path took in every round: milliseconds an item."""

    size: int
    house: House
    storage: Storage
    doors: Doors
    clock: ManualClock
    rebuilt: float = 0.0  # milliseconds an event
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


async def growth(place: Place, sizes: Sequence[int], rounds: int, say: Say) -> str:
    """The table: milliseconds an item at each size, and the last beside the first."""
    async with AsyncExitStack() as stack:
        grown = [await stack.enter_async_context(_house(place, size, say)) for size in sizes]
        for number in range(1, rounds + 1):
            for one in grown:
                await _round(one, keep=number > 1)
            say(f"  round {number} of {rounds} (spin {spin_speed():.1f}M/s)")
        return _table(grown)


@asynccontextmanager
async def _house(place: Place, size: int, say: Say) -> AsyncIterator[_Grown]:
    began = time.perf_counter()
    settings = ephemeral_settings(
        database_url=place.dsn, namespace=place.fresh(), allow_private_webhooks=True
    )
    clock = ManualClock(MORNING)
    storage = await _storage(place, settings, clock)
    webhooks = AiohttpWebhookSender(allow_private=True)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(drop_schemas, settings, settings.namespace)
        stack.push_async_callback(storage.close)
        stack.push_async_callback(webhooks.close)
        house = assemble(
            storage,
            settings=settings,
            clock=clock,
            agreements=load_agreements(None),
            mail=SmtpSender("127.0.0.1", 25, "no-reply@daybreak.example"),
            webhooks=webhooks,
        )
        stack.push_async_callback(house.close)
        doors = Doors(house, settings)
        stack.push_async_callback(doors.close)
        desk = free_desk(ahead=(MORNING - datetime.now(MORNING.tzinfo)).total_seconds())
        secrets = await stand(house, doors, _TOWN, desk)
        await doors.key(AGENCY)
        await stack.enter_async_context(receiving(with_secrets(desk, secrets)))
        grown = _Grown(size=size, house=house, storage=storage, doors=doors, clock=clock)
        await _fill(grown)
        took = time.perf_counter() - began
        say(f"  {size:,} events: {await _events(storage):,} are there after {took:.0f} s")
        yield grown


async def _storage(place: Place, settings: Settings, clock: ManualClock) -> Storage:
    """PostgreSQL, and a bus in a file: no broker's own queues grow with the log."""
    stores, databases = {}, {}
    for name in NAMES:
        schema = schema_name(settings.namespace, name)
        stores[name], databases[name] = await open_service_storage(
            name, settings=settings, clock=clock, schema=schema
        )
    path = place.folder / f"{settings.namespace}.bus.db"
    bus = await open_embedded_bus(path, clock=clock, key=settings.bus_key_bytes)
    return Storage(stores=stores, databases=databases, bus=bus)


async def _events(storage: Storage) -> int:
    return sum([await storage.stores[name].head() for name in ("consent", "notify")])


async def _fill(grown: _Grown) -> None:
    """Played, read by the schools, then multiplied."""
    stores = grown.storage.stores
    before = {name: await stores[name].head() for name in ("consent", "notify")}
    await _play(grown, _PLAYED)
    await _acknowledge(grown)
    patterns = {
        name: Pattern(EventCodec(*EVENTS[name]), await stores[name].read_all(at, 10_000))
        for name, at in before.items()
    }
    copies = grown.size // sum(pattern.events for pattern in patterns.values())
    for name, pattern in patterns.items():
        await pattern.copy(stores[name], range(copies))
    await _skip(grown)
    projectors = [one for one in grown.house.workers if isinstance(one, Projector)]
    began = time.perf_counter()
    for projector in projectors:
        await projector.catch_up()
    grown.rebuilt = (time.perf_counter() - began) * 1000 / max(await _events(grown.storage), 1)


async def _skip(grown: _Grown) -> None:
    """What follows from the copied facts has been copied with them."""
    for service, worker in (("consent", "consent"), ("notify", "notify.reactions")):
        row = {"name": worker, "position": await grown.storage.stores[service].head()}
        async with grown.storage.databases[service].transaction() as tx:
            await upsert(tx, CHECKPOINTS, row, key=["name"])


async def _play(grown: _Grown, number: int) -> float:
    """Incidents in by HTTP; milliseconds each until they are accepted."""
    events = list(islice(incidents(_TOWN, grown.clock.now()), number))
    began = time.perf_counter()
    for event in events:
        answer = await grown.doors.request(
            "POST",
            EVENTS_PATH,
            agency=AGENCY,
            json=event,
            headers={"content-type": "application/cloudevents+json"},
        )
        if answer.status_code != 202:
            raise CannotMeasure(f"not accepted: {answer.status_code} {answer.text}")
    return (time.perf_counter() - began) * 1000 / number


async def _acknowledge(grown: _Grown) -> None:
    await grown.house.settle()
    for organisation in _TOWN.told:
        inbox = (await grown.doors.request("GET", "/notify/v1/inbox", agency=organisation)).json()
        for item in inbox["notifications"]:
            path = f"/notify/v1/inbox/{item['id']}/acknowledge"
            body = {"by": organisation, "outcome": "supported-silently"}
            await grown.doors.request("POST", path, agency=organisation, json=body)
    await grown.house.settle()


async def _round(grown: _Grown, *, keep: bool) -> None:
    """One worker after the other, and how long each took."""
    grown.clock.set(grown.clock.now() + timedelta(seconds=30))
    took: dict[str, float] = {"notify: accept": await _play(grown, _ROUND)}
    spent: dict[str, float] = defaultdict(float)
    bus = grown.storage.bus
    assert isinstance(bus, GroupBus)
    workers: list[Worker] = [*grown.house.workers, *bus.workers()]
    busy = True
    while busy:
        busy = False
        for worker in workers:
            began = time.perf_counter()
            busy = bool(await worker.run_once()) or busy
            spent[worker.name] += time.perf_counter() - began
    for path, names in _PATHS:
        took[path] = sum(spent[name] for name in names) * 1000 / _ROUND
    took["inbox of one school"] = await _get(grown, "/notify/v1/inbox", "school-0")
    took["the same, a page of 50"] = await _get(grown, "/notify/v1/inbox?limit=50", "school-0")
    took["morning board"] = await _get(grown, "/notify/v1/morning", None)
    if keep:
        for path, value in took.items():
            grown.took[path].append(value)


async def _get(grown: _Grown, path: str, agency: str | None) -> float:
    began = time.perf_counter()
    answer = await grown.doors.request("GET", path, agency=agency)
    answer.raise_for_status()
    return (time.perf_counter() - began) * 1000


def _table(grown: Sequence[_Grown]) -> str:
    first, last = grown[0], grown[-1]
    sizes = " | ".join(f"{one.size:,}" for one in grown)
    lines = [f"| ms an item with so many events | {sizes} | last / first |"]
    lines.append("|" + "---|" * (len(grown) + 2))
    for path in first.took:
        values = " | ".join(f"{median(one.took[path]):.2f}" for one in grown)
        pairs = zip(last.took[path], first.took[path], strict=True)
        lines.append(f"| {path} | {values} | {median(a / b for a, b in pairs if b):.2f} |")
    values = " | ".join(f"{one.rebuilt:.3f}" for one in grown)
    lines.append(
        f"| rows of one event, made anew | {values} | {last.rebuilt / first.rebuilt:.2f} |"
    )
    return "\n".join(lines)
