"""What happened before, across agencies, as counts? Never a score, and only where a duty rests.

A missed appointment tells that somebody is in treatment. Social care is told of it beside domestic
abuse only where sharing rests on risk of significant harm: an open enquiry or plan, harm that the
sender states, a referral, a high grade, a death (ADR 0029; to be confirmed by the area).
"""

from collections.abc import Iterable
from datetime import datetime

from services.consent.domain.conditions.treatment import has_open_plan, has_stated_harm, is_death
from services.consent.domain.days import within_months_after
from services.consent.domain.question import Question
from services.consent.domain.telling import Fields

_WINDOW = 12


def across_agencies(question: Question) -> Fields:
    """Nothing is said of what did not happen: a sender may simply not have told."""
    facts, ref = question.facts, question.person.ref
    told: Fields = {}
    if question.audience == "marac":
        told["history.incidents_12_months"] = _recent(facts.between, question)
    elif question.audience == "childrens-social-care":
        if question.matter.incident is None:
            told["history.incidents_12_months"] = _recent(facts.earlier.get(ref, ()), question)
        if _is_owed(question):
            missed = _recent(facts.missed.get(ref, ()), question)
            told["history.missed_appointments_12_months"] = missed
    return {path: count for path, count in told.items() if count}


def _recent(moments: Iterable[datetime], question: Question) -> int:
    then = question.matter.happened_at
    return sum(within_months_after(at, then, _WINDOW) for at in moments)


def _is_owed(question: Question) -> bool:
    incident = question.matter.incident
    if incident is not None and (incident.intent == "refer" or incident.grading == "high"):
        return True
    return any(ground(question).applies for ground in (has_open_plan, has_stated_harm, is_death))
