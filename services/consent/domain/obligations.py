"""What must a person do because of this event, who, and by when?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time

from contracts.events.marac import MaracReferralMade
from contracts.events.treatment import EpisodeEnded
from contracts.messages import ClockKind, ClockRule, Outcome, Owner
from services.consent.domain.decision import Decision, Obligation
from services.consent.domain.facts import Area, Facts
from services.consent.domain.holding import review_of
from services.consent.domain.matter import Matter, by_ref, children_of
from services.consent.domain.question import Question
from services.consent.domain.weighing import Opinion
from services.consent.domain.whereabouts import place_of

Opinions = Mapping[tuple[str, str], Sequence[Opinion]]
_REPEAT = "pair-is-a-marac-repeat"


def obligations_of(
    matter: Matter,
    facts: Facts,
    area: Area,
    decisions: Sequence[Decision],
    opinions: Opinions,
) -> tuple[Obligation, ...]:
    found: list[Obligation] = []
    for decision in decisions:
        question = opinions[decision.about, decision.audience][0].question
        found += _of_decision(matter, decision, question)
    found += _tell_subject(matter, decisions)
    found += _refer_to_lado(matter, area)
    return tuple(found)


def one_working_day(matter: Matter) -> ClockRule:
    return ClockRule(
        kind=ClockKind.WORKING_DAY, starts_at=matter.believed_at, days=1, at=time(17, 0)
    )


def _of_decision(matter: Matter, decision: Decision, question: Question) -> Iterator[Obligation]:
    sender = Owner(organisation=matter.agency)
    if decision.outcome is Outcome.HELD:
        yield review_of(matter, decision, question)
    if any(reason.rule == _REPEAT for reason in decision.because):
        yield _repeat(matter, decision, question)
    if decision.outcome is not Outcome.DISCLOSED or decision.terms is None:
        return
    if decision.audience == "police" and matter.incident is not None:
        yield _belongs(decision, "hand-over-force", sender, decision.terms.due)
    if decision.terms.phone_first:
        start = decision.terms.due.starts_at
        due = ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=start, hours=1)
        yield _belongs(decision, "phone-establishment", sender, due)


def _repeat(matter: Matter, decision: Decision, question: Question) -> Obligation:
    """For the conference to resolve, whether or not the incident reaches it by its risk."""
    place = question.place
    owner = Owner(
        kind="marac",
        local_authority=place.local_authority if place else None,
        police_area=place.police_area if place else None,
        otherwise=_last_area(question.facts),
    )
    return Obligation(
        kind="marac-repeat",
        owner=owner,
        due=one_working_day(matter),
        about=decision.about,
        audience=decision.audience,
    )


def _belongs(decision: Decision, kind: str, owner: Owner, due: ClockRule) -> Obligation:
    return Obligation(
        kind=kind,
        owner=owner,
        due=due,
        about=decision.about,
        audience=decision.audience,
        decided=True,
    )


def _last_area(facts: Facts) -> str | None:
    """None where an agreement names the rule although no conference is known."""
    last = max(facts.marac, key=lambda entry: entry.at, default=None)
    return None if last is None else last.area


def _tell_subject(matter: Matter, decisions: Sequence[Decision]) -> Iterator[Obligation]:
    """Who shared without telling the person concerned owes the telling or a reason."""
    untold = _untold(matter)
    if untold is not None and any(
        decision.outcome is Outcome.DISCLOSED
        and decision.terms
        and decision.terms.agreement.tell_subject.required
        for decision in decisions
    ):
        yield Obligation(
            kind="tell-subject",
            owner=Owner(organisation=matter.agency),
            due=one_working_day(matter),
            about=untold,
        )


def _untold(matter: Matter) -> str | None:
    """The ref of who was not told, and of whom no reason says why. The dead are not told."""
    match matter.content:
        case EpisodeEnded(client_told=told) as ended if told and ended.reason != "died":
            return None if told.told or told.why_not else ended.client.ref
        case MaracReferralMade(victim_aware=known) as made:
            return None if known and (known.aware or known.why_not) else made.harmed.ref
        case _:
            return None


def _refer_to_lado(matter: Matter, area: Area) -> Iterator[Obligation]:
    """An adult who may be a danger works or volunteers with children (KCSIE part four)."""
    incident = matter.incident
    if incident is None:
        return
    people = by_ref(matter)
    for ref in incident.parties.other:
        adult = people[ref]
        if not adult.works_or_volunteers_at:
            continue
        authority = next(
            (
                organisation.local_authority
                for work in adult.works_or_volunteers_at
                for organisation in area.organisations.values()
                if organisation.local_authority
                and (
                    organisation.id == work.organisation
                    or (work.urn is not None and organisation.urn == work.urn)
                )
            ),
            None,
        )
        yield Obligation(
            kind="refer-to-lado",
            owner=Owner(
                kind="local-authority",
                local_authority=authority or _home_authority(matter, ref),
                otherwise=matter.agency,
            ),
            due=one_working_day(matter),
            about=ref,
        )


def _home_authority(matter: Matter, ref: str) -> str | None:
    for person in (*children_of(matter), by_ref(matter)[ref]):
        place = place_of(matter, person)
        if place is not None and place.local_authority:
            return place.local_authority
    return None
