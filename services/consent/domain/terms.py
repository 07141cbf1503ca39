"""On what terms would this be disclosed: which fields, by when, to be sent where?"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from contracts.agreement_parts import Due, Recipient
from contracts.agreements import Agreement
from contracts.messages import ClockKind, ClockRule, Routing
from services.consent.domain.conditions.handling import handling_of
from services.consent.domain.conditions.incidents import home_force
from services.consent.domain.conflicts import barred_readers, workplaces
from services.consent.domain.content import available, pick
from services.consent.domain.days import utc
from services.consent.domain.decision import Terms
from services.consent.domain.matter import children_of
from services.consent.domain.people import pupil_keys
from services.consent.domain.question import Condition, Question, profile_of
from services.consent.domain.weighing import Opinion

_CHILDREN = frozenset({"education", "home-education-officer", "children-missing-education"})


def terms_of(
    opinions: Iterable[Opinion], conditions: Mapping[str, Condition], pepper: bytes
) -> Terms:
    """Those of the first by duty, then by urgency; the fields of all that rest on the same ground.

    Adding an agreement therefore never takes a field away from what another one lets be seen.
    """
    ranked = sorted(opinions, key=lambda opinion: _rank(opinion, conditions))
    first = ranked[0]
    agreement, question = first.agreement, first.question
    alike = [o for o in ranked if o.agreement.rests_on_consent == agreement.rests_on_consent]
    paths = [path for o in alike for path in o.agreement.profiles[_profile(o)]]
    fields = available(question)
    content = pick(fields, paths)
    due = due_of(agreement, question, conditions)
    return Terms(
        agreement=agreement,
        profile=_profile(first),
        content=content,
        drops=tuple(sorted(set(fields) - set(content))),
        due=due,
        routing=routing_of(agreement, question, pepper),
        rests_on_consent=agreement.rests_on_consent,
        phone_first=is_death(question),
        urgent=due.kind is ClockKind.CLOCK_HOURS and due.hours <= 1,
    )


def _profile(opinion: Opinion) -> str:
    question = opinion.question
    return profile_of(opinion.agreement, question.audience, question.policy)


def is_death(question: Question) -> bool:
    episode = question.matter.episode
    return episode is not None and episode.reason == "died"


def due_of(
    agreement: Agreement, question: Question, conditions: Mapping[str, Condition]
) -> ClockRule:
    rules = _recipient(agreement, question).due
    rule = next(rule for rule in rules if _applies(rule, question, conditions))
    return ClockRule(
        kind=ClockKind(rule.kind),
        starts_at=_start(rule, question),
        hours=rule.hours,
        days=rule.days,
        at=rule.at,
    )


def _recipient(agreement: Agreement, question: Question) -> Recipient:
    return next(r for name, r in agreement.audiences.items() if name == question.audience)


def _applies(rule: Due, question: Question, conditions: Mapping[str, Condition]) -> bool:
    if rule.when is None:
        return True
    try:
        return conditions[rule.when].test(question).applies
    except Exception:  # noqa: BLE001 - what is due must not be lost by a fault (ADR 0008)
        return True  # the shorter clock, where it cannot be told which one holds


def _start(rule: Due, question: Question) -> datetime:
    matter = question.matter
    if rule.starts == "appointment-start" and matter.appointment is not None:
        return utc(matter.appointment.appointment.starts_at)
    return matter.believed_at if rule.starts == "believed-at" else utc(matter.accepted_at)


def _rank(opinion: Opinion, conditions: Mapping[str, Condition]) -> tuple[bool, datetime, str]:
    due = due_of(opinion.agreement, opinion.question, conditions)
    roughly = due.starts_at + timedelta(hours=due.hours, days=due.days)
    if due.kind is ClockKind.SCHOOL_DAY:
        roughly += timedelta(days=1)
    return opinion.agreement.rests_on_consent, roughly, opinion.agreement.id


def routing_of(agreement: Agreement, question: Question, pepper: bytes) -> Routing:
    place, matter = question.place, question.matter
    police = question.audience == "police"
    signed = question.area.signatories.get(agreement.id)
    return Routing(
        local_authority=place.local_authority if place and not police else None,
        police_area=home_force(question) if police else (place.police_area if place else None),
        organisation=_named_recipient(question),
        pupil=pupil_keys(matter, question.person.ref, pepper)
        if question.audience in _CHILDREN
        else None,
        never_tell=handling_of(question).never_tell,
        barred_readers=barred_readers(matter, pepper),
        works_at=workplaces(matter),
        lead_minutes=question.policy.settings.get("lead_minutes"),
        signatories=None if signed is None else tuple(sorted(signed)),
        quiet=_recipient(agreement, question).if_nobody_serves == "say so in the receipt",
    )


def _named_recipient(question: Question) -> str | None:
    """The conference that a referral names. Who referred is told directly: as `referrer`, or where
    nothing says where a child lives.
    """
    if question.matter.conference is not None and question.audience == "marac":
        return question.matter.conference.area
    missed = question.matter.appointment
    referrer = missed.appointment.referred_by if missed else None
    if referrer is None or question.audience == "referrer":
        return referrer
    organisation = question.area.organisations.get(referrer)
    if organisation is None or organisation.kind != question.audience:
        return None
    is_child = question.person.ref in {child.ref for child in children_of(question.matter)}
    at_home = question.place is not None and question.place.source == "own"
    return None if is_child and at_home else referrer
