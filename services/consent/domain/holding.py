"""Who looks at what is held, by when, and who is next if nobody does?

The clock that is told here is that of the due moment; who keeps tasks makes the review end earlier,
so that a release is still told in time (ADR 0030). The sender's own hold ends when the sender said.
"""

from contracts.messages import ClockKind, ClockRule, Owner
from services.consent.domain.days import utc
from services.consent.domain.decision import Decision, Obligation
from services.consent.domain.matter import Matter
from services.consent.domain.question import Question


def review_of(matter: Matter, decision: Decision, question: Question) -> Obligation:
    """The end of a hold makes its review overdue; it sends nothing by itself."""
    assert decision.terms is not None  # a held decision has its terms ready
    owner = _reviewer(matter, decision, question)
    return Obligation(
        kind="review-hold",
        owner=owner,
        due=_asked_until(matter) or decision.terms.due,
        about=decision.about,
        audience=decision.audience,
        decided=True,
        escalates_to=_next(matter, owner, question),
    )


def hold_has_run_out(matter: Matter) -> bool:
    """It came with a hold that had ended: what waits because of it waits for a person still."""
    handling = matter.incident.handling if matter.incident else None
    return handling is not None and handling.hold is not None and not _asked_until(matter)


def _asked_until(matter: Matter) -> ClockRule | None:
    handling = matter.incident.handling if matter.incident else None
    hold = handling.hold if handling else None
    if hold is None or hold.until <= matter.accepted_at:
        return None
    return ClockRule(kind=ClockKind.AT_ONCE, starts_at=utc(hold.until))


def _reviewer(matter: Matter, decision: Decision, question: Question) -> Owner:
    if decision.audience != "education" or question.place is None:
        return Owner(organisation=matter.agency)
    return _authority(matter, question)


def _next(matter: Matter, owner: Owner, question: Question) -> Owner:
    """As the area says; else the force, on which the duty rests, after the authority, and the
    authority after everybody else."""
    named = question.policy.settings.get("escalate_to")
    if named:
        return Owner(organisation=str(named))
    if owner.organisation is None or question.place is None:
        return Owner(organisation=matter.agency)
    return _authority(matter, question)


def _authority(matter: Matter, question: Question) -> Owner:
    place = question.place
    return Owner(
        kind="local-authority",
        local_authority=place.local_authority if place else None,
        police_area=place.police_area if place else None,
        otherwise=matter.agency,
    )
