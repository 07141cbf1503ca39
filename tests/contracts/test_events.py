"""What is an event of this contract, and what is refused at the door with which pointer?"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.catalogue import EVENT_TYPES
from contracts.envelope import CloudEvent, parse, parse_batch
from contracts.events.police import IncidentRecorded
from contracts.people import Person
from contracts.problems import InvalidEvent, pointer
from tests.contracts.samples import example, examples

INCIDENT = "police.incident.recorded.v1"
EPISODE = "treatment.episode.ended.v1"


def refused(event: Any) -> list[str]:
    with pytest.raises(InvalidEvent) as caught:
        parse(event)
    return [problem["pointer"] for problem in caught.value.errors]


def incident(change: Callable[[Any], None]) -> Any:
    event = example(INCIDENT)
    change(event["data"])
    return event


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_event_type_has_an_example_that_round_trips(event_type: str) -> None:
    event = parse(example(event_type))
    again = type(event.content).model_validate_json(event.content.model_dump_json())
    assert again == event.content


def test_the_catalogue_is_the_list_of_the_contract() -> None:
    assert set(EVENT_TYPES) == set(examples())
    assert len(EVENT_TYPES) == 15


def test_empty_lists_and_objects_may_be_left_out() -> None:
    event = example(INCIDENT)
    for person in event["data"]["people"]:
        for name in ("identifiers", "addresses", "works_or_volunteers_at", "education"):
            person.pop(name, None)
        person.pop("relationships", None)
    for name in ("circumstances", "children", "location", "dash"):
        event["data"].pop(name)
    content = parse(event).content
    assert isinstance(content, IncidentRecorded)
    assert content.circumstances.kinds == ()
    assert content.children == ()


def test_a_null_is_the_same_as_a_field_left_out() -> None:
    event = incident(lambda data: data.update(handling=None, occurred_until=None))
    assert isinstance(parse(event).content, IncidentRecorded)


@pytest.mark.parametrize(
    "name",
    [
        "reference",
        "occurred_at",
        "believed_at",
        "category",
        "grading",
        "intent",
        "parties",
        "people",
        "childrens_services_informed",
    ],
)
def test_what_an_incident_needs_is_asked_for_by_its_pointer(name: str) -> None:
    assert refused(incident(lambda data: data.pop(name))) == [f"/data/{name}"]


@pytest.mark.parametrize(
    "told",
    [
        "2026-02-13T22:40:00",
        "2026-02-13",
        "2026-02-30T22:40:00Z",
        "2026-02-13T25:00:00Z",
        "1771022400",
        1771022400,
        True,
        "13 Feb 2026 22:40 UTC",
        "2026-02-13 22:40:00+00:00",
        "2026-02-13T22:40:00+0000",
    ],
)
def test_a_time_without_its_offset_or_outside_the_calendar_is_refused(told: Any) -> None:
    assert refused(incident(lambda data: data.update(believed_at=told))) == ["/data/believed_at"]


@pytest.mark.parametrize(
    "told", ["2026-02-13T22:40:00Z", "2026-02-13t22:40:00.250z", "2026-02-13T23:40:00+01:00"]
)
def test_times_of_rfc_3339_are_read_with_their_offset(told: str) -> None:
    content = parse(incident(lambda data: data.update(occurred_at=told))).content
    assert isinstance(content, IncidentRecorded)
    assert content.occurred_at.astimezone(UTC).replace(microsecond=0) == datetime(
        2026, 2, 13, 22, 40, tzinfo=UTC
    )


@pytest.mark.parametrize("told", ["2018-02-30", "01/05/2018", "2018-5-1", 20180501, "2018-05-01Z"])
def test_an_impossible_or_unclear_date_of_birth_is_refused(told: Any) -> None:
    event = incident(lambda data: data["people"][2].update(date_of_birth=told))
    assert refused(event) == ["/data/people/2/date_of_birth"]


def test_nobody_is_born_after_the_event() -> None:
    event = incident(lambda data: data["people"][2].update(date_of_birth="2026-02-14"))
    assert refused(event) == ["/data/people/2/date_of_birth"]
    born = incident(lambda data: data["people"][2].update(date_of_birth="2026-02-13"))
    assert parse(born).id


def test_references_to_nobody_are_refused_each_with_its_pointer() -> None:
    def change(data: Any) -> None:
        data["parties"] = {"harmed": "nobody", "other": ["other", "nowhere"]}
        data["children"].append({"ref": "missing", "presence": "present"})
        data["people"][2]["relationships"].append({"to": "gone", "kind": "child"})

    assert refused(incident(change)) == [
        "/data/parties/harmed",
        "/data/parties/other/1",
        "/data/children/1/ref",
        "/data/people/2/relationships/2/to",
    ]


def test_one_ref_names_one_person() -> None:
    event = incident(lambda data: data["people"].append(dict(data["people"][0])))
    assert refused(event) == ["/data/people/3/ref"]


def test_a_child_is_listed_once_and_a_party_stands_on_one_side() -> None:
    def change(data: Any) -> None:
        data["children"].append(dict(data["children"][0]))
        data["parties"]["other"].append("harmed")

    assert refused(incident(change)) == ["/data/parties/other/1", "/data/children/1/ref"]


def test_what_ends_before_it_begins_is_refused() -> None:
    def change(data: Any) -> None:
        data["occurred_until"] = "2026-02-13T22:39:59+00:00"

    assert refused(incident(change)) == ["/data/occurred_until"]

    def moved(data: Any) -> None:
        data["people"][0]["addresses"][0]["until"] = "2019-01-01"

    assert refused(incident(moved)) == ["/data/people/0/addresses/0/until"]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("upn", "A123"),
        ("upn", "I999400018001"),
        ("nhs_number", "12345"),
        ("nhs_number", "999000001A"),
    ],
)
def test_a_malformed_identifier_is_refused(field: str, told: str) -> None:
    event = incident(lambda data: data["people"][2].update(identifiers={field: told}))
    assert refused(event) == [f"/data/people/2/identifiers/{field}"]


@pytest.mark.parametrize(
    "upn", ["B801200005001", "A80120000501A", "P207000016049", "W999400018001", "G99940001800A"]
)
def test_well_formed_pupil_numbers_are_accepted(upn: str) -> None:
    event = incident(lambda data: data["people"][2].update(identifiers={"upn": upn}))
    assert parse(event).id


@pytest.mark.parametrize("code", ["E06000999", "E23000099", "W15000001"])
def test_codes_of_places_are_gss_codes(code: str) -> None:
    event = incident(lambda data: data["location"].update(local_authority=code, police_area=code))
    assert parse(event).id


@pytest.mark.parametrize("code", ["999", "E0600099", "S12000033", "e06000999", ""])
def test_other_codes_of_places_are_refused(code: str) -> None:
    event = incident(lambda data: data["location"].update(local_authority=code))
    assert refused(event) == ["/data/location/local_authority"]


@pytest.mark.parametrize("told", ["true", 1, "yes", 0])
def test_a_flag_is_true_or_false_and_nothing_like_it(told: Any) -> None:
    event = incident(lambda data: data.update(childrens_services_informed=told))
    assert refused(event) == ["/data/childrens_services_informed"]


@pytest.mark.parametrize("told", ["14", 14.5, True, -1])
def test_a_score_is_a_whole_number(told: Any) -> None:
    event = incident(lambda data: data["dash"].update(score=told))
    assert refused(event) == ["/data/dash/score"]


@pytest.mark.parametrize("name", ["Zoë", "O'Test", "Ng", "李", "Test-Test", "van der Test", "X Æ"])
def test_no_name_is_refused_for_its_letters(name: str) -> None:
    assert parse(incident(lambda data: data["people"][0].update(given_name=name))).id


def test_control_characters_are_refused() -> None:
    event = incident(lambda data: data["circumstances"].update(summary="a\x00b"))
    assert refused(event) == ["/data/circumstances/summary"]
    lines = incident(lambda data: data["circumstances"].update(summary="one\n\ttwo"))
    assert parse(lines).id


def test_that_a_client_was_not_told_is_said_unless_the_client_died() -> None:
    event = example(EPISODE)
    del event["data"]["client_told"]
    assert refused(event) == ["/data/client_told"]
    event["data"]["reason"] = "died"
    assert parse(event).id


def test_a_withdrawal_needs_no_more_than_the_person_and_the_time() -> None:
    event = example("consent.withdrawn.v1")
    event["data"] = {name: event["data"][name] for name in ("person", "withdrawn_at")}
    assert parse(event).id


def test_age_counts_from_birthday_to_birthday() -> None:
    child = Person(ref="c", given_name="Cat", family_name="Test", date_of_birth=date(2008, 2, 29))
    assert child.age_on(date(2026, 2, 28)) == 17
    assert child.age_on(date(2026, 3, 1)) == 18


def objects(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every object inside a JSON value."""
    if isinstance(value, dict):
        yield path
        for name, item in value.items():
            yield from objects(item, (*path, name))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from objects(item, (*path, n))


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


EVERYWHERE = [
    (event_type, path) for event_type, event in examples().items() for path in objects(event)
]


@pytest.mark.parametrize(("event_type", "path"), EVERYWHERE, ids=str)
def test_an_unknown_field_anywhere_is_refused_by_its_pointer(
    event_type: str, path: tuple[str | int, ...]
) -> None:
    event = example(event_type)
    at(event, path)["not_of/this~contract"] = 1
    assert pointer(path) + "/not_of~1this~0contract" in refused(event)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from leaves(item, (*path, n))
    else:
        yield path


LEAVES = [(event_type, path) for event_type, event in examples().items() for path in leaves(event)]
MARK = "zq7xk"
anything = st.one_of(
    st.just(MARK),
    st.just({MARK: MARK}),
    st.just([MARK]),
    st.just([{"ref": MARK}]),
    st.just(True),
    st.just(f"2026-02-{MARK}"),
    st.just(f"2026-02-30T00:00:00Z{MARK}"),
    st.just(f"\x00{MARK}"),
    st.just(MARK * 3000),
)


@settings(max_examples=400)
@given(place=st.sampled_from(LEAVES), value=anything)
def test_what_is_wrong_is_named_by_place_and_never_by_value(
    place: tuple[str, tuple[str | int, ...]], value: Any
) -> None:
    event_type, path = place
    event = example(event_type)
    at(event, path[:-1])[path[-1]] = value
    answer = parse_batch([event])[0]
    errors = answer.errors if isinstance(answer, InvalidEvent) else []
    assert MARK not in json.dumps([problem["detail"] for problem in errors])
    assert MARK not in str(answer) or isinstance(answer, CloudEvent)
    assert all(problem["pointer"].startswith("/") for problem in errors)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)


@settings(max_examples=200)
@given(event_type=st.sampled_from(sorted(EVENT_TYPES)), data=json_values)
def test_no_json_whatever_breaks_the_door(event_type: str, data: Any) -> None:
    event = {**example(event_type), "data": data}
    with pytest.raises(InvalidEvent):
        parse(event)
