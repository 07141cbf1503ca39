"""What may happen to an endpoint? The rule, without any parts."""

from datetime import timedelta
from functools import reduce
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.chassis.sealing import Sealed
from services.notify.streams.endpoints import (
    OLD_KEYS,
    EnableEndpoint,
    Endpoint,
    EndpointFailing,
    EndpointRecovered,
    EndpointRemoved,
    EndpointSaved,
    KeyIssued,
    NoEndpoint,
    NoteAttempt,
    RemoveEndpoint,
    ResendAsked,
    RotateKey,
    SaveEndpoint,
    Signing,
    TrialAsked,
    decide,
    evolve,
)
from tests.notify.front_house import NOON

NAMED: dict[str, Any] = {"endpoint": "main", "organisation": "alder"}
URL = Sealed("endpoint", "https://school.example/hook")


def key(number: int = 0, grace: timedelta = timedelta(hours=24)) -> KeyIssued:
    at = NOON + timedelta(hours=number)
    return KeyIssued(
        signing=Signing.V1,
        secret=Sealed("endpoint", f"whsec_{number}"),
        grace_until=at + grace,
        issued_at=at,
        **NAMED,
    )


SAVED = EndpointSaved(url=URL, enabled=True, saved_at=NOON, **NAMED)
SAVE = SaveEndpoint(url=URL, enabled=True, first_key=key(), at=NOON, **NAMED)
FAILED = NoteAttempt(went=False, at=NOON, **NAMED)
WENT = NoteAttempt(went=True, at=NOON, **NAMED)
FAILING = EndpointFailing(since=NOON, **NAMED)


def given(*events: Any) -> Endpoint:
    return reduce(evolve, events, Endpoint())


def test_saving_the_first_time_issues_a_key() -> None:
    assert decide(SAVE, given()) == (SAVED, key())


def test_saving_the_same_again_says_nothing() -> None:
    assert decide(SAVE, given(SAVED, key())) == ()


def test_the_clock_of_failure_starts_once_and_ends_with_success() -> None:
    assert decide(FAILED, given(SAVED, key())) == (FAILING,)
    assert decide(FAILED, given(SAVED, key(), FAILING)) == ()
    assert decide(WENT, given(SAVED, key(), FAILING)) == (
        EndpointRecovered(recovered_at=NOON, **NAMED),
    )
    assert decide(WENT, given(SAVED, key())) == ()


def test_failing_switches_nothing_off() -> None:
    assert given(SAVED, key(), FAILING).enabled


def test_enabling_clears_the_record() -> None:
    off = EndpointSaved(url=URL, enabled=False, saved_at=NOON, **NAMED)
    events = decide(EnableEndpoint(at=NOON, **NAMED), given(off, key(), FAILING))
    state = reduce(evolve, events, given(off, key(), FAILING))
    assert (state.enabled, state.failing_since) == (True, None)


ON_WHAT_IS: list[Any] = [
    RotateKey(key=key()),
    EnableEndpoint(at=NOON, **NAMED),
    TrialAsked(test=uuid4(), asked_at=NOON, **NAMED),
    ResendAsked(resend=uuid4(), since=NOON, asked_by="alder", asked_at=NOON, **NAMED),
]


@pytest.mark.parametrize("command", ON_WHAT_IS, ids=lambda command: type(command).__name__)
def test_what_is_not_there_cannot_be_used(command: Any) -> None:
    removed = EndpointRemoved(removed_at=NOON, **NAMED)
    for state in (given(), given(SAVED, key(), removed)):
        with pytest.raises(NoEndpoint):
            decide(command, state)


def test_removing_what_is_not_there_and_noting_of_it_says_nothing() -> None:
    assert decide(RemoveEndpoint(at=NOON, **NAMED), given()) == ()
    assert decide(FAILED, given()) == ()


@for_all(
    graces=st.lists(st.integers(0, 200), min_size=1, max_size=8),
    after=st.integers(0, 400),
)
def test_the_newest_key_always_signs_and_old_ones_are_few_and_end(
    graces: list[int], after: int
) -> None:
    issued = [key(number, timedelta(hours=grace)) for number, grace in enumerate(graces)]
    state = given(SAVED, *issued)
    now = NOON + timedelta(hours=len(graces) - 1 + after)
    signing = state.signing_keys(now)
    assert signing[0].secret == issued[-1].secret
    assert len(signing) <= 1 + OLD_KEYS
    if after >= max(graces):
        assert len(signing) == 1
