"""Does every condition that an agreement names decide something, and does an example show it?

A condition decides where the answer is another without it. The table has what makes each of them
speak; an agreement that names one of which the table knows nothing fails, and so does a predicate
of the register that no agreement names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.agreement_parts import Condition as Named
from contracts.agreement_parts import Due
from contracts.agreements import Agreement
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.domain.decision import Decision
from services.consent.domain.facts import Area, ConsentEntry, Facts, MaracEntry, Policy, Status
from tests.consent.story import (
    AGREEMENTS,
    ENDED,
    FORCE_Y,
    HOME,
    MISSED,
    NORTH,
    NOW,
    ORGANISATIONS,
    RECORDED,
    SOUTH,
    Json,
    child,
    client,
    ended,
    harmed,
    incident,
    missed,
    other,
    verdict,
)

CONFERENCE, REFERRAL = "marac.referral.made.v1", "referral.made.v1"
SENDERS = {RECORDED: ("north-police",), CONFERENCE: ("haven",), REFERRAL: ("alder", "haven")}
OPEN = {"open": True, "alert_types": ["threats"], "general_practice": True}
YOUNG = "2012-01-01"  # fourteen on the night
GROWN = "2005-01-01"
NOWHERE: Json = {"kind": "other"}


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One event among what is known, in an area that has opened everything."""

    type: str
    data: Json
    facts: Facts = field(default_factory=Facts)
    settings: Json = field(default_factory=dict)

    def decided(self, agreement: Agreement) -> dict[tuple[str, str, str], Decision]:
        settings = {**OPEN, **self.settings}
        policy = Policy(agreement=agreement.id, local_authority=NORTH, settings=settings)
        area = Area(organisations=ORGANISATIONS, policies=(policy,))
        return {
            (sender, one.about, one.audience): one
            for sender in SENDERS.get(self.type, ("haven",))
            for one in verdict(
                self.data, self.type, sender, facts=self.facts, area=area, agreements=[agreement]
            ).decisions
        }


def night(*children: Json, facts: Facts | None = None, settings: Any = None, **more: Any) -> Any:
    told = incident(*children, **{"circumstances": {"kinds": ["threats"]}, **more})
    return Occasion(type=RECORDED, data=told, facts=facts or Facts(), settings=settings or {})


def handled(**flags: Any) -> tuple[Occasion, ...]:
    """Of domestic abuse at high risk, and of what is none."""
    return (
        night(grading="high", handling=flags),
        night(category="other", handling=flags),
        night(child(education=[{"status": "home-educated"}]), handling=flags),
        night(child(education=[{"status": "missing-education"}]), handling=flags),
    )


def conference(*children: Json, **more: Any) -> Occasion:
    data = {
        "reference": "M/1",
        "harmed": more.pop("harmed", harmed()),
        "other": [other()],
        "children": list(children),
        "referred_at": "2026-02-13T22:00:00+00:00",
        "area": "north-marac",
        "reasons": ["visible-high-risk"],
        **more,
    }
    return Occasion(type=CONFERENCE, data=data)


KID = child(relationships=[], education=[])


def referred(kid: Json = KID, **more: Any) -> Occasion:
    data = {"reference": "R/1", "child": kid, "made_by_phone": False, "intent": "refer", **more}
    return Occasion(type=REFERRAL, data={"made_at": "2026-02-13T22:00:00+00:00", **data})


ALLOWED = ConsentEntry(
    consent="k",
    kind="given",
    at=NOW - timedelta(days=9),
    purposes=("early-help", "referral", "support"),
    audiences=("childrens-social-care", "health-visiting", "school-nursing", "referrer", "idva"),
    categories=("attendance", "treatment-engagement"),
    competence="adult",
)
WILLING = Facts(consents={"p": (ALLOWED,)})
PLAN = {"c1": (Status(status="protection-plan", since=date(2026, 1, 1), told_at=NOW),)}
AGELESS: Json = {name: told for name, told in client().items() if name != "date_of_birth"}
KNOWN = Facts(statuses=PLAN, consents=WILLING.consents)  # both grounds at once


def left(*children: Json, facts: Facts = KNOWN, **more: Any) -> Occasion:
    return Occasion(type=ENDED, data=ended(*children, **more), facts=facts)


def away(*children: Json, facts: Facts = KNOWN, **more: Any) -> Occasion:
    return Occasion(type=MISSED, data=missed(*children, **more), facts=facts)


HOLD: Json = {
    "until": "2026-02-20T09:00:00+00:00",
    "authorised_by": "Chief Inspector Test",
    "rank": "chief-inspector",
    "reason": "An arrest is planned.",
    "audiences": sorted({name for a in AGREEMENTS for name in a.audiences} - {"education"}),
}
AT_SCHOOL: list[Json] = [{"status": "registered", "urn": "900001"}]
AT_HOME: list[Json] = [{"status": "home-educated"}]
MISSING: list[Json] = [{"status": "missing-education"}]
EVERYWHERE = (AT_SCHOOL, AT_HOME, MISSING)
STRANGER = [{"to": one, "kind": "unrelated"} for one in ("h", "o")]
ELSEWHERE = [{**HOME, "police_area": FORCE_Y}]
HOMELESS: Json = {"addresses": []}
OTHERS_HOME = [{**HOME, "local_authority": SOUTH}]
BOTH: Json = {"harmed": harmed(born=YOUNG), "other": other(born=YOUNG)}
TIMES = Facts(between=(NOW - timedelta(days=40), NOW - timedelta(days=10)))
HEARD = MaracEntry(kind="referral", at=NOW - timedelta(days=90), area="north-marac")
REFUSED = ConsentEntry(consent="k", kind="refused", at=NOW, competence="adult")
ALONE: Json = incident(grading="high", children=[], entries=[])


def _grown_and_elsewhere() -> Iterator[Occasion]:
    yield night(child(born=GROWN))
    yield night(child(born=GROWN, addresses=ELSEWHERE))
    yield left(child(relationships=[], education=[], born=GROWN))
    yield referred(child(relationships=[], education=[], born=GROWN))


def _schooled(**more: Any) -> Iterator[Occasion]:
    kid, rest = more.pop("kid", {}), more
    for education in EVERYWHERE:
        yield night(child(education=education, **kid), **rest)


# By the name that explanations print: what makes it speak.
TABLE: dict[str, tuple[Occasion, ...]] = {
    # the incident
    "incident-is-domestic-abuse": (
        night(),  # the duty rests on it, and what an area added does not
        night(child(education=AT_HOME)),
        night(child(education=MISSING)),
        night(child(addresses=ELSEWHERE)),
        night(category="other", grading="high"),
    ),
    "incident-is-graded-high": (night(grading="high"),),
    "incident-concerns-a-child": (night(),),
    "child-is-under-18": (
        *_schooled(kid={"born": GROWN}),
        night(child(born=GROWN), category="other"),
    ),
    "person-is-known-to-be-adult": tuple(_grown_and_elsewhere()),
    "child-has-reached": (
        night(settings={"age_from": 10}),
        night(category="other", settings={"age_from": 10}),
    ),
    "harmed-has-reached": (
        night(grading="high", harmed=harmed(born=YOUNG)),
        conference(child(), harmed=harmed(born=YOUNG)),
    ),
    "child-is-related-to-a-party": tuple(_schooled(kid={"relationships": STRANGER})),
    "parties-are-both-under-16": tuple(_schooled(**BOTH)),
    "one-party-is-under-16": tuple(_schooled(other=other(born=YOUNG))),
    "child-lives-in-another-force-area": (night(),),
    # who teaches the child
    "child-may-have-a-school": (
        night(child(education=AT_HOME)),
        night(child(education=AT_HOME), category="other"),
    ),
    "child-is-home-educated": (night(),),
    "child-is-missing-education": (night(),),
    # what the sender or the wording asks for
    "hold-asked-by-sender": (
        *handled(hold=HOLD),
        night(child(addresses=ELSEWHERE), handling={"hold": HOLD}),
    ),
    "never-tell-names-a-recipient": (
        *handled(never_tell=["nobody-we-know"]),
        night(child(addresses=ELSEWHERE), handling={"never_tell": ["nobody-we-know"]}),
    ),
    "investigation-is-covert": handled(covert=True),
    "abuse-is-honour-based": handled(honour_based=True),
    "offence-is-sexual": handled(sexual_offence=True),
    "summary-needs-a-reader": (
        night(circumstances={"kinds": ["threats"], "summary": "She drank."}),
    ),
    "place-is-known": (
        night(child(**HOMELESS), harmed=harmed(**HOMELESS), grading="high", location=NOWHERE),
        night(child(education=AT_HOME, **HOMELESS), harmed=harmed(**HOMELESS), location=NOWHERE),
        night(child(education=MISSING, **HOMELESS), harmed=harmed(**HOMELESS), location=NOWHERE),
        left(child(relationships=[], education=[], **HOMELESS), client=client(**HOMELESS)),
        left(KID),
        conference(child()),
        referred(),
        night(grading="high"),
    ),
    # the risk conference and who works with it
    "dash-score-reaches": (night(dash={"score": 14}),),
    "officer-judges-high-risk": (night(dash={"score": 2, "professional_judgement": True}),),
    "incidents-escalate": (night(facts=TIMES),),
    "pair-is-a-marac-repeat": (night(facts=Facts(marac=(HEARD,)), grading="high"),),
    "roles-are-reversed": (night(facts=Facts(marac_reversed=(HEARD,)), grading="high"),),
    "refused-and-alone-at-risk": (
        Occasion(type=RECORDED, data=ALONE, facts=Facts(consents={"h": (REFUSED,)})),
    ),
    "adult-refused-for-themselves-alone": (conference(consent="refused"),),
    "referral-gives-a-reason": (conference(),),
    "consent-was-sought": (conference(consent="given"),),
    "needs-are-for-a-person": (night(grading="high"),),
    # treatment
    "a-child-is-concerned": (left(client=AGELESS, reason="died"), left(client=AGELESS)),
    "appointment-was-referred": (left(KID),),
    "assessment-referred-by-social-care": (away(KID),),
    "section-47-or-plan-is-open": (left(KID, facts=Facts(statuses=PLAN)),),
    "significant-harm-is-stated": (left(KID, facts=Facts(harm_stated=frozenset({"c1"}))),),
    "client-died": (left(KID, facts=Facts(), reason="died"),),
    "client-allows-this-sharing": (left(KID, facts=WILLING), away(KID, facts=WILLING)),
    # a child that is named
    "child-is-named-in-a-referral": (referred(intent="inform"),),
    "referral-asks-to-act": (referred(),),
    # what an area has chosen
    "alert-type-is-agreed": (night(category="other"),),
    "child-is-of-the-age": (night(), night(child(born="2022-05-01"))),
    "area-tells-this-recipient": (night(settings={"general_practice": False}),),
}

CLOCKS: dict[str, Occasion] = {
    "intent-is-refer": night(intent="refer"),
    "incident-is-graded-high": night(grading="high"),
    "referral-asks-to-act": referred(),
    "episode-ended-under-a-plan": left(KID),
    "client-died": left(KID, facts=Facts(), reason="died"),
}

# Where the answer is the same without it, and only the reasons are fewer.
IS_ONLY_SAID = {
    # A note decides nothing: it is on record beside the decision.
    "consent-was-sought": "any-to-housing any-to-marac treatment-to-police voluntary-to-idva",
    "pair-is-a-marac-repeat": "police-to-marac",
    # Who opened an agreement goes by the home: where none is known, none is open.
    "place-is-known": "any-to-housing any-to-marac any-to-probation idva-by-consent"
    " police-to-health police-to-idva school-to-social-care treatment-child-protection"
    " treatment-to-police voluntary-to-idva",
    # An adult at risk is for a person whatever else asks for one.
    "investigation-is-covert": "adult-at-risk",
    "hold-asked-by-sender": "adult-at-risk",
    "never-tell-names-a-recipient": "adult-at-risk",
}

# What guards against a change of the agreement itself, and speaks once it is made.
GUARDS = {("encompass-plus", "summary-needs-a-reader")}

NAMED = [
    (agreement, named)
    for agreement in AGREEMENTS
    for named in agreement.conditions
    if (agreement.id, named.rule) not in GUARDS
]
TIMED = [
    (agreement, audience, rule)
    for agreement in AGREEMENTS
    for audience, recipient in agreement.audiences.items()
    for rule in recipient.due
    if rule.when
]


def without(agreement: Agreement, named: Named) -> Agreement:
    rest = tuple(one for one in agreement.conditions if one is not named)
    return agreement.model_copy(update={"conditions": rest})


def decides(agreement: Agreement, named: Named, occasion: Occasion) -> bool:
    before, after = occasion.decided(agreement), occasion.decided(without(agreement, named))
    return any(one.outcome is not after[asked].outcome for asked, one in before.items())


def is_said(agreement: Agreement, named: Named, occasion: Occasion) -> bool:
    before, after = occasion.decided(agreement), occasion.decided(without(agreement, named))
    return any(set(one.because) > set(after[asked].because) for asked, one in before.items())


@pytest.mark.parametrize(
    ("agreement", "named"),
    [pytest.param(a, n, id=f"{a.id}: {n.rule} {k}") for k, (a, n) in enumerate(NAMED)],
)
def test_without_it_the_answer_would_be_another(agreement: Agreement, named: Named) -> None:
    said_only = agreement.id in IS_ONLY_SAID.get(named.rule, "").split()
    shows = is_said if said_only else decides
    occasions = [one for one in TABLE[named.rule] if one.type in agreement.events]

    assert any(shows(agreement, named, occasion) for occasion in occasions)
    if said_only:  # as soon as it decides, it is no exception
        assert not any(decides(agreement, named, occasion) for occasion in occasions)


def test_a_free_text_that_an_area_profile_came_to_name_would_be_read_first() -> None:
    agreement = next(one for one in AGREEMENTS if one.id == "encompass-plus")
    profiles = {"alert": (*agreement.profiles["alert"], "incident.summary")}
    wider = agreement.model_copy(update={"profiles": profiles})
    named = next(one for one in wider.conditions if one.rule == "summary-needs-a-reader")
    drunk = {"kinds": ["threats"], "summary": "She drank."}

    assert decides(wider, named, night(category="other", circumstances=drunk))
    assert not decides(agreement, named, night(category="other", circumstances=drunk))


def without_clock(agreement: Agreement, audience: str, rule: Due) -> Agreement:
    recipient = next(one for name, one in agreement.audiences.items() if name == audience)
    due = tuple(one for one in recipient.due if one is not rule)
    changed = recipient.model_copy(update={"due": due})
    audiences = {
        name: changed if name == audience else one for name, one in agreement.audiences.items()
    }
    return agreement.model_copy(update={"audiences": audiences})


@pytest.mark.parametrize(
    ("agreement", "audience", "rule"),
    [pytest.param(*one, id=f"{one[0].id}: {one[2].when}") for one in TIMED],
)
def test_without_it_the_clock_would_be_another(
    agreement: Agreement, audience: str, rule: Due
) -> None:
    occasion = CLOCKS[str(rule.when)]
    before, after = (
        occasion.decided(agreement),
        occasion.decided(without_clock(agreement, audience, rule)),
    )

    def differs(asked: tuple[str, str, str], one: Decision) -> bool:
        terms, then = one.terms, after[asked].terms
        return terms is not None and then is not None and terms.due != then.due

    assert any(differs(asked, one) for asked, one in before.items())


def test_the_table_and_the_catalogue_name_the_same() -> None:
    assert set(TABLE) == {named.rule for _, named in NAMED}
    assert set(CLOCKS) == {rule.when for _, _, rule in TIMED}


def test_no_predicate_is_named_by_nobody() -> None:
    assert set(CONDITIONS) == {name for agreement in AGREEMENTS for name in agreement.predicates}
