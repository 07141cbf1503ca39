"""Which organisations are told?"""

from datetime import date
from typing import Any

import pytest

from contracts.messages import Organisation, PupilKeys, Routing
from services.notify.domain.placement import (
    Book,
    Placement,
    Problem,
    Target,
    place,
    still_on_roll,
)
from services.notify.domain.this_child import Enrolment

TODAY = date(2026, 2, 13)


def school(id_: str, urn: str, **more: Any) -> Organisation:
    values: dict[str, Any] = {"kind": "school", "local_authority": "E06000999", **more}
    return Organisation(id=id_, urn=urn, **values)


SCHOOLS = (
    school("alder", "900001"),
    school("birch", "900002"),
    school("cedar", "900003", kind="college"),
    school("acorn", "900009", kind="nursery"),
    school("elm", "900005", closed_on=date(2025, 8, 31), successor="birch"),
    school("fir", "900006", closed_on=date(2025, 8, 31)),
    school("gorse", "900007", open_from=date(2026, 9, 1)),
    school("hazel", "900008", closed_on=date(2024, 8, 31), successor="elm"),
)


def on_roll(at: str, upn: str | None = "upn", **more: Any) -> Enrolment:
    return Enrolment(organisation=at, upn=upn, **more)


def placed(
    *enrolments: Enrolment,
    urns: tuple[str, ...] = (),
    registers: tuple[str, ...] = (),
    keys: PupilKeys | None = None,
    excluded: tuple[str, ...] = (),
    **routing: Any,
) -> Placement:
    book = Book(
        organisations={one.id: one for one in SCHOOLS},
        by_urn={str(one.urn): one.id for one in SCHOOLS},
        enrolments=enrolments,
        with_register=frozenset({one.organisation for one in enrolments} | set(registers)),
    )
    pupil = keys or PupilKeys(urns=urns, upn="upn", person=("person",))
    wanted = Routing(pupil=pupil, **routing)
    return place("education", wanted, book, TODAY, frozenset(excluded))


def told(found: Placement) -> set[str]:
    return {target.organisation for target in found.targets}


def test_officer_and_register_agree() -> None:
    assert told(placed(on_roll("alder"), urns=("900001",))) == {"alder"}


def test_the_register_alone_is_enough() -> None:
    found = placed(on_roll("alder"))
    assert found.targets == (Target(organisation="alder", by_register=True),)


def test_a_urn_alone_is_enough_where_that_school_has_uploaded_no_register() -> None:
    assert told(placed(urns=("900001",))) == {"alder"}


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (placed(urns=("900001",), registers=("alder",)), Problem.CONTRADICTION),
        (placed(on_roll("birch"), urns=("900001",)), Problem.CONTRADICTION),
        (placed(on_roll("birch"), urns=("900001",), registers=("alder",)), Problem.CONTRADICTION),
        (placed(on_roll("alder"), urns=("900001", "900002"), registers=("birch",)),
         Problem.CONTRADICTION),
        (placed(), Problem.NOBODY),
        (placed(urns=("999999",)), Problem.UNKNOWN_URN),
        (placed(on_roll("alder"), urns=("999999",)), Problem.UNKNOWN_URN),
        (placed(urns=("900006",)), Problem.CLOSED),
        (placed(on_roll("fir")), Problem.CLOSED),
        (placed(urns=("900007",)), Problem.CLOSED),
        (placed(urns=("900009",)), Problem.NOT_A_SCHOOL),
        (placed(on_roll("acorn")), Problem.NOBODY),
        (placed(on_roll("alder", until=date(2026, 2, 12))), Problem.NOBODY),
    ],
)  # fmt: skip
def test_anything_less_is_a_question_for_a_person_and_nobody_is_told(
    found: Placement, problem: Problem
) -> None:
    assert (found.targets, found.problem) == ((), problem)


def test_two_different_upns_are_two_children_though_name_birth_and_postcode_agree() -> None:
    namesake = Enrolment(organisation="alder", upn="another", person="person")
    assert placed(namesake).problem is Problem.CONTRADICTION


def test_name_birth_and_postcode_are_enough_where_one_side_has_no_upn() -> None:
    assert told(placed(Enrolment(organisation="alder", person="person"))) == {"alder"}


@pytest.mark.parametrize("person", [None, "somebody else"])
def test_less_than_name_birth_and_postcode_is_nobody(person: str | None) -> None:
    enrolment = Enrolment(organisation="alder", person=person)
    assert placed(enrolment, registers=("alder",)).problem is Problem.NOBODY


def test_every_establishment_where_the_child_is_on_roll_is_told() -> None:
    assert told(placed(on_roll("alder"), on_roll("cedar"), urns=("900001",))) == {"alder", "cedar"}


@pytest.mark.parametrize(
    ("starts", "until", "is_told"),
    [
        (date(2026, 2, 13), None, True),
        (None, date(2026, 2, 13), True),  # the last day on roll is on roll
        (date(2022, 9, 1), date(2026, 2, 12), False),
    ],
)
def test_the_roll_is_that_of_the_day(
    starts: date | None, until: date | None, is_told: bool
) -> None:
    found = placed(on_roll("alder", starts=starts, until=until), on_roll("birch"))
    assert ("alder" in told(found)) is is_told


def test_before_the_first_day_at_a_new_school_that_school_is_told_but_not_before_that_day() -> None:
    found = placed(
        on_roll("alder", until=date(2026, 2, 10)), on_roll("birch", starts=date(2026, 2, 23))
    )
    assert found.targets == (Target(organisation="birch", not_before=date(2026, 2, 23)),)


@pytest.mark.parametrize("urn", ["900005", "900008"])
def test_the_one_open_successor_takes_the_place_of_a_closed_school(urn: str) -> None:
    assert told(placed(urns=(urn,))) == {"birch"}
    assert told(placed(on_roll("elm"), urns=("900002",))) == {"birch"}


def test_who_said_that_the_child_is_not_theirs_is_not_asked_again() -> None:
    assert placed(on_roll("alder"), excluded=("alder",)).problem is Problem.NOBODY
    both = placed(on_roll("alder"), on_roll("birch"), urns=("900001",), excluded=("alder",))
    assert told(both) == {"birch"}


def test_the_successor_of_a_school_that_was_told_in_vain_is_asked() -> None:
    """Found, closed before the telling: it is left out from then on, its successor is not."""
    assert told(placed(urns=("900005",), excluded=("elm",))) == {"birch"}
    assert told(placed(on_roll("elm"), excluded=("elm",))) == {"birch"}
    assert placed(urns=("900006",), excluded=("fir",)).problem is Problem.NOBODY


def test_who_must_never_be_told_and_who_has_not_signed_are_left_out_by_name() -> None:
    pair = (on_roll("alder"), on_roll("birch"))
    never = placed(*pair, never_tell=("alder",))
    assert (told(never), never.left_out) == ({"birch"}, ("alder",))
    unsigned = placed(on_roll("alder"), signatories=("birch",))
    assert (unsigned.problem, unsigned.left_out) == (Problem.NOT_SIGNATORY, ("alder",))
    assert placed(on_roll("alder"), never_tell=("alder",)).problem is Problem.NEVER_TELL


@pytest.mark.parametrize(
    ("enrolments", "registers", "by_register", "still"),
    [
        ((on_roll("alder"),), ("alder",), True, True),
        ((on_roll("alder", until=date(2026, 2, 12)),), ("alder",), True, False),
        ((on_roll("birch"),), ("alder", "birch"), True, False),
        ((), (), False, True),
        ((), ("alder",), False, False),  # it has uploaded a register since, without this child
    ],
)
def test_on_the_day_of_telling_the_roll_is_looked_at_again(
    enrolments: tuple[Enrolment, ...], registers: tuple[str, ...], by_register: bool, still: bool
) -> None:
    book = Book(
        organisations={one.id: one for one in SCHOOLS},
        by_urn={},
        enrolments=enrolments,
        with_register=frozenset(registers),
    )
    target = Target(organisation="alder", by_register=by_register)
    assert still_on_roll(target, PupilKeys(upn="upn"), book, TODAY) is still


def test_a_school_that_has_closed_since_it_was_named_is_not_told() -> None:
    book = Book(organisations={one.id: one for one in SCHOOLS}, by_urn={})
    for closed in ("elm", "fir"):
        target = Target(organisation=closed, by_register=False)
        assert not still_on_roll(target, PupilKeys(), book, TODAY)


# ---- other audiences: by kind and place ------------------------------------------------------

CSC = "childrens-social-care"
OTHERS = (
    Organisation(id="north-csc", kind=CSC, local_authority="E1", police_area="P1"),
    Organisation(id="south-csc", kind=CSC, local_authority="E2", police_area="P1"),
    Organisation(id="east-police", kind="police", police_area="P2"),
    Organisation(id="north-police", kind="police", police_area="P1", local_authority="E1"),
    Organisation(id="area-marac", kind="marac", police_area="P1"),
    Organisation(id="north-la", kind="local-authority", local_authority="E1"),
    Organisation(id="gp-1", kind="general-practice", local_authority="E1"),
    Organisation(id="gp-2", kind="general-practice", local_authority="E1"),
)  # fmt: skip


def by_place(audience: str, **routing: Any) -> Placement:
    book = Book(organisations={one.id: one for one in OTHERS}, by_urn={})
    return place(audience, Routing(**routing), book, TODAY)


@pytest.mark.parametrize(
    ("audience", "routing", "expected"),
    [
        ("childrens-social-care", {"local_authority": "E1", "police_area": "P1"}, "north-csc"),
        ("police", {"local_authority": "E1", "police_area": "P2"}, "east-police"),
        ("marac", {"local_authority": "E1", "police_area": "P1"}, "area-marac"),
        ("home-education-officer", {"local_authority": "E1"}, "north-la"),
        ("children-missing-education", {"local_authority": "E1"}, "north-la"),
        ("childrens-social-care", {"local_authority": "E1", "organisation": "south-csc"},
         "south-csc"),
    ],
)  # fmt: skip
def test_others_are_found_by_what_they_are_and_where_the_person_lives(
    audience: str, routing: dict[str, str], expected: str
) -> None:
    assert told(by_place(audience, **routing)) == {expected}


def test_another_authoritys_social_care_in_the_same_force_area_is_not_told() -> None:
    found = by_place("childrens-social-care", local_authority="E3", police_area="P1")
    assert found.problem is Problem.NOBODY


def test_of_two_practices_in_one_place_none_is_told_by_guessing() -> None:
    assert by_place("general-practice", local_authority="E1").problem is Problem.SEVERAL
