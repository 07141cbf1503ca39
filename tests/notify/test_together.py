"""Does every row get its turn, and only its own fault?"""

import asyncio

import pytest

from services.chassis.errors import Unavailable
from services.notify.together import AT_ONCE, each, in_lanes


class Fault(Exception):
    pass


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
