"""What is decided of a reference that its sender has taken back?"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.messages import Outcome
from services.consent.domain.deciding import decide
from services.consent.domain.decision import Verdict
from services.consent.domain.facts import Facts
from tests.consent.story import AGREEMENTS, AREA, NOW, PEPPER, incident, matter, other

HOUR = timedelta(hours=1)


def decided(sent: timedelta | None, retracted: timedelta | None, **more: Any) -> Verdict:
    what = replace(matter(incident(**more)), sent_at=None if sent is None else NOW + sent)
    facts = Facts(retracted_at=None if retracted is None else NOW + retracted)
    return decide(what, facts, AREA, AGREEMENTS, PEPPER)


def test_what_was_sent_before_the_retraction_is_told_to_nobody_and_asks_nothing() -> None:
    verdict = decided(-HOUR, HOUR, other=other(works_or_volunteers_at=[{"urn": "900001"}]))

    assert {one.outcome for one in verdict.decisions} == {Outcome.WITHHELD}
    assert all(one.terms is None for one in verdict.decisions)
    assert "retracted-before-it-came" in {r.rule for d in verdict.decisions for r in d.because}
    assert verdict.obligations == ()
    assert verdict.note == "It was taken back before it came: nobody is told."


@pytest.mark.parametrize("sent", [HOUR, timedelta(), None])
def test_what_was_sent_after_it_or_nobody_knows_when_is_held_with_its_terms(
    sent: timedelta | None,
) -> None:
    verdict = decided(sent, timedelta())
    before = decided(sent, None)

    told = {(d.about, d.audience) for d in before.decisions if d.outcome is Outcome.DISCLOSED}
    held = {(d.about, d.audience): d for d in verdict.decisions if d.outcome is Outcome.HELD}
    assert told
    assert told <= set(held)
    assert all(held[who].because[0].rule == "reference-was-retracted" for who in told)
    assert all(one.terms is not None for one in held.values())
    reviews = {(o.about, o.audience) for o in verdict.obligations if o.kind == "review-hold"}
    assert reviews == set(held)
    assert "a person must say" in verdict.note


def test_what_nobody_would_be_told_keeps_its_own_reasons() -> None:
    withheld = {
        (d.about, d.audience): d.because
        for d in decided(HOUR, None).decisions
        if d.outcome is Outcome.WITHHELD
    }
    after = {(d.about, d.audience): d.because for d in decided(HOUR, timedelta()).decisions}

    assert withheld
    assert all(after[who] == because for who, because in withheld.items())
