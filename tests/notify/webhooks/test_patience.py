"""When is a webhook tried again, and when is it given up? The rule, without any parts."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.webhooks import (
    LONGEST_WAIT,
    PATIENCE,
    SHORTEST_WAIT,
    Answer,
    AttemptOutcome,
    Tried,
    after,
    delivery_of,
)
from tests.notify.front_house import NOON

FAILED = Answer(went=False, status=500)


def test_the_waits_are_those_of_the_specification() -> None:
    waits, tried = [], Tried()
    while (then := after(FAILED, tried, NOON)).again_at is not None:
        waits.append(then.again_at - NOON)
        tried = Tried(attempts=tried.attempts + 1, counted=tried.counted + 1, first_at=NOON)
    assert waits == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
    ]
    assert then.outcome is AttemptOutcome.EXHAUSTED


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (timedelta(0), SHORTEST_WAIT),
        (timedelta(seconds=-5), SHORTEST_WAIT),
        (timedelta(minutes=3), timedelta(minutes=3)),
        (timedelta(days=30), LONGEST_WAIT),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_pace_that_the_receiver_names_is_kept_within_bounds(
    status: int, asked: timedelta, waited: timedelta
) -> None:
    then = after(Answer(went=False, status=status, retry_after=asked), Tried(), NOON)
    assert then.again_at == NOON + waited
    assert not then.counted


def test_a_429_without_a_pace_costs_nothing_either() -> None:
    assert not after(Answer(went=False, status=429), Tried(), NOON).counted
    assert after(Answer(went=False, status=503), Tried(), NOON).counted


def test_a_receiver_that_only_ever_asks_for_patience_is_given_up_in_the_end() -> None:
    answer = Answer(went=False, status=429, retry_after=timedelta(hours=1))
    tried = Tried(attempts=99, first_at=NOON - PATIENCE)
    assert after(answer, tried, NOON).outcome is AttemptOutcome.EXHAUSTED


@given(status=st.integers(300, 499))
def test_only_408_425_and_429_of_the_refusals_are_tried_again(status: int) -> None:
    again = after(Answer(went=False, status=status), Tried(), NOON).again_at
    assert (again is not None) == (status in (408, 425, 429))


@given(
    status=st.one_of(st.none(), st.integers(100, 599)),
    retry_after=st.one_of(st.none(), st.timedeltas()),
    attempts=st.integers(0, 500),
    counted=st.integers(0, 20),
    ago=st.timedeltas(timedelta(0), timedelta(days=10)),
)
def test_whatever_is_answered_it_ends_and_never_goes_round_at_once(
    status: int | None,
    retry_after: timedelta | None,
    attempts: int,
    counted: int,
    ago: timedelta,
) -> None:
    answer = Answer(went=False, status=status, retry_after=retry_after)
    then = after(answer, Tried(attempts=attempts, counted=counted, first_at=NOON - ago), NOON)
    assert (then.outcome is AttemptOutcome.DEFERRED) == (then.again_at is not None)
    if then.again_at is not None:
        assert then.again_at - NOON >= SHORTEST_WAIT
        assert then.counted or ago + (then.again_at - NOON) <= PATIENCE


def test_a_delivery_keeps_its_id_and_another_occasion_has_another() -> None:
    one = UUID(int=1)
    same = {delivery_of(one, "alder", "main", "announced") for _ in range(2)}
    other = {
        delivery_of(one, "alder", "main", "again"),
        delivery_of(one, "alder", "second", "announced"),
        delivery_of(one, "birch", "main", "announced"),
    }
    assert (len(same), len(same | other)) == (1, 4)
