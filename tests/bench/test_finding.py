"""Is nobody sent to a wrong school in a small county? The harness of the large one."""

from datetime import date
from pathlib import Path

from bench.children import children
from bench.finding import measure


async def test_no_child_is_sent_to_a_wrong_school(tmp_path: Path) -> None:
    figures = await measure(tmp_path, 2_000, 300, tell=lambda line: None)
    assert figures.wrong == 0
    placed = figures.looks - figures.on_no_roll
    assert placed == figures.right + figures.partly + figures.reviewed
    assert figures.right > 0.8 * placed
    assert figures.among_five > 0.6 * figures.reviewed


def test_the_same_seed_draws_the_same_children() -> None:
    one, other = (list(children(500, 10, 7)) for _ in range(2))
    assert one == other
    assert {len(child.schools) for child in one} == {0, 1, 2}
    assert all(child.born < date(2022, 3, 1) for child in one)
