"""Who reads why something was corrected?"""

from dataclasses import replace

import pytest

from services.consent.domain.correcting import reason_shown
from services.consent.domain.deciding import decide
from services.consent.domain.facts import Facts, Policy
from tests.consent.story import (
    AGREEMENTS,
    AREA,
    NORTH,
    PEPPER,
    answer,
    harmed,
    incident,
    matter,
)

CORRECTED = "police.incident.corrected.v1"
REFUGE = {"kind": "refuge", "postcode": "ZZ99 9RF", "local_authority": NORTH}


def reason(text: str, audience: str = "education", *, profile: str = "full") -> str | None:
    told = incident(harmed=harmed(addresses=[REFUGE]), correction={"reason": text})
    what = matter(told, CORRECTED)
    policy = Policy(agreement="operation-encompass", local_authority=NORTH, profile=profile)
    area = replace(AREA, policies=(policy,))
    decided = decide(what, Facts(), area, AGREEMENTS, PEPPER)
    return reason_shown(what, answer(decided, audience))


def test_a_school_that_is_shown_the_summary_reads_a_plain_reason() -> None:
    assert reason("The child was at a friend's") == "The child was at a friend's"


@pytest.mark.parametrize(
    "text",
    [
        "Both had been drinking",
        "They live at 9 Elm Row, ZZ99 3CZ",
        "It was Bob who called",
        "Ann has changed her account",
    ],
)
def test_a_school_reads_no_reason_that_says_more_than_it_may_read(text: str) -> None:
    assert reason(text) is None
    assert reason(text, "childrens-social-care") == text


def test_who_is_not_shown_the_summary_reads_no_free_text_at_all() -> None:
    assert reason("The child was at a friend's", profile="minimal") is None


def test_nobody_reads_where_a_refuge_is() -> None:
    assert "ZZ99" not in str(reason("She is at ZZ99 9RF now", "childrens-social-care"))


def test_what_is_no_correction_or_is_told_to_nobody_has_no_reason() -> None:
    first = matter(incident())
    told = answer(decide(first, Facts(), AREA, AGREEMENTS, PEPPER))
    assert reason_shown(first, told) is None
    again = matter(incident(correction={"reason": "A name"}), CORRECTED)
    withheld = replace(answer(decide(again, Facts(), AREA, AGREEMENTS, PEPPER)), terms=None)
    assert reason_shown(again, withheld) is None
