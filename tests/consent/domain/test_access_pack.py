"""Does every field of the contract have its flags, and is nothing given that nobody ruled on?"""

import json
import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from contracts.catalogue import EVENT_TYPES
from contracts.people import Person
from services.consent.domain.access_flags import (
    ABUSE,
    EXEMPTIONS,
    FIELDS,
    HARM,
    OWN,
    THIRD,
    UNKNOWN,
    flags_of,
)
from services.consent.domain.access_pack import (
    Field,
    Ruling,
    as_json,
    given,
    of_event,
    of_record,
    open_fields,
    readable,
    ruling_on,
)
from tests.consent.story import ENDED, child, ended, event, incident

RECORD = {"event", "decision", "told", "statement"}


def fields_in(kind: Any, path: str) -> Iterator[str]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        for one in typing.get_args(kind):
            if one is not types.NoneType:
                yield from fields_in(one, path)
    elif typing.get_origin(kind) in (typing.Annotated, tuple, list):
        yield from fields_in(typing.get_args(kind)[0], path)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        start = "person" if kind is Person else path
        for name, inner in kind.model_fields.items():
            yield from fields_in(inner.annotation, f"{start}.{name}")
    else:
        yield path


def test_every_field_of_the_contract_has_a_line_and_no_line_is_without_its_field() -> None:
    contract = {
        field
        for kind, model in EVENT_TYPES.items()
        for field in fields_in(model, kind.split(".")[0])
    }
    lines = {field for field in FIELDS if field.split(".")[0] not in RECORD}
    assert contract - lines == set()
    assert lines - contract == set()


def test_what_has_no_line_is_looked_at() -> None:
    assert flags_of("police.something_new", own=True, for_a_child=False) == UNKNOWN


def test_a_request_for_a_child_by_a_parent_is_flagged_throughout() -> None:
    for field in FIELDS:
        assert flags_of(field, own=True, for_a_child=True) >= ABUSE | HARM


def test_only_the_article_that_nobody_has_read_is_left_to_the_area() -> None:
    open_ones = {name for name, one in EXEMPTIONS.items() if one["status"] != "verified"}
    assert open_ones == {"child-abuse-data"}


def flagged(told: Any, *mine: str, **more: Any) -> dict[str, frozenset[str]]:
    found = of_event("cases/c/events/1", told, frozenset(mine), **more)
    return {one.path.removeprefix("cases/c/events/1/"): frozenset(one.flags) for one in found}


def test_the_own_name_is_own_and_everybody_elses_is_a_third_partys() -> None:
    told = flagged(event(incident()), "h")
    assert told["data/people/0/given_name"] == OWN
    assert told["data/people/1/given_name"] == THIRD
    assert told["data/people/2/addresses/0/postcode"] == THIRD
    assert told["data/children/0/spoken_to/words"] >= THIRD | ABUSE | HARM
    assert told["data/reference"] == OWN
    assert told["data/circumstances/kinds"] == ABUSE


def test_an_episode_is_the_clients_and_a_third_partys_to_the_child() -> None:
    told = event(ended(child("k")), ENDED, "haven", "e-1")
    assert THIRD & flagged(told, "p")["data/reason"] == OWN
    assert flagged(told, "k")["data/reason"] >= THIRD
    assert flagged(told, "k")["data/children/0/given_name"] == OWN


def test_an_event_of_which_the_data_are_gone_still_has_its_kind() -> None:
    assert set(flagged({"type": "police.incident.recorded.v1"})) == {"source", "type", "time"}


AT = "cases/c/events/1"
FIELDS_HELD = [
    Field(f"{AT}/source", "/agencies/north-police", OWN),
    Field(f"{AT}/data/people/0/given_name", "Ann", OWN),
    Field(f"{AT}/data/people/1/given_name", "Bob", THIRD),
    Field(f"{AT}/data/circumstances/kinds", ["verbal", None], ABUSE),
    Field("cases/c/decisions/d-1/basis", {"gateway": "s.49A", "article_9": None}, HARM),
]
PATHS = frozenset(one.path for one in FIELDS_HELD)


def ruled(*rulings: tuple[str, str]) -> dict[str, Ruling]:
    return {
        path: Ruling(path, typing.cast(Any, decision), None, "ig-1") for path, decision in rulings
    }


def test_the_nearest_ruling_counts() -> None:
    rulings = ruled((AT, "redact"), (f"{AT}/data/circumstances", "release"))
    near = ruling_on(f"{AT}/data/circumstances/kinds", rulings)
    assert near is not None
    assert near.decision == "release"
    assert ruling_on("cases/c/decisions/d-1/basis", rulings) is None
    assert [one.path for one in open_fields(FIELDS_HELD, rulings)] == [FIELDS_HELD[-1].path]


def test_only_what_is_own_or_ruled_to_be_released_is_given() -> None:
    rulings = ruled((AT, "redact"), (f"{AT}/data/circumstances", "release"))
    kept = [one.value for one in given(FIELDS_HELD, rulings, PATHS)]
    assert kept == ["/agencies/north-police", "Ann", ["verbal", None]]


def test_what_came_after_the_release_is_not_given() -> None:
    later = Field("cases/d/events/1/source", "/agencies/haven", OWN)
    assert later not in given([*FIELDS_HELD, later], {}, PATHS)


def test_the_pack_shows_no_gap_where_something_was_left_out() -> None:
    rulings = ruled(("cases/c", "release"), (f"{AT}/data/people/1", "redact"))
    kept = given(FIELDS_HELD, rulings, PATHS)
    [case] = json.loads(as_json(kept))["cases"]
    assert case["entries"][0]["fields"][1] == {"field": "people given name", "value": "Ann"}
    text = readable(kept)
    assert "Bob" not in text
    assert "people given name: Ann" in text
    assert "circumstances kinds: verbal, " in text
    assert "basis: gateway: s.49A" in text
    assert "What an agency reported" in text


def test_a_record_of_another_is_a_third_partys() -> None:
    record = {"says": "..."}
    [own] = of_record("x", "statement", record, own=True, for_a_child=False)
    [others] = of_record("x", "statement", record, own=False, for_a_child=False)
    assert (own.flags, others.flags) == (OWN, THIRD)
