"""Is this entry of a register the child of the event? Never in doubt, and never by half."""

from datetime import date

import pytest

from contracts.messages import PupilKeys
from services.notify.domain.placement import Problem
from services.notify.domain.this_child import Enrolment
from tests.notify.domain.test_placement import placed, told

EVENT = PupilKeys(upn="upn", person=("person",), nhs="nhs", also=("plain", "known-as"))
NO_NUMBER = PupilKeys(person=("person",), also=("plain",))


def entry(at: str = "alder", **more: object) -> Enrolment:
    return Enrolment(organisation=at, **more)  # type: ignore[arg-type]


def test_number_and_birth_together_find_the_child() -> None:
    assert told(placed(entry(nhs="nhs"), keys=EVENT)) == {"alder"}


def test_a_name_with_other_signs_or_a_preferred_one_finds_the_child() -> None:
    assert told(placed(entry(person="else", also=("plain",)), keys=NO_NUMBER)) == {"alder"}
    assert told(placed(entry(person="else", also=("x", "known-as")), keys=EVENT)) == {"alder"}


@pytest.mark.parametrize(
    "enrolment",
    [
        entry(nhs="nhs", upn="another"),
        entry(person="person", upn="another"),
        entry(person="person", nhs="another"),
        entry(person="else", also=("plain",), upn="another"),
        entry(person="else", also=("plain",), nhs="another"),
    ],
)
def test_a_number_that_differs_makes_it_a_question_for_a_person(enrolment: Enrolment) -> None:
    assert placed(enrolment, keys=EVENT).problem is Problem.CONTRADICTION


def test_two_children_of_nearly_one_name_are_never_chosen_between() -> None:
    twins = (
        entry("alder", person="ann-marie", also=("plain",)),
        entry("birch", person="annmarie", also=("plain",)),
    )
    assert placed(*twins, keys=NO_NUMBER).problem is Problem.CONTRADICTION
    same_school = (twins[0], entry("alder", person="annmarie", also=("plain",)))
    assert placed(*same_school, keys=NO_NUMBER).problem is Problem.CONTRADICTION


def test_one_child_at_two_schools_is_told_at_both() -> None:
    at_both = (
        entry("alder", person="else", upn="u", also=("plain",)),
        entry("birch", person="other", upn="u", also=("plain",)),
    )
    assert told(placed(*at_both, keys=NO_NUMBER)) == {"alder", "birch"}
    without = (
        entry("alder", person="else", also=("plain",)),
        entry("birch", person="else", also=("plain",)),
    )
    assert told(placed(*without, keys=NO_NUMBER)) == {"alder", "birch"}


def test_the_name_as_typed_goes_before_the_name_by_its_letters() -> None:
    typed = entry("alder", person="person", also=("plain",))
    other = entry("birch", person="else", also=("plain",))
    assert told(placed(typed, other, keys=NO_NUMBER)) == {"alder"}


def test_who_has_left_under_one_spelling_is_found_under_the_other() -> None:
    left = entry("alder", person="person", also=("plain",), until=date(2026, 2, 12))
    now = entry("birch", person="else", also=("plain",), starts=date(2026, 2, 13))
    assert told(placed(left, now, keys=NO_NUMBER)) == {"birch"}
