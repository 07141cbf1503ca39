"""A process may stop anywhere: after the restart everything is told, and once."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from services.chassis.errors import Unavailable
from services.chassis.store import Context, NewEvent
from services.notify.domain.nudge import CLAIM
from services.notify.reactions import SET_ASIDE, Reactions
from services.notify.readmodels.cases import CasesOf
from tests.notify.back_house import UPN, Back

SATURDAY = datetime(2026, 2, 14, 7, 0, tzinfo=UTC)


class Stopped(Unavailable):
    """The process is gone: nothing after this line happened."""


class StopsAfter:
    """Stands in for the append of the log: the k-th one is stored, and its caller is never told."""

    def __init__(self, append: Any, count: int) -> None:
        self._append = append
        self.left = count

    async def __call__(
        self, stream: str, events: Sequence[NewEvent], *, expected: int, context: Context
    ) -> int:
        position: int = await self._append(stream, events, expected=expected, context=context)
        self.left -= 1
        if self.left == 0:
            raise Stopped
        return position


async def settle_stopping(back: Back) -> None:
    """As a supervisor would: what was unavailable is tried again."""
    for _ in range(300):
        done = 0
        for worker in (*back.part.workers, back.bus):
            try:
                done += await worker.run_once()
            except Unavailable:
                done += 1
        if not done:
            return
    raise AssertionError("it never settles")


@pytest.mark.parametrize("count", range(1, 14))
async def test_wherever_it_stops_it_goes_on_from_there(
    embedded_back: Back, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    back = embedded_back
    await back.area()
    await back.pupil("alder", UPN)
    await back.settle()
    stopping = StopsAfter(back.store.append, count)
    monkeypatch.setattr(back.store, "append", stopping)
    await back.decide(urns=("900001",))
    await settle_stopping(back)
    back.clock.set(SATURDAY)
    await settle_stopping(back)
    back.clock.set(SATURDAY + CLAIM)  # a claim whose process died is free again
    await settle_stopping(back)
    assert stopping.left <= 0 or count > 8  # the later ones are past the end of this story
    found = await back.only()
    assert (found["to"], found["state"]) == ("alder", "announced")
    mails = back.nudges_to("alder-dsl@places.example")
    # A nudge may go out again when its sending was not recorded: it is recognised by its id.
    assert len({mail.reference for mail in mails}) == 1


async def test_two_processes_at_once_send_one_nudge_each_contact(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    await back.decide()
    await back.settle()
    back.clock.set(SATURDAY)
    for worker in back.part.workers:
        if worker.name != "notify.nudging":
            await worker.run_once()
    for worker in back.part.workers:  # the nudges are asked for; now both want to send them
        if worker.name in ("notify.state", "notify.reactions"):
            await worker.run_once()
    (nudging,) = [worker for worker in back.part.workers if worker.name == "notify.nudging"]
    await asyncio.gather(*(nudging.run_once() for _ in range(4)))
    await back.settle()
    assert len(back.nudges_to("alder-dsl@places.example")) == 1
    assert (await back.only())["state"] == "announced"


async def test_a_fact_that_cannot_be_answered_is_set_aside_and_answered_later(
    embedded_back: Back,
) -> None:
    back = embedded_back
    await back.area()
    await back.pupil("alder", UPN)
    broken = True

    async def react(recorded: Any) -> None:
        if broken and type(recorded.event).__name__ == "DecisionRecorded":
            raise RuntimeError("our own fault")

    answering = Reactions(back.store, back.database, [react], CasesOf(back.database.reading))
    answering.name = "notify.reactions-in-a-test"
    await back.decide()
    await back.settle()
    while await answering.run_once():
        pass
    async with back.database.reading() as connection:
        assert len(list(await connection.execute(SET_ASIDE.select()))) == 1
    broken = False
    await Reactions(back.store, back.database, [react], CasesOf(back.database.reading)).run_once()
    assert (await back.only())["to"] == "alder"
