"""What have the agencies agreed to share, and what refuses to load?"""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from contracts.agreements import FOLDER, Agreement, AgreementRefused, in_force, load, read

PINNED = {
    "operation-encompass",
    "police-to-social-care",
    "police-to-marac",
    "police-hand-over",
    "treatment-to-social-care",
    "missed-assessment",
    "early-help-by-consent",
    "education-home",
    "education-missing",
}
MINIMAL = {
    "child.name",
    "child.date_of_birth",
    "child.presence",
    "child.welfare_check",
    "incident.reference",
    "incident.occurred_at",
    "incident.force",
    "incident.desk",
    "social_care.informed",
    "instructions.contact_parents",
}
FULL = MINIMAL | {
    "child.known_as",
    "child.spoken_to",
    "child.words",
    "child.demeanour",
    "incident.location_kind",
    "incident.circumstances",
    "incident.summary",
    "history.count_12_months",
    "history.dates_12_months",
    "instructions.collection",
}
AGREEMENTS = {agreement.id: agreement for agreement in load()}


def text(name: str = "operation-encompass") -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def changed(change: dict[str, Any], name: str = "operation-encompass") -> str:
    return yaml.safe_dump({**yaml.safe_load(text(name)), **change})


def test_the_pinned_agreements_are_in_force_since_the_duty_and_without_end() -> None:
    assert {a.id for a in in_force(load(), date(2025, 11, 7))} >= PINNED
    assert {a.id for a in in_force(load(), date(2099, 1, 1))} >= PINNED
    assert not in_force(load(), date(2025, 11, 6))


def test_the_school_is_shown_exactly_the_fields_of_the_contract() -> None:
    profiles = AGREEMENTS["operation-encompass"].profiles
    assert set(profiles["minimal"]) == MINIMAL
    assert set(profiles["full"]) == FULL
    assert AGREEMENTS["operation-encompass"].audiences["education"].default_profile == "full"


def test_nobody_is_shown_answers_of_the_checklist_or_where_a_refuge_is() -> None:
    for agreement in AGREEMENTS.values():
        for paths in agreement.profiles.values():
            assert not [path for path in paths if "answers" in path or "refuge" in path]


@pytest.mark.parametrize("audience", ["education", "home-education-officer"])
def test_no_address_goes_to_education(audience: str) -> None:
    for agreement in AGREEMENTS.values():
        if audience in agreement.audiences:
            shown = agreement.profiles[agreement.audiences[audience].default_profile]
            assert not [path for path in shown if "address" in path or "postcode" in path]


def test_due_moments_are_those_of_the_contract() -> None:
    def due(agreement: str, audience: Any) -> list[tuple[Any, ...]]:
        rules = AGREEMENTS[agreement].audiences[audience].due
        return [(rule.when, rule.kind, rule.hours, rule.days, rule.starts) for rule in rules]

    assert due("operation-encompass", "education") == [(None, "school-day", 0, 0, "believed-at")]
    assert due("police-to-social-care", "childrens-social-care") == [
        ("intent-is-refer", "clock-hours", 1, 0, "believed-at"),
        ("incident-is-graded-high", "clock-hours", 1, 0, "believed-at"),
        (None, "clock-hours", 24, 0, "believed-at"),
    ]
    assert due("police-hand-over", "police") == [(None, "clock-hours", 1, 0, "believed-at")]
    assert due("police-to-marac", "marac") == [(None, "working-day", 0, 1, "believed-at")]
    ended = AGREEMENTS["treatment-to-social-care"].audiences["childrens-social-care"].due
    assert {(r.kind, r.hours, r.starts) for r in ended if r.when == "client-died"} <= {
        ("clock-hours", 1, "accepted")
    }
    assert (ended[0].kind, ended[0].hours, ended[0].starts) == ("clock-hours", 1, "accepted")
    assert due("missed-assessment", "childrens-social-care") == [
        (None, "clock-hours", 24, 0, "appointment-start")
    ]
    officers = AGREEMENTS["education-home"].audiences["home-education-officer"].due[0]
    assert (officers.kind, officers.days, officers.at) == ("working-day", 1, time(9, 0))


def test_only_two_agreements_rest_on_consent() -> None:
    assert {a.id for a in load() if a.rests_on_consent} == {
        "early-help-by-consent",
        "idva-by-consent",
    }


def test_an_area_sets_parameters_and_the_rest_keeps_its_default() -> None:
    agreement = AGREEMENTS["police-to-marac"]
    rules = {condition.rule: condition for condition in agreement.conditions}
    score, escalation = rules["dash-score-reaches"], rules["incidents-escalate"]
    assert agreement.settled(score, {}) == {"threshold": 14}
    assert agreement.settled(escalation, {}) == {"count": 3, "months": 12}
    assert agreement.settled(escalation, {"escalation_count": 5}) == {"count": 5, "months": 12}
    assert agreement.area["marac_repeat"].default == {"anchor": "referral", "months": 12}


def test_every_citation_says_whether_it_was_read() -> None:
    statuses = {c.status for a in load() for c in a.citations.values()}
    assert statuses == {"verified", "to be confirmed by the area"}


def test_every_citation_that_is_listed_is_relied_on_somewhere_or_names_a_template() -> None:
    for agreement in load():
        relied = {*agreement.basis.cites}
        relied.update(name for c in agreement.conditions for name in c.cites)
        relied.update(name for p in agreement.area.values() for name in p.cites)
        relied.update(name for names in agreement.basis.sources.values() for name in names)
        relied.update(name for r in agreement.audiences.values() for d in r.due for name in d.cites)
        relied |= {*agreement.tell_subject.cites, *agreement.retention.cites}
        unused = set(agreement.citations) - relied
        assert unused <= {"lincolnshire", "guidance-content", "inform-or-refer"}


def test_an_unknown_condition_refuses_to_load() -> None:
    known = AGREEMENTS["operation-encompass"].predicates
    assert read(text(), known=known).id == "operation-encompass"
    with pytest.raises(AgreementRefused, match="child-is-under-18"):
        read(text(), known=known - {"child-is-under-18"})


def test_the_condition_of_a_due_rule_must_be_known_too() -> None:
    known = AGREEMENTS["police-to-social-care"].predicates
    with pytest.raises(AgreementRefused, match="intent-is-refer"):
        read(text("police-to-social-care"), known=known - {"intent-is-refer"})


CITED = {"use": "x", "effect": "permit", "says": "Because."}


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": 1},
        {"id": "Not Kebab"},
        {"events": ["police.incident.recorded.v2"]},
        {"events": []},
        {"audiences": {"the-press": {}}},
        {"consent": "perhaps"},
        {"in_force": {}},
        {"citations": {}},
        {"conditions": []},
        {"conditions": [{**CITED, "effect": "require"}]},
        {"conditions": [{**CITED, "effect": "allow"}]},
        {"conditions": [{**CITED, "cites": ["hearsay"]}]},
        {"conditions": [{**CITED, "with": {"age": "area.shoe_size"}}]},
        {"conditions": [{**CITED, "audiences": ["marac"]}]},
        {"conditions": [{**CITED, "events": ["consent.given.v1"]}]},
        {"profiles": {"full": ["child.name; drop"]}},
        {"profiles": {"other": ["child.name"]}},
        {"retention": {"months": 0, "says": "Never."}},
        {"review_on": "2027-02-30"},
    ],
    ids=str,
)
def test_what_cannot_be_meant_refuses_to_load(change: dict[str, Any]) -> None:
    with pytest.raises(AgreementRefused, match="operation-encompass"):
        read(changed(change), name="operation-encompass")


def test_a_bare_local_time_that_yaml_reads_as_a_number_refuses_to_load() -> None:
    with pytest.raises(AgreementRefused, match="in quotes"):
        read(text("police-to-marac").replace('"17:00"', "17:00"))


def test_text_that_is_not_yaml_refuses_to_load() -> None:
    with pytest.raises(AgreementRefused, match="not YAML"):
        read("id: [")


def test_two_versions_in_force_on_one_day_refuse_to_load(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(text())
    (tmp_path / "two.yaml").write_text(
        changed({"version": "2", "in_force": {"since": "2026-09-01"}})
    )
    with pytest.raises(AgreementRefused, match="two versions"):
        load(folder=tmp_path)


def test_a_version_follows_where_the_former_one_ends(tmp_path: Path) -> None:
    ended = {"since": "2025-11-07", "until": "2026-08-31"}
    (tmp_path / "one.yaml").write_text(changed({"in_force": ended}))
    (tmp_path / "two.yaml").write_text(
        changed({"version": "2", "in_force": {"since": "2026-09-01"}})
    )
    versions = load(folder=tmp_path)
    assert [a.version for a in in_force(versions, date(2026, 8, 31))] == ["1"]
    assert [a.version for a in in_force(versions, date(2026, 9, 1))] == ["2"]


@pytest.mark.parametrize("name", sorted(AGREEMENTS))
def test_every_agreement_is_valid_by_its_published_schema(name: str) -> None:
    schema = json.loads((FOLDER / "agreement.schema.json").read_text(encoding="utf-8"))
    raw = json.loads(json.dumps(yaml.safe_load(text(name)), default=str))
    jsonschema_rs.Draft202012Validator(schema).validate(raw)


def test_an_agreement_round_trips_through_json() -> None:
    for agreement in AGREEMENTS.values():
        raw = agreement.model_dump_json(by_alias=True)
        assert Agreement.model_validate(json.loads(raw)).predicates == agreement.predicates
