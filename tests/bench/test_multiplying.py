"""Is a log that was made long by copies a log like any other?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from bench.multiplying import Pattern
from bench.transport import CODEC, Happened, WebhookDelivered
from services.chassis.chain import verify
from services.chassis.clock import ManualClock
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore, NewEvent
from services.chassis.store_sqlite import open_sqlite_store

NOW = datetime(2027, 3, 2, 10, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef01234567"


async def _played(folder: Path) -> tuple[EventStore, UUID]:
    """One thing that happened and was told, in two streams."""
    store = await open_sqlite_store(
        folder / "log.db", codec=CODEC, clock=ManualClock(NOW), service_key=bytes(32)
    )
    name = uuid4()
    content = Sealed(str(name), {"reference": f"SYN-{name}", "key": KEY, "at": NOW.isoformat()})
    context = Context(correlation_id=name)
    happened = NewEvent(event_id=uuid4(), event=Happened(reference=name, content=content))
    told = NewEvent(event_id=uuid4(), event=WebhookDelivered(reference=name, status=204, at=NOW))
    await store.append(f"happened-{name}", [happened], expected=0, context=context)
    await store.append(f"delivery-{name}", [told], expected=0, context=context)
    return store, name


async def test_copies_have_names_and_people_of_their_own_and_lie_weeks_before(
    tmp_path: Path,
) -> None:
    store, name = await _played(tmp_path)
    await Pattern(CODEC, await store.read_all(0)).copy(store, range(3))
    recorded = await store.read_all(0)
    happened = [one.event for one in recorded if isinstance(one.event, Happened)]
    assert len(recorded) == 8
    assert len({event.reference for event in happened}) == 4
    assert len({event.content.subject for event in happened}) == 4
    contents = [event.content.value or {} for event in happened]
    assert len({content["key"] for content in contents}) == 4
    for event in happened:
        assert event.content.subject == str(event.reference)
        assert (event.content.value or {})["reference"] == f"SYN-{event.reference}"
    days = {content["at"][:10] for content in contents}
    weeks = (timedelta(weeks=number) for number in range(4))
    assert days == {(NOW - back).date().isoformat() for back in weeks}
    assert happened[0].reference == name
    await store.close()


async def test_each_copy_keeps_the_order_and_the_streams_of_its_pattern(tmp_path: Path) -> None:
    store, _ = await _played(tmp_path)
    await Pattern(CODEC, await store.read_all(0)).copy(store, range(2))
    for one in await store.read_all(0):
        assert one.stream.endswith(str(one.event.reference))
        assert one.version == 1
    assert await verify(store) is None
    await store.close()
