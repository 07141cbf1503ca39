"""Who says it, and is it the same as before? Attributes, modes and the digest."""

import json
from typing import Any

import pytest
from cloudevents.core.bindings import http as peer
from cloudevents.core.v1.event import CloudEvent as PeerEvent
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import (
    BATCH,
    STRUCTURED,
    CloudEvent,
    NotACloudEvent,
    digest,
    from_http,
    parse,
    parse_batch,
)
from contracts.problems import InvalidEvent
from contracts.strict_json import MalformedJson
from tests.contracts.samples import example, examples

INCIDENT = "police.incident.recorded.v1"


def refused(event: Any) -> list[str]:
    with pytest.raises(InvalidEvent) as caught:
        parse(event)
    return sorted(problem["pointer"] for problem in caught.value.errors)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("specversion", 1.0),
        ("id", ""),
        ("id", 7),
        ("source", "/agencies/"),
        ("source", "/agencies/a/b"),
        ("source", "https://police.example/agencies/a"),
        ("source", "/agencies/../a"),
        ("type", "police.incident.recorded.v2"),
        ("time", "2026-02-13T22:40:00"),
        ("datacontenttype", "application/xml"),
        ("subject", ""),
        ("data", []),
        ("data", "{}"),
        ("data", None),
    ],
)
def test_an_attribute_that_is_not_of_the_contract_is_refused(attribute: str, value: Any) -> None:
    assert refused({**example(INCIDENT), attribute: value}) == [f"/{attribute}"]


@pytest.mark.parametrize("attribute", ["specversion", "id", "source", "type", "time", "data"])
def test_an_attribute_that_is_missing_is_asked_for(attribute: str) -> None:
    event = example(INCIDENT)
    del event[attribute]
    assert refused(event) == [f"/{attribute}"]


@pytest.mark.parametrize("attribute", ["dataschema", "traceparent", "data_base64", "extension"])
def test_an_unknown_attribute_is_refused(attribute: str) -> None:
    assert refused({**example(INCIDENT), attribute: "x"}) == [f"/{attribute}"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    event = example(INCIDENT)
    event["specversion"] = "2"
    event["data"]["grading"] = "enormous"
    assert refused(event) == ["/data/grading", "/specversion"]


def test_the_agency_is_the_last_part_of_the_source() -> None:
    assert parse(example(INCIDENT)).agency == "north-police"


def test_the_data_stays_as_it_was_sent() -> None:
    event = example(INCIDENT)
    assert parse(event).data == event["data"]


def test_time_and_extensions_do_not_count_for_the_digest() -> None:
    event = example(INCIDENT)
    first = digest(parse(event))
    event.update(time="2026-02-15T00:00:00Z", correlation="case-9", id="another")
    assert digest(parse(event)) == first


@pytest.mark.parametrize("change", ["type", "subject", "data"])
def test_type_subject_and_data_count_for_the_digest(change: str) -> None:
    event = example(INCIDENT)
    first = digest(parse(event))
    if change == "type":
        event["type"] = "police.incident.corrected.v1"
        event["data"]["correction"] = {"reason": "Graded again"}
    elif change == "subject":
        event["subject"] = "opaque-1"
    else:
        event["data"]["grading"] = "high"
    assert digest(parse(event)) != first


def test_spelling_of_json_does_not_count_for_the_digest() -> None:
    event = example(INCIDENT)
    event["data"]["dash"]["score"] = 9
    spelled = json.dumps(event, indent=3, sort_keys=True).replace('"score": 9', '"score":  9')
    headers = [("content-type", STRUCTURED)]
    assert digest(parse(from_http(headers, spelled.encode()))) == digest(parse(event))


def test_a_bad_item_does_not_spoil_the_batch() -> None:
    good, bad = example(INCIDENT), {**example(INCIDENT), "source": "elsewhere"}
    body = json.dumps([good, bad, 7]).encode()
    items = from_http([("Content-Type", BATCH + "; charset=UTF-8")], body)
    answers = parse_batch(items if isinstance(items, list) else [])
    assert [type(answer) for answer in answers] == [CloudEvent, InvalidEvent, InvalidEvent]


@pytest.mark.parametrize("event_type", examples())
def test_the_three_modes_say_the_same_as_another_library_writes(event_type: str) -> None:
    event = example(event_type)
    attributes = {name: value for name, value in event.items() if name != "data"}
    attributes["time"] = parse(event).time
    theirs = PeerEvent(attributes, event["data"])
    structured = peer.to_structured_event(theirs)
    binary = peer.to_binary_event(theirs)
    for message in (structured, binary):
        ours = from_http(list(message.headers.items()), bytes(message.body))
        assert parse(ours).content == parse(event).content
        assert digest(parse(ours)) == digest(parse(event))


@pytest.mark.parametrize("event_type", examples())
def test_another_library_reads_what_we_call_an_event(event_type: str) -> None:
    event = example(event_type)
    body = json.dumps(event).encode()
    message = peer.HTTPMessage(headers={"content-type": STRUCTURED}, body=body)
    theirs = peer.from_structured_event(message)
    assert (theirs.get_id(), theirs.get_source(), theirs.get_type()) == (
        event["id"],
        event["source"],
        event["type"],
    )
    assert theirs.get_data() == event["data"]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_text_survives_the_headers_of_binary_mode(subject: str) -> None:
    event = PeerEvent(
        {"id": "1", "source": "/agencies/a", "type": "t", "subject": subject}, {"x": 1}
    )
    message = peer.to_binary_event(event)
    headers = [(n, v) for n, v in message.headers.items() if n.lower() != "content-type"]
    read = from_http([*headers, ("content-type", "application/json")], b'{"x": 1}')
    assert isinstance(read, dict)
    assert read["subject"] == subject


def binary(*extra: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Content-Type", "application/json"), ("ce-specversion", "1.0"), *extra]


def test_a_quoted_header_is_read_without_its_quotes() -> None:
    read = from_http(binary(("ce-subject", '"a \\"b\\" %C3%A9"')), b"{}")
    assert isinstance(read, dict)
    assert read["subject"] == 'a "b" é'


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("content-type", "application/json")],
        [("content-type", "text/plain"), ("ce-specversion", "1.0")],
        [("content-type", STRUCTURED + "; charset=utf-16")],
        binary(("ce-id", "1"), ("CE-ID", "2")),
        binary(("ce-id", "%FF")),
    ],
    ids=str,
)
def test_what_is_no_cloudevent_is_not_read(headers: list[tuple[str, str]]) -> None:
    with pytest.raises(NotACloudEvent):
        from_http(headers, b"{}")


@pytest.mark.parametrize(("media_type", "body"), [(STRUCTURED, b"[]"), (BATCH, b"{}")])
def test_a_batch_is_a_list_and_an_event_an_object(media_type: str, body: bytes) -> None:
    with pytest.raises(MalformedJson):
        from_http([("content-type", media_type)], body)
