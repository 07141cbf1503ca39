"""Is a case ended once, whoever else ends it at that moment and whatever dies on the way?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from contracts import messages
from services.chassis.bus import BusUnavailable
from services.chassis.projections import Projector
from services.chassis.relay import Relay
from services.consent.readmodels.register import Register
from services.consent.readmodels.retained import Retained
from services.consent.retention.ending import Ending
from services.consent.telling import told
from tests.consent.house import House
from tests.consent.story import AGREEMENTS
from tests.consent.test_retention import AFTER, content_of, ending, erasures, taken


@asynccontextmanager
async def another_process(house: House) -> AsyncIterator[tuple[Ending, Relay]]:
    """Its own connections to the same log and tables, and workers of its own."""
    store, database = await house.again()
    months = {f"{one.id}@{one.version}": one.retention.months for one in AGREEMENTS}
    try:
        yield (
            Ending(
                store=store,
                database=database,
                clock=house.clock,
                register=Projector(store, database, Register()),
                retained=Projector(store, database, Retained(months)),
            ),
            Relay(store, house.bus, database, told, "consent"),
        )
    finally:
        await store.close()
        await database.close()


async def test_two_processes_at_once_end_every_case_once(house: House) -> None:
    cases = [await taken(house, reference=f"N/{number}") for number in range(3)]
    house.later(AFTER)
    async with another_process(house) as (other, relay):
        mine = ending(house)
        await asyncio.gather(mine.run_once(), other.run_once(), mine.run_once(), other.run_once())
        await asyncio.gather(house.work(), relay.run_once())
    await house.work()
    assert [len(await erasures(house, case)) for case in cases] == [1, 1, 1]
    assert [await content_of(house, case) for case in cases] == [[], [], []]
    assert sorted({body["case"] for body in house.said(messages.CASE_ERASED)}) == sorted(
        map(str, cases)
    )


async def test_killed_between_its_record_and_its_message_the_next_process_tells_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await taken(house)
    house.later(AFTER)

    async def killed(*_: object, **__: object) -> None:
        raise BusUnavailable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(house.bus, "publish", killed)
        assert await ending(house).run_once() == 1
        [relay] = [one for one in house.service.workers if isinstance(one, Relay)]
        with pytest.raises(BusUnavailable):
            await relay.run_once()
    assert len(await erasures(house, case)) == 1  # it is recorded
    assert house.said(messages.CASE_ERASED) == []  # and nobody was told
    async with another_process(house) as (_, heir):
        while await heir.run_once():
            pass
        await house.work()
    assert [body["case"] for body in house.said(messages.CASE_ERASED)] == [str(case)]
    assert len(await erasures(house, case)) == 1
