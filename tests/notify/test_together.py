"""Do many who ask at once get one query, their own answers and only their own faults?"""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from services.chassis.errors import Unavailable
from services.notify.together import AT_ONCE, Together, each, in_lanes


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


async def test_who_asks_at_the_same_time_is_answered_by_one_query() -> None:
    asked = Asked()
    together = Together(asked)
    assert await asyncio.gather(*map(together, (1, 2, 2, 0))) == [2, 4, 4, None]
    assert asked.queries == [[1, 2, 0]]
    assert await together(3) == 6
    assert len(asked.queries) == 2  # an answer is never kept: the rows may be others by now


async def test_a_question_that_cannot_be_answered_fails_alone() -> None:
    together = Together(Asked())
    one, wrong, other = await asyncio.gather(*map(together, (1, 13, 2)), return_exceptions=True)
    assert (one, type(wrong), other) == (2, Fault, 4)


async def test_when_the_database_is_away_everybody_hears_it_at_once() -> None:
    asked = Asked()
    asked.away = True
    heard = await asyncio.gather(*map(Together(asked), (1, 2)), return_exceptions=True)
    assert [type(one) for one in heard] == [Unavailable, Unavailable]
    assert len(asked.queries) == 1


async def test_who_gives_up_takes_no_answer_from_the_others() -> None:
    together = Together(Asked())
    leaving, staying = asyncio.create_task(together(1)), asyncio.create_task(together(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 4


async def test_every_row_gets_its_turn_whatever_happens_to_one() -> None:
    turns: list[int] = []

    async def do(row: int) -> int:
        await asyncio.sleep(0)
        turns.append(row)
        if row == 1:
            raise Fault
        return 1

    with pytest.raises(Fault):
        await each(range(2 * AT_ONCE), do)
    assert sorted(turns) == list(range(2 * AT_ONCE))


async def test_nothing_is_lost_from_the_count_of_what_runs_side_by_side() -> None:
    async def do(row: int) -> int:
        await asyncio.sleep(0)
        return row

    assert await each([1, 2, 3], do) == 6
    assert await each([], do) == 0


async def test_no_more_is_begun_when_something_is_away() -> None:
    begun: list[int] = []

    async def do(row: int) -> int:
        begun.append(row)
        raise Unavailable("away")

    with pytest.raises(Unavailable):
        await each(range(10), do, at_once=2)
    assert begun == [0]


async def test_the_rows_of_one_lane_keep_their_order_and_lanes_run_side_by_side() -> None:
    steps: list[str] = []

    async def do(row: str) -> int:
        steps.append(f"{row} begins")
        await asyncio.sleep(0)
        steps.append(f"{row} ends")
        return 1

    assert await in_lanes(["a1", "b1", "a2"], lambda row: row[0], do) == 3
    assert steps.index("a1 ends") < steps.index("a2 begins")
    assert steps.index("b1 begins") < steps.index("a1 ends")
