"""Is whoever asks told what is true after they asked, however many share the question?"""

import asyncio
from collections.abc import Mapping, Set

import pytest

from services.chassis.errors import Unavailable
from services.chassis.gathering import Gathering


class Source:
    """Answers slowly: it reads when a question begins and tells when it is let."""

    def __init__(self) -> None:
        self.truth = {"a": 1, "b": 2}
        self.questions: list[Set[str]] = []
        self.away = False
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def ask(self, keys: Set[str]) -> Mapping[str, int]:
        self.questions.append(keys)
        self.asked.set()
        read, away = {key: self.truth[key] for key in keys if key in self.truth}, self.away
        await self.may_answer.wait()
        if away:
            raise Unavailable("the source")
        return read


async def test_those_who_ask_at_one_moment_share_a_question() -> None:
    source = Source()
    source.may_answer.set()
    gathering = Gathering(source.ask)
    answers = await asyncio.gather(*(gathering.one(key) for key in ["a", "b", "a", "nobody"]))
    assert answers == [1, 2, 1, None]
    assert source.questions == [{"a", "b", "nobody"}]


async def test_who_asks_while_a_question_is_under_way_is_never_told_its_answer() -> None:
    source = Source()
    gathering = Gathering(source.ask)
    early = asyncio.create_task(gathering.one("a"))
    await source.asked.wait()
    source.truth["a"] = 5
    late = asyncio.create_task(gathering.one("a"))
    await asyncio.sleep(0)
    source.may_answer.set()
    assert (await early, await late) == (1, 5)


async def test_a_question_that_fails_fails_those_who_asked_it_and_nobody_later() -> None:
    source = Source()
    source.away = True
    gathering = Gathering(source.ask)
    failing = [asyncio.create_task(gathering.one("a")) for _ in range(2)]
    await source.asked.wait()
    source.away = False
    later = asyncio.create_task(gathering.one("a"))
    source.may_answer.set()
    for each in failing:
        with pytest.raises(Unavailable):
            await each
    assert await later == 1


async def test_who_gives_up_leaves_the_others_their_answer() -> None:
    source = Source()
    gathering = Gathering(source.ask)
    leaving, staying = (asyncio.create_task(gathering.one("a")) for _ in range(2))
    await source.asked.wait()
    leaving.cancel()
    source.may_answer.set()
    assert await staying == 1
    assert leaving.cancelled()
