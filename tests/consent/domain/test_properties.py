"""Do the laws of deciding hold for any event, facts, area and agreements? (ADR 0008, ADR 0034)

Each is tried with the real agreements and with made-up ones of the real conditions.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, find, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.agreements import Agreement
from contracts.messages import ClockKind, ClockRule, Organisation
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.domain.decision import Verdict
from services.consent.domain.facts import Status
from services.consent.domain.question import Condition, Finding, Question, Unknown
from tests.consent.occasions import (
    EVENTS,
    PATHS,
    Occasion,
    agreements,
    occasions,
    outcomes,
    several,
    told_of,
)
from tests.consent.story import AGREEMENTS, NOW, RECORDED, Json

INCIDENTS = (RECORDED, "police.incident.corrected.v1")
SOME = settings(max_examples=30)
MIXED = several(0, 2).map(lambda made: [*AGREEMENTS, *made])


def always(applies: bool) -> Condition:
    finding = Finding(applies=applies, says="As the test says.")
    return Condition(version="1", cites="a test", test=lambda _: finding)


def broken(_: Question) -> Finding:
    raise ZeroDivisionError


def in_doubt(_: Question) -> Finding:
    raise Unknown("Nobody can tell.")


def with_(agreement: Agreement, effect: str) -> Agreement:
    """One condition more, named `extra`."""
    extra = agreement.conditions[0].model_copy(
        update={
            "use": "extra",
            "rule": "extra",
            "effect": effect,
            "parameters": {},
            "audiences": (),
            "events": (),
        }
    )
    return agreement.model_copy(update={"conditions": (*agreement.conditions, extra)})


def _extra(condition: Condition) -> Mapping[str, Condition]:
    return {**CONDITIONS, "extra": condition}


@SOME
@for_all(occasions(), several())
def test_forbidding_wins_over_whatever_else_an_agreement_says(
    occasion: Occasion, made: list[Agreement]
) -> None:
    for effect, truth in (("forbid", True), ("require", False), ("covers", False)):
        forbidden = [with_(one, effect) for one in (*AGREEMENTS, *made)]
        verdict = occasion.decided(forbidden, conditions=_extra(always(truth)))

        assert set(outcomes(verdict).values()) <= {"withheld"}
        assert all(one.terms is None for one in verdict.decisions)
        said = [{reason.rule for reason in one.because} for one in verdict.decisions]
        assert all("extra" in rules for rules in said)


@SOME
@for_all(occasions(), several())
def test_silence_withholds(occasion: Occasion, made: list[Agreement]) -> None:
    """Where nothing permits, nothing is disclosed nor even held, whatever else is true."""
    mute = {
        name: replace(always(False)) if name in _permitting((*AGREEMENTS, *made)) else one
        for name, one in CONDITIONS.items()
    }
    verdict = occasion.decided([*AGREEMENTS, *made], conditions=mute)

    assert set(outcomes(verdict).values()) <= {"withheld"}
    assert all(one.because for one in verdict.decisions)


def _permitting(agreements: Sequence[Agreement]) -> set[str]:
    return {c.use for one in agreements for c in one.conditions if c.effect == "permit"}


@SOME
@for_all(occasions(), agreements(), st.sampled_from(["covers", "require", "forbid", "hold"]))
def test_a_fault_in_any_condition_holds_what_would_be_disclosed(
    occasion: Occasion, made: Agreement, effect: str
) -> None:
    for agreement in (made, *AGREEMENTS):
        for test in (broken, in_doubt):
            condition = Condition(version="1", cites="a test", test=test)
            before = outcomes(occasion.decided([agreement]))
            after = outcomes(
                occasion.decided([with_(agreement, effect)], conditions=_extra(condition))
            )

            assert before.keys() == after.keys()
            for asked, outcome in after.items():
                assert outcome == ("held" if before[asked] == "disclosed" else before[asked])


@SOME
@for_all(occasions(), st.data())
def test_a_fault_in_a_condition_of_a_real_agreement_discloses_nothing_of_it(
    occasion: Occasion, data: st.DataObject
) -> None:
    agreement = data.draw(
        st.sampled_from([one for one in AGREEMENTS if occasion.type in one.events])
    )
    named = data.draw(st.sampled_from([c for c in agreement.conditions if c.effect != "note"]))
    faulty = {**CONDITIONS, named.use: replace(CONDITIONS[named.use], test=broken)}
    before, after = (occasion.decided([agreement], **more) for more in ({}, {"conditions": faulty}))
    concerned = {
        (one.about, one.audience)
        for one in before.decisions
        if any(
            c.use == named.use and c.effect != "note" and c.concerns(one.audience, occasion.type)
            for c in agreement.conditions
        )
    }

    found, former = outcomes(after), outcomes(before)
    for asked in concerned:
        assert found[asked] in ("held", "withheld")
        assert found[asked] == "held" or former[asked] != "disclosed"


@SOME
@for_all(occasions())
def test_a_clock_whose_condition_fails_changes_no_outcome_and_is_the_shorter_one(
    occasion: Occasion,
) -> None:
    whens = {rule.when for one in AGREEMENTS for r in one.audiences.values() for rule in r.due}
    used = {c.use for one in AGREEMENTS for c in one.conditions}
    faulty = {
        name: replace(one, test=broken) if name in whens - used else one
        for name, one in CONDITIONS.items()
    }
    before, after = occasion.decided(), occasion.decided(conditions=faulty)

    assert outcomes(after) == outcomes(before)
    for _, former, later in _both(before, after):
        assert _roughly(later.due) <= _roughly(former.due)


@SOME
@for_all(occasions(), several(0, 2), st.sampled_from(AGREEMENTS), agreements("another"))
def test_another_agreement_never_takes_a_disclosure_a_field_or_time_away(
    occasion: Occasion, made: list[Agreement], left_out: Agreement, extra: Agreement
) -> None:
    """Within one ground: a duty never mixes its fields with those that consent lets be seen."""
    fewer = [one for one in AGREEMENTS if one is not left_out] + made
    for another in (left_out, extra):
        before, after = occasion.decided(fewer), occasion.decided([*fewer, another])
        assert told_of(before).keys() <= told_of(after).keys()
        for asked, former, later in _both(before, after):
            assert later.rests_on_consent <= former.rests_on_consent, asked
            if later.rests_on_consent == former.rests_on_consent:
                assert former.content.items() <= later.content.items()
                assert _roughly(later.due) <= _roughly(former.due)


def _both(before: Verdict, after: Verdict) -> list[tuple[Any, Any, Any]]:
    later = {(one.about, one.audience): one.terms for one in after.decisions}
    return [
        (asked, one.terms, later[asked])
        for one in before.decisions
        if (asked := (one.about, one.audience)) in told_of(before)
    ]


def _roughly(due: ClockRule) -> datetime:
    """Without a calendar: the kernel has none either."""
    days = due.days + (due.kind is ClockKind.SCHOOL_DAY)
    return due.starts_at + timedelta(hours=due.hours, days=days)


@SOME
@for_all(occasions(), MIXED, st.lists(st.sampled_from(PATHS), min_size=1, max_size=6))
def test_a_narrower_profile_never_adds_a_field(
    occasion: Occasion, wide: list[Agreement], gone: list[str]
) -> None:
    """Nor anything else: but a summary that nobody is shown holds nobody up."""
    paths = set(gone) - {"incident.summary"}
    narrow = [_narrowed(one, paths) for one in wide]
    before, after = told_of(occasion.decided(wide)), told_of(occasion.decided(narrow))

    assert before.keys() == after.keys()
    for asked, fields in after.items():
        assert fields.items() <= before[asked].items()


@SOME
@for_all(occasions(INCIDENTS), agreements())
def test_what_is_no_longer_shown_can_only_free_what_the_wider_profile_named(
    occasion: Occasion, made: Agreement
) -> None:
    for agreement in (made, *AGREEMENTS):
        narrow = _narrowed(agreement, {"incident.summary"})
        before, after = occasion.decided([agreement]), occasion.decided([narrow])
        ready = {(d.about, d.audience): d.terms.content for d in before.decisions if d.terms}

        for asked, fields in told_of(after).items():
            assert fields.items() <= ready[asked].items()
            assert "incident.summary" not in fields


def _narrowed(agreement: Agreement, gone: set[str]) -> Agreement:
    profiles = {
        name: tuple(path for path in paths if path not in gone)
        for name, paths in agreement.profiles.items()
    }
    return agreement.model_copy(update={"profiles": profiles})


@SOME
@for_all(occasions(), MIXED, st.randoms(use_true_random=False))
def test_the_order_of_agreements_does_not_matter(
    occasion: Occasion, every: list[Agreement], lots: random.Random
) -> None:
    shuffled = lots.sample(every, len(every))

    assert repr(occasion.decided(every)) == repr(occasion.decided(shuffled))


@SOME
@for_all(occasions(), MIXED)
def test_deciding_is_total_and_says_the_same_of_the_same(
    occasion: Occasion, every: list[Agreement]
) -> None:
    verdict = occasion.decided(every)

    assert repr(verdict) == repr(occasion.decided(every))
    assert verdict.note or verdict.decisions
    asked = [(one.about, one.audience) for one in verdict.decisions]
    assert len(asked) == len(set(asked))
    for one in verdict.decisions:
        assert one.because
        assert (one.terms is None) == (one.outcome == "withheld")


@SOME
@for_all(occasions(), st.randoms(use_true_random=False))
def test_the_order_of_people_and_children_does_not_matter(
    occasion: Occasion, lots: random.Random
) -> None:
    told = {
        name: lots.sample(value, len(value)) if name in ("people", "children") else value
        for name, value in occasion.data.items()
    }
    shuffled = replace(occasion, data=told)

    assert _sorted(occasion.decided()) == _sorted(shuffled.decided())


def _sorted(verdict: Verdict) -> list[Any]:
    """What stands in the content as a list of people is compared without its order."""
    return [
        (one.about, one.audience, one.outcome, one.because, one.terms and _terms(one.terms))
        for one in verdict.decisions
    ]


def _terms(terms: Any) -> Any:
    lists = {
        path: sorted(map(repr, value)) if isinstance(value, list) else value
        for path, value in terms.content.items()
    }
    routing = terms.routing.model_dump()
    routing["barred_readers"] = sorted(routing["barred_readers"])
    return lists, terms.drops, terms.due, routing, terms.agreement.id, terms.profile


@SOME
@for_all(occasions(), MIXED)
def test_who_has_nothing_to_do_with_it_does_not_matter(
    occasion: Occasion, every: list[Agreement]
) -> None:
    """Facts about others, and organisations that the event does not name, change nothing."""
    status = Status(status="section-47", since=NOW.date(), told_at=NOW)
    facts = replace(
        occasion.facts,
        statuses={**occasion.facts.statuses, "somebody-else": (status,)},
        earlier={**occasion.facts.earlier, "somebody-else": (NOW,)},
        harm_stated=occasion.facts.harm_stated | {"somebody-else"},
        consents={**occasion.facts.consents, "somebody-else": ()},
    )
    stranger = Organisation(id="far-away", kind="school", urn="900009", local_authority="W06000999")
    area = replace(
        occasion.area, organisations={"far-away": stranger, **occasion.area.organisations}
    )

    assert repr(occasion.decided(every)) == repr(occasion.decided(every, facts=facts, area=area))


@SOME
@for_all(occasions(INCIDENTS))
def test_somebody_named_in_the_event_who_is_nobody_to_it_changes_no_outcome(
    occasion: Occasion,
) -> None:
    passer_by: Json = {"ref": "passer-by", "given_name": "Pam", "family_name": "Test"}
    more = replace(
        occasion, data={**occasion.data, "people": [*occasion.data["people"], passer_by]}
    )

    assert outcomes(occasion.decided()) == outcomes(more.decided())


@SOME
@for_all(occasions(), MIXED)
def test_every_answer_is_what_its_findings_make_of_it(
    occasion: Occasion, every: list[Agreement]
) -> None:
    """Decided a second time by a plain reading of ADR 0008, from the same findings."""
    seen: dict[tuple[str, str], set[str]] = {}
    for agreement in every:
        if occasion.type in agreement.events:
            for asked, outcome in outcomes(occasion.decided([agreement])).items():
                seen.setdefault(asked, set()).add(outcome)

    best = {
        asked: next(one for one in ("disclosed", "held", "withheld") if one in found)
        for asked, found in seen.items()
    }
    assert outcomes(occasion.decided(every)) == best


@pytest.mark.parametrize("outcome", ["disclosed", "held", "withheld"])
@pytest.mark.parametrize("type_", sorted(EVENTS))
def test_the_events_made_here_reach_every_outcome(type_: str, outcome: str) -> None:
    """Else the properties would hold of nothing."""
    find(
        occasions((type_,)),
        lambda occasion: outcome in outcomes(occasion.decided()).values(),
        settings=settings(
            max_examples=3000, phases=[Phase.generate], database=None, derandomize=True
        ),
    )
