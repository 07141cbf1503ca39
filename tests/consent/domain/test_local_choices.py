"""Who has opened it? An agreement that is a local choice says nothing where nobody has."""

import pytest

from contracts.agreements import Agreement
from services.consent.domain.facts import Area, Policy
from tests.consent.domain.test_weighing import PLAIN, agreement
from tests.consent.story import EAST, FORCE_X, NORTH, ORGANISATIONS, incident, outcome, verdict


def choice() -> Agreement:
    told = {"default": False, "says": "Opened by the area.", "cites": []}
    return agreement([("permit", "true")], opened_by="open", area={"open": told})


def area(*policies: Policy) -> Area:
    return Area(organisations=ORGANISATIONS, policies=policies)


def opened(
    value: bool = True, *, local_authority: str | None = None, police_area: str | None = None
) -> Policy:
    return Policy(
        agreement="made-up",
        local_authority=local_authority,
        police_area=police_area,
        settings={"open": value},
    )


@pytest.mark.parametrize(
    "policies",
    [
        (),
        (opened(local_authority=EAST),),
        (opened(False, local_authority=NORTH),),
        (opened(police_area=FORCE_X), opened(False, local_authority=NORTH)),
        (Policy(agreement="another", local_authority=NORTH, settings={"open": True}),),
    ],
    ids=["nobody", "another area", "closed", "the authority closes it again", "another agreement"],
)
def test_what_the_area_has_not_opened_says_nothing_at_all(policies: tuple[Policy, ...]) -> None:
    decided = verdict(incident(), agreements=[choice()], conditions=PLAIN, area=area(*policies))

    assert decided.decisions == ()
    assert decided.obligations == ()


@pytest.mark.parametrize(
    "policy",
    [opened(local_authority=NORTH), opened(police_area=FORCE_X)],
    ids=["the authority", "the force"],
)
def test_what_the_area_has_opened_is_decided(policy: Policy) -> None:
    decided = verdict(incident(), agreements=[choice()], conditions=PLAIN, area=area(policy))

    assert outcome(decided) == "disclosed"
