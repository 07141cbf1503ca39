"""What does a referral, and the taking back of an incident, ask of its sender?

A retraction of what nobody knows may name the wrong reference: then something wrong still stands.
"""

from datetime import time

from contracts.events.police import IncidentRetracted
from contracts.events.referral import ReferralMade
from contracts.messages import ClockKind, ClockRule, Owner
from services.consent.domain.days import utc
from services.consent.domain.decision import Obligation
from services.consent.domain.matter import Matter

# Of a retraction the case picks one: only it knows whether anything came under the reference.
IF_KNOWN, IF_UNKNOWN = "assess-breach", "resolve-mapping"


def duties_of_sender(matter: Matter) -> tuple[Obligation, ...]:
    match matter.content:
        case ReferralMade() as made:
            return _referral(matter, made)
        case IncidentRetracted() as retracted:
            due = ClockRule(
                kind=ClockKind.CLOCK_HOURS, starts_at=utc(retracted.retracted_at), hours=72
            )
            look = ClockRule(
                kind=ClockKind.WORKING_DAY,
                starts_at=utc(matter.accepted_at),
                days=1,
                at=time(17, 0),
            )
            return (
                Obligation(kind=IF_KNOWN, owner=_sender(matter), due=due),
                Obligation(kind=IF_UNKNOWN, owner=_sender(matter), due=look),
            )
        case _:
            return ()


def _referral(matter: Matter, made: ReferralMade) -> tuple[Obligation, ...]:
    """Written up in 48 hours after a call; answered within one working day, or it is chased."""
    since = utc(made.written_at or made.made_at)
    due = ClockRule(kind=ClockKind.WORKING_DAY, starts_at=since, days=1, at=time(17, 0))
    found = [
        Obligation(kind="chase-referral", owner=_sender(matter), due=due, about=made.child.ref)
    ]
    if made.made_by_phone and made.written_at is None:
        due = ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=utc(made.made_at), hours=48)
        found.append(
            Obligation(
                kind="write-up-phone-referral",
                owner=_sender(matter),
                due=due,
                about=made.child.ref,
            )
        )
    return tuple(found)


def _sender(matter: Matter) -> Owner:
    return Owner(organisation=matter.agency)
