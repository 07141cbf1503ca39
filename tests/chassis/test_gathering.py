"""Is whoever asks told what is true after they asked, however many share the question?"""

import asyncio
from collections.abc import Mapping, Sequence, Set

import pytest

from services.chassis.errors import Unavailable
from services.chassis.gathering import Gathering


class Fault(Exception):
    pass


class Asked:
    """Doubles numbers; 13 is what it cannot answer, and 0 it does not know."""

    def __init__(self) -> None:
        self.queries: list[list[int]] = []
        self.away = False

    async def __call__(self, keys: Sequence[int]) -> Mapping[int, int]:
        self.queries.append(list(keys))
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("away")
        if 13 in keys:
            raise Fault
        return {key: 2 * key for key in keys if key}


class Source:
    """Answers slowly: it reads when a question begins and tells when it is let."""

    def __init__(self) -> None:
        self.truth = {"a": 1, "b": 2}
        self.questions: list[Set[str]] = []
        self.away = False
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def ask(self, keys: Sequence[str]) -> Mapping[str, int]:
        self.questions.append(set(keys))
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
    answers = await asyncio.gather(*(gathering(key) for key in ["a", "b", "a", "nobody"]))
    assert answers == [1, 2, 1, None]
    assert source.questions == [{"a", "b", "nobody"}]


async def test_who_asks_while_a_question_is_under_way_is_never_told_its_answer() -> None:
    source = Source()
    gathering = Gathering(source.ask)
    early = asyncio.create_task(gathering("a"))
    await source.asked.wait()
    source.truth["a"] = 5
    late = asyncio.create_task(gathering("a"))
    await asyncio.sleep(0)
    source.may_answer.set()
    assert (await early, await late) == (1, 5)


async def test_a_question_that_fails_fails_those_who_asked_it_and_nobody_later() -> None:
    source = Source()
    source.away = True
    gathering = Gathering(source.ask)
    failing = [asyncio.create_task(gathering("a")) for _ in range(2)]
    await source.asked.wait()
    source.away = False
    later = asyncio.create_task(gathering("a"))
    source.may_answer.set()
    for each in failing:
        with pytest.raises(Unavailable):
            await each
    assert await later == 1


async def test_who_gives_up_leaves_the_others_their_answer() -> None:
    source = Source()
    gathering = Gathering(source.ask)
    leaving, staying = (asyncio.create_task(gathering("a")) for _ in range(2))
    await source.asked.wait()
    leaving.cancel()
    source.may_answer.set()
    assert await staying == 1
    assert leaving.cancelled()


async def test_who_asks_at_the_same_time_is_answered_by_one_query() -> None:
    asked = Asked()
    gathering = Gathering(asked)
    assert await asyncio.gather(*map(gathering, (1, 2, 2, 0))) == [2, 4, 4, None]
    assert asked.queries == [[1, 2, 0]]
    assert await gathering(3) == 6
    assert len(asked.queries) == 2  # an answer is never kept: the rows may be others by now


async def test_a_question_that_cannot_be_answered_fails_alone() -> None:
    gathering = Gathering(Asked())
    one, wrong, other = await asyncio.gather(*map(gathering, (1, 13, 2)), return_exceptions=True)
    assert (one, type(wrong), other) == (2, Fault, 4)


async def test_when_the_database_is_away_everybody_hears_it_at_once() -> None:
    asked = Asked()
    asked.away = True
    heard = await asyncio.gather(*map(Gathering(asked), (1, 2)), return_exceptions=True)
    assert [type(one) for one in heard] == [Unavailable, Unavailable]
    assert len(asked.queries) == 1
