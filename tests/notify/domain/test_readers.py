"""Which people are nudged, and which must not know?"""

from datetime import date

import pytest

from contracts.messages import Contact, Organisation
from services.notify.domain.on_call import Moment
from services.notify.domain.readers import told
from tests.notify.back_house import contact

TODAY = date(2026, 2, 13)
DSL = contact("dsl", "designated-safeguarding-lead")
DEPUTY = contact("deputy", "deputy")
HEAD = contact("head", "head")
CHAIR = contact("chair", "chair-of-governors")
DESK = contact("desk", "education-safeguarding")
EHE = contact("ehe", "home-education-officer")
CME = contact("cme", "children-missing-education-officer")
LADO = contact("lado", "lado")
AUTHORITY = Organisation(id="north-la", kind="local-authority", contacts=(EHE, CME, DESK, LADO))


def at_school(*contacts: Contact) -> Organisation:
    return Organisation(id="alder", kind="school", contacts=contacts)


def ask(
    organisation: Organisation, *barred: Contact, audience: str = "education"
) -> tuple[tuple[str, ...], str | None]:
    names = {one.id for one in barred}
    return told(organisation, AUTHORITY, audience, lambda one: one.id in names, Moment(day=TODAY))


@pytest.mark.parametrize(
    ("barred", "expected"),
    [
        ((), (("dsl", "deputy"), None)),
        ((DSL,), (("deputy",), None)),
        ((DSL, DEPUTY), (("head",), None)),
        ((DSL, DEPUTY, HEAD), (("chair",), None)),
        ((DSL, DEPUTY, HEAD, CHAIR), (("desk",), "north-la")),
        ((DSL, DEPUTY, HEAD, CHAIR, DESK), ((), None)),
    ],
)
def test_from_the_key_adults_outwards_and_never_anybody_barred(
    barred: tuple[Contact, ...], expected: tuple[tuple[str, ...], str | None]
) -> None:
    assert ask(at_school(DSL, DEPUTY, HEAD, CHAIR), *barred) == expected


def test_a_contact_that_has_left_or_has_no_address_is_passed_over() -> None:
    left = DSL.model_copy(update={"until": date(2026, 2, 12)})
    unreachable = DEPUTY.model_copy(update={"email": None})
    assert ask(at_school(left, unreachable, HEAD)) == (("head",), None)


@pytest.mark.parametrize(
    ("audience", "expected"),
    [("home-education-officer", ("ehe",)), ("children-missing-education", ("cme",))],
)
def test_an_officer_is_told_in_person_and_without_one_the_authoritys_desk(
    audience: str, expected: tuple[str, ...]
) -> None:
    assert ask(AUTHORITY, audience=audience) == (expected, None)
    without = AUTHORITY.model_copy(update={"contacts": (DESK, LADO)})
    assert ask(without, audience=audience) == (("desk",), None)


def test_every_contact_of_another_organisation_is_told() -> None:
    team = Organisation(
        id="csc",
        kind="childrens-social-care",
        contacts=(contact("a", "worker"), contact("b", "desk")),
    )
    assert ask(team, audience="childrens-social-care") == (("a", "b"), None)
