"""Is there a word for every field that any agreement may show, and for every code inside one?"""

import re
from pathlib import Path
from typing import get_args

import pytest

from contracts import people
from contracts.agreements import Agreement, load
from contracts.events import marac, police, treatment
from contracts.field_paths import FIELDS
from contracts.scalars import Audience
from services.front import labels, values, vocabulary
from services.notify.domain.notification import NotOurs, Reaction, Status, Why
from services.notify.domain.placement import Problem
from services.notify.domain.task import TaskKind

AGREEMENTS = load()
CONTENT = Path(__file__).resolve().parents[2] / "services" / "consent" / "domain"


def available() -> set[str]:
    """Every path that the content of a disclosure is made of, as the consent service writes it."""
    made = "".join(
        (CONTENT / f"{name}_content.py").read_text()
        for name in ("child", "history", "incident", "party", "referral", "treatment")
    )
    return set(re.findall(r'"([a-z_]+\.[a-z0-9_]+)"', made)) | {"people", "others", "children"}


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda one: f"{one.id}-{one.version}")
def test_every_field_of_every_profile_has_a_label(agreement: Agreement) -> None:
    named = {path for profile in agreement.profiles.values() for path in profile}
    whole = {path for path in named if not path.endswith(".*")}
    for glob in named - whole:
        whole |= {path for path in available() if path.startswith(glob[:-1])}
    assert sorted(whole - set(labels.LABELS)) == []


def test_every_field_that_could_be_said_at_all_has_a_label() -> None:
    assert len(available()) > 40
    assert sorted(available() - set(labels.LABELS)) == []


def test_what_could_be_said_is_what_the_contract_lists() -> None:
    without_source = {"instructions.collection"}  # nothing in an event fills it yet
    assert set(FIELDS) == available() | without_source


def test_every_name_inside_a_person_or_an_address_has_a_label() -> None:
    told = (CONTENT / "telling.py").read_text()
    assert sorted(set(re.findall(r'"([a-z_]+)": ', told)) - {"ref"} - set(labels.PARTS)) == []


@pytest.mark.parametrize(
    "codes",
    [
        police.Category,
        police.Grading,
        police.ReasonNotSpokenTo,
        police.CircumstanceKind,
        people.AddressKind,
        people.EducationStatus,
        marac.ReferralReason,
    ],
)
def test_every_code_has_words(codes: object) -> None:
    assert [one for one in get_args(codes) if one not in values.CODES] == []


def test_the_codes_of_treatment_have_words() -> None:
    fields = (
        (treatment.EpisodeEnded, "reason"),
        (treatment.AppointmentMissed, "outcome"),
        (treatment.Appointment, "kind"),
    )
    codes = {
        code for shape, name in fields for code in get_args(shape.model_fields[name].annotation)
    }
    assert sorted(codes - set(values.CODES)) == []
    assert len(codes) > 10


def test_the_words_of_the_services_have_words_of_ours() -> None:
    assert set(get_args(Audience)) == set(vocabulary.AUDIENCES) == set(vocabulary.SHORT)
    assert {one.value for one in Status} == set(vocabulary.STATES)
    assert {one.value for one in Reaction} == set(vocabulary.REACTIONS)
    assert {one.value for one in NotOurs} == set(vocabulary.NOT_OURS)
    assert {one.value for one in Why} <= set(vocabulary.ENDED)
    assert {one.value for one in Problem} == set(vocabulary.UNPLACED)
    assert {one.value for one in TaskKind} == set(vocabulary.TASKS)


def test_what_nobody_has_a_word_for_is_shown_all_the_same() -> None:
    assert labels.label("incident.new_field") == "Incident: new field"
    assert labels.section_of("incident.new_field") == labels.HAPPENED
    assert labels.in_order({"zebra.x", "incident.reference", "child.presence"})[-1] == "zebra.x"
    assert vocabulary.word({})("never-heard-of") == "Never heard of"
    shown = values.shown("x.y", {"new_part": ["a", {"b": True}]}, {})
    assert shown.blocks == ((("New part", "a; Yes"),),)
