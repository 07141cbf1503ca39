"""How does a provider's payload become an event, and what cannot be mapped?"""

import json
from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from contracts import mapping
from contracts.envelope import parse
from contracts.events.treatment import AppointmentMissed, EpisodeEnded
from contracts.mapping import CannotMap, MappingRefused

BROOK = mapping.load()["brook-case"]
TEXT = (mapping.FOLDER / "brook-case.yaml").read_text(encoding="utf-8")


def payload(kind: str) -> Any:
    path = mapping.FOLDER / "examples" / f"brook-case.{kind}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def mapped(raw: Any) -> Any:
    return mapping.apply(BROOK, raw, source="/agencies/brook")


def test_an_ended_episode_becomes_an_event_of_the_contract() -> None:
    event = parse(mapped(payload("episode-discharged")))
    content = event.content
    assert isinstance(content, EpisodeEnded)
    assert (event.id, event.agency, content.reason, content.reason_code) == (
        "brook-000117",
        "brook",
        "dropped-out",
        "86",
    )
    assert content.client.identifiers.local == "40017"
    assert [(c.ref, c.relationships[0].kind) for c in content.children] == [("child1", "child")]
    assert content.client_told is not None
    assert not content.client_told.told


def test_a_missed_appointment_becomes_an_event_of_the_contract() -> None:
    content = parse(mapped(payload("appointment-missed"))).content
    assert isinstance(content, AppointmentMissed)
    assert content.appointment.kind == "assessment"
    assert content.appointment.referred_by == "north-csc"
    assert content.outcome == "did-not-attend"
    assert content.contact_attempts == 2


def test_the_same_payload_is_the_same_event() -> None:
    assert mapped(payload("episode-discharged")) == mapped(payload("episode-discharged"))


def test_what_is_optional_and_not_there_is_left_out() -> None:
    raw = payload("episode-discharged")
    for name in ("dob", "gender", "nhsNumber", "postcode", "councilGss"):
        raw["client"][name] = None
    del raw["dependants"]
    data = mapped(raw)["data"]
    assert "date_of_birth" not in data["client"]
    assert data["client"]["addresses"] == []
    assert data["children"] == []


def without(raw: Any, *path: str) -> Any:
    raw = deepcopy(raw)
    here = raw
    for part in path[:-1]:
        here = here[int(part) if isinstance(here, list) else part]
    del here[path[-1]]
    return raw


@pytest.mark.parametrize(
    "path",
    [
        ("deliveryId",),
        ("emittedAt",),
        ("client", "surname"),
        ("episode", "dischargeReason"),
        ("clientInformed", "informed"),
        ("dependants", "0", "forename"),
    ],
)
def test_what_is_needed_and_not_there_is_named_by_its_place(path: tuple[str, ...]) -> None:
    with pytest.raises(CannotMap) as caught:
        mapped(without(payload("episode-discharged"), *path))
    assert caught.value.pointer == "/" + "/".join(path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("episode", "dischargeReason"), "zq7xk"),
        (("client", "dob"), "31/02/1990"),
        (("client", "dob"), "1990-03-14"),
        (("client", "caseNumber"), {"zq7xk": 1}),
        (("client", "caseNumber"), True),
        (("dependants",), "zq7xk"),
        (("kind",), "zq7xk"),
    ],
    ids=str,
)
def test_what_the_mapping_does_not_say_is_not_guessed(path: tuple[str, ...], value: Any) -> None:
    raw = payload("episode-discharged")
    here = raw
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value
    with pytest.raises(CannotMap) as caught:
        mapped(raw)
    assert caught.value.pointer == "/" + "/".join(path)
    assert "zq7xk" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    )
)
def test_no_payload_whatever_breaks_the_mapping(raw: Any) -> None:
    with pytest.raises(CannotMap):
        mapped(raw)


def test_a_mapping_is_found_by_its_file_name_with_or_without_suffix() -> None:
    assert mapping.load()["brook-case.yaml"] == mapping.load()["brook-case"]


def test_every_mapping_is_valid_by_its_published_schema() -> None:
    schema = json.loads((mapping.FOLDER / "mapping.schema.json").read_text(encoding="utf-8"))
    jsonschema_rs.Draft202012Validator(schema).validate(yaml.safe_load(TEXT))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("treatment.episode.ended.v1", "treatment.episode.ended.v9"),
        ("codes: discharge-reasons", "codes: no-such-table"),
        ("from: /deliveryId", "from: deliveryId"),
        ("as: uk-date", "as: us-date"),
        ("numbered: child", "numbered: 7"),
        ("cases:", "cases: ["),
    ],
)
def test_a_mapping_that_cannot_be_meant_refuses_to_load(before: str, after: str) -> None:
    assert before in TEXT
    with pytest.raises(MappingRefused):
        mapping.read(TEXT.replace(before, after))
