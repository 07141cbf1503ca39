"""May services be upgraded in any order? Messages between them only grow."""

import inspect
from typing import Any

import pytest
from pydantic import ValidationError

from contracts import messages
from contracts.generate import INTERNAL
from contracts.messages import Body

BODIES = [
    model
    for _, model in inspect.getmembers(messages, inspect.isclass)
    if issubclass(model, Body) and model is not Body
]


@pytest.mark.parametrize("model", BODIES, ids=lambda model: model.__name__)
def test_a_reader_ignores_what_it_does_not_know_and_keeps_what_it_was_given(model: Any) -> None:
    assert model.model_config["extra"] == "ignore"
    assert model.model_config["frozen"]


def test_a_newer_sender_is_read_by_an_older_reader() -> None:
    state = {"version": 3, "organisation": {"id": "a", "kind": "school", "later": 1}, "later": 2}
    read = messages.OrganisationState.model_validate(state)
    assert (read.version, read.organisation.kind) == (3, "school")


def test_what_was_needed_from_the_first_day_stays_needed() -> None:
    with pytest.raises(ValidationError):
        messages.EventAccepted.model_validate({"agency": "a"})


def test_every_message_with_a_routing_key_is_described_to_the_outside() -> None:
    keys = {
        value
        for name, value in vars(messages).items()
        if name.isupper() and isinstance(value, str) and "." in value
    }
    described = {key for kinds in INTERNAL.values() for key in kinds}
    assert keys == described
