"""How is one disclosed value said?"""

from typing import Any

import pytest

from services.front.values import ELSEWHERE, shown, with_workplaces, workplaces

HOME = {"incident.location_kind": "home"}


@pytest.mark.parametrize(
    ("path", "value", "content", "lines"),
    [
        ("child.presence", "present", HOME, ("Was in the home",)),
        (
            "child.presence",
            "present",
            {"incident.location": {"kind": "home"}},
            ("Was in the home",),
        ),
        ("child.presence", "present", {"incident.location_kind": "public"}, ("Was there",)),
        ("child.presence", "elsewhere-in-home", {}, ("Was elsewhere in the home",)),
        ("child.presence", "elsewhere-in-home", HOME, ("Was elsewhere in the home",)),
        ("child.presence", "not-present", HOME, ("Was not in the home",)),
        ("child.presence", "not-present", {}, ("Was not there",)),
        ("child.presence", "unknown", HOME, ("Not known",)),
        ("child.presence", None, HOME, ("Not known",)),
        ("child.spoken_to", {"outcome": "spoken-to", "alone": True}, {}, ("Yes, alone",)),
        (
            "child.spoken_to",
            {"outcome": "spoken-to", "alone": False},
            {},
            ("Yes, with another adult in the room",),
        ),
        ("child.spoken_to", {"outcome": "spoken-to"}, {}, ("Yes",)),
        (
            "child.spoken_to",
            {"outcome": "not-spoken-to", "reason_not": "asleep"},
            {},
            ("No: asleep",),
        ),
        ("child.spoken_to", {"outcome": "not-spoken-to", "reason_not": "other"}, {}, ("No",)),
        ("child.spoken_to", None, {}, ("Not known",)),
        ("child.words", "I hid.", {}, ("“I hid.”",)),
        ("child.words", None, {}, ("Nothing recorded",)),
        ("child.welfare_check", False, {}, ("No",)),
        ("child.welfare_check", None, {}, ("Not known",)),
        ("social_care.informed", False, {}, ("Not by the officer", ELSEWHERE)),
        ("instructions.contact_parents", "Ring the desk first.", {}, ("Ring the desk first.",)),
        (
            "instructions.contact_parents",
            None,
            {},
            ("Do not contact a parent or carer because of this notification.",),
        ),
        ("history.dates_12_months", None, {"history.count_12_months": 0}, ("None",)),
        ("history.dates_12_months", ["2026-10-29"], {}, ("29 October 2026",)),
        ("incident.desk", [{"phone": "01632 960101"}], {}, ("01632 960101",)),
        ("incident.desk", None, {}, ("Not known",)),
        (
            "incident.occurred_at",
            "2026-11-01T22:20:00+00:00",
            {},
            ("Sunday 1 November 2026 at 10:20pm",),
        ),
        (
            "incident.circumstances",
            ["verbal", "damage"],
            {},
            ("Verbal abuse", "Damage to property"),
        ),
        ("dash.score", 0, {}, ("0",)),
        ("dash.professional_judgement", False, {}, ("No",)),
        ("incident.summary", None, {}, ("Not known",)),
    ],
)
def test_a_value_is_said_in_words(
    path: str, value: Any, content: dict[str, Any], lines: tuple[str, ...]
) -> None:
    assert shown(path, value, content).lines == lines


def test_the_officer_who_may_contact_the_person_harmed_is_told_so_only_where_the_area_allows() -> (
    None
):
    (allowed,) = shown("instructions.contact_parents", True, {}).lines
    (refused,) = shown("instructions.contact_parents", False, {}).lines
    assert allowed.startswith("You may contact the person harmed")
    assert refused.startswith("Do not")


def test_people_are_related_by_name_and_not_by_the_senders_reference() -> None:
    people = [
        {"ref": "h", "name": "Hana Test"},
        {"ref": "c1", "name": "Cat Test", "relationships": [{"to": "h", "kind": "step-child"}]},
    ]
    blocks = shown("people", people, {"people": people}).blocks
    assert blocks[0] == (("Name", "Hana Test"),)
    assert blocks[1][1] == ("Related", "step child of Hana Test")


def test_how_people_are_related_is_said_in_words() -> None:
    kinds = ["parental-responsibility", "unrelated", "unknown", "ex-partner"]
    person = {"name": "Bob Test", "relationships": [{"to": "c1", "kind": one} for one in kinds]}
    people = [{"ref": "c1", "name": "Cat Test"}, person]
    block = shown("people", people, {"people": people}).blocks[1]
    assert block[1][1] == (
        "has parental responsibility for Cat Test; not related to Cat Test; "
        "it is not known how related to Cat Test; ex partner of Cat Test"
    )


def test_where_somebody_works_is_called_by_its_name() -> None:
    works = [
        {"organisation": "alder", "name": "Alder Primary"},
        {"organisation": "elm", "name": "the school on the hill", "urn": "900002"},
        {"urn": "900003"},
    ]
    content = {"people": [{"name": "Bob Test", "works_or_volunteers_at": works}]}
    assert workplaces(content) == {"alder", "elm"}
    said = with_workplaces(content, {"alder": "Alder Primary", "elm": "Elm Academy"})
    block = shown("people", said["people"], said).blocks[0]
    assert block[1] == (
        "Works or volunteers at",
        "Alder Primary; Elm Academy, the school on the hill, 900002; 900003",
    )
    assert "alder" not in str(said)


def test_an_address_is_written_on_one_line() -> None:
    address = {"kind": "home", "lines": ["1 Hill", "Northtown"], "postcode": "ZZ99 3CZ"}
    (block,) = shown("child.addresses", [address], {}).blocks
    assert block == (("Kind", "Home"), ("Address", "1 Hill, Northtown"), ("Postcode", "ZZ99 3CZ"))
