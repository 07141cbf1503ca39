"""Do requests of one moment share their cost and nothing else?"""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from services.chassis.bus import BusUnavailable
from services.chassis.store import Append, StoreUnavailable
from services.notify.domain.intake import EventOffered, Refusal, Taken
from services.notify.intake.gate import Gate
from tests.notify.front_house import Front
from tests.notify.intake.offers import event, other_content


async def taken_at_once(gate: Gate, *events: Any, agency: str = "north-police") -> list[Any]:
    """One request for each, all at one moment."""
    takes = (gate.take_one(each, agency=agency, door="http") for each in events)
    return await asyncio.gather(*takes, return_exceptions=True)


async def published(front: Front) -> list[str]:
    await front.bus.run_once()
    return sorted(message.body["event"]["id"] for message in front.published)


async def test_requests_of_one_moment_are_published_together(front: Front) -> None:
    gate = Gate(front.store, front.bus, front.clock)
    names = [f"n-{number}" for number in range(10)]
    answers = await taken_at_once(gate, *map(event, names))
    assert [answer.id for answer in answers] == names
    assert front.bus.publishes == 1
    assert [each.event for each in await front.logged(EventOffered)] == names
    assert await published(front) == names


async def test_the_same_event_at_one_moment_is_one_event(front: Front) -> None:
    gate = Gate(front.store, front.bus, front.clock)
    first, second = await taken_at_once(gate, event(), event())
    assert first == second
    assert len(await front.logged(EventOffered)) == 1
    assert await published(front) == ["n-1"]


async def test_of_two_contents_at_one_moment_the_first_holds(front: Front) -> None:
    gate = Gate(front.store, front.bus, front.clock)
    first, second = await taken_at_once(gate, event(), other_content())
    assert isinstance(first, Taken)
    assert isinstance(second, Refusal)
    assert second.status == 409
    assert await published(front) == ["n-1"]


async def test_who_is_refused_is_told_so_while_the_bus_is_away(embedded_front: Front) -> None:
    front = embedded_front
    gate = Gate(front.store, front.bus, front.clock)
    await taken_at_once(gate, event())
    front.bus.fails = "before"
    refused, unconfirmed = await taken_at_once(gate, other_content(), event("n-2"))
    assert isinstance(refused, Refusal)
    assert isinstance(unconfirmed, BusUnavailable)


class _Failing:
    """A store that cannot append to one stream."""

    def __init__(self, store: Any, failing: int) -> None:
        self._store = store
        self._failing = failing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append_each(self, appends: Sequence[Append]) -> list[Any]:
        kept = [each for number, each in enumerate(appends) if number != self._failing]
        answers = await self._store.append_each(kept)
        answers.insert(self._failing, StoreUnavailable("of this one"))
        return list(answers)


async def test_what_fails_for_one_fails_for_no_other(embedded_front: Front) -> None:
    front = embedded_front
    store: Any = _Failing(front.store, failing=1)
    answers = await taken_at_once(
        Gate(store, front.bus, front.clock), event("a"), event("b"), event("c")
    )
    assert [type(answer) for answer in answers] == [Taken, StoreUnavailable, Taken]
    assert await published(front) == ["a", "c"]


async def test_a_fault_of_ours_reaches_whoever_waits(embedded_front: Front) -> None:
    front = embedded_front

    class Broken(_Failing):
        async def append_each(self, appends: Sequence[Append]) -> list[Any]:
            raise RuntimeError("a mistake")

    store: Any = Broken(front.store, failing=0)
    with pytest.raises(RuntimeError):
        await Gate(store, front.bus, front.clock).take_one(
            event(), agency="north-police", door="http"
        )
