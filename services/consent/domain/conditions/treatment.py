"""Does a duty rest on what a provider tells: a plan, a stated harm, a death, a referral?"""

from services.consent.domain.facts import Status
from services.consent.domain.matter import children_of
from services.consent.domain.question import Condition, Finding, Question, Unknown

OPEN = frozenset({"section-47", "protection-plan"})


def concerns_a_child(question: Question) -> Finding:
    if children_of(question.matter):
        return Finding(applies=True, says="A child is concerned.")
    return Finding(applies=False, says="No child is concerned.")


def current_status(question: Question) -> Status | None:
    """The latest that has begun; of two since the same day, what was told last."""
    begun = [
        status
        for status in question.facts.statuses.get(question.person.ref, ())
        if status.since <= question.day
    ]
    return max(begun, key=lambda status: (status.since, status.told_at), default=None)


def has_open_plan(question: Question) -> Finding:
    status = current_status(question)
    if status is not None and status.status in OPEN:
        return Finding(
            applies=True, says="A section 47 enquiry or a protection plan is open for the child."
        )
    return Finding(applies=False, says="No section 47 enquiry or plan is known to be open.")


def has_ended_under_a_plan(question: Question) -> Finding:
    if question.matter.episode is None:
        return Finding(applies=False, says="No episode of treatment ended.")
    return has_open_plan(question)


def has_stated_harm(question: Question) -> Finding:
    """Stated by the agency itself, in a referral of this child: never inferred."""
    if question.person.ref in question.facts.harm_stated:
        return Finding(applies=True, says="This agency referred the child for significant harm.")
    return Finding(applies=False, says="This agency has not stated a risk of significant harm.")


def is_death(question: Question) -> Finding:
    episode = question.matter.episode
    if episode is not None and episode.reason == "died":
        return Finding(applies=True, says="The parent died in treatment: telephone first.")
    return Finding(applies=False, says="The event is not a death in treatment.")


def was_referred(question: Question) -> Finding:
    missed = question.matter.appointment
    if missed is not None and missed.appointment.referred_by is not None:
        return Finding(applies=True, says="Another agency referred the client.")
    return Finding(applies=False, says="Nobody is named as having referred.")


def is_assessment_for_social_care(question: Question) -> Finding:
    missed = question.matter.appointment
    if missed is None or missed.appointment.kind != "assessment":
        return Finding(applies=False, says="The appointment was not an assessment.")
    referrer = missed.appointment.referred_by
    if referrer is None:
        return Finding(applies=False, says="Nobody is named as having referred.")
    organisation = question.area.organisations.get(referrer)
    if organisation is None:
        raise Unknown("The organisation that referred is not in the directory.")
    if organisation.kind == "childrens-social-care":
        return Finding(applies=True, says="Social care referred the client to the assessment.")
    return Finding(applies=False, says="Somebody other than social care referred the client.")


_SILENT_VOICES = "Children Act 1989 s.47; joint protocol for treatment and children's services"

CONDITIONS = {
    "a-child-is-concerned": Condition(version="1", cites=_SILENT_VOICES, test=concerns_a_child),
    "section-47-or-plan-is-open": Condition(version="1", cites=_SILENT_VOICES, test=has_open_plan),
    "episode-ended-under-a-plan": Condition(
        version="1", cites=_SILENT_VOICES, test=has_ended_under_a_plan
    ),
    "significant-harm-is-stated": Condition(
        version="1", cites="Children Act 1989 s.47", test=has_stated_harm
    ),
    "client-died": Condition(version="1", cites="Children Act 1989 s.47", test=is_death),
    "appointment-was-referred": Condition(version="1", cites=_SILENT_VOICES, test=was_referred),
    "assessment-referred-by-social-care": Condition(
        version="1", cites=_SILENT_VOICES, test=is_assessment_for_social_care
    ),
}
