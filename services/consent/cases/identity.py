"""Which case does an event belong to, and what may another event of the same moment not touch?"""

from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import CloudEvent
from contracts.events.marac import MaracCaseHeard, MaracCaseTransferred, MaracReferralMade
from contracts.events.police import IncidentRecorded, IncidentRetracted
from contracts.events.referral import ReferralAnswered, ReferralMade
from services.consent.domain.noting import REFERRAL, marac_key, referral_key
from services.consent.readmodels.facts import look_up

_CASES = uuid5(NAMESPACE_URL, "daybreak/consent/cases")


async def case_of(tx: AsyncConnection, event: CloudEvent) -> UUID:
    """One reference of one source is one case; an answer belongs to the referral it answers."""
    incident = incident_of(event)
    if incident is not None:
        return incident
    match event.content:
        case ReferralMade():
            return uuid5(_CASES, f"referral|{event.source}|{event.content.reference}")
        case ReferralAnswered():
            key = [referral_key(event.content.reference)]
            made = {row.case for row in (await look_up(tx, key)).rows(REFERRAL, key)}
            if len(made) == 1:  # two agencies with one reference: neither is guessed at
                return UUID(made.pop())
    return uuid5(_CASES, f"event|{event.source}|{event.id}")


def incident_of(event: CloudEvent) -> UUID | None:
    """The case of an incident, whatever else is known; None for any other event."""
    if isinstance(event.content, IncidentRecorded | IncidentRetracted):
        return uuid5(_CASES, f"incident|{event.source}|{event.content.reference}")
    return None


def cases_of_reference(source: str, reference: str) -> tuple[UUID, ...]:
    """The cases that a reference of this source would be of: an incident, or a referral."""
    return tuple(uuid5(_CASES, f"{kind}|{source}|{reference}") for kind in ("incident", "referral"))


def touched(event: CloudEvent, case: UUID, keys: frozenset[str]) -> frozenset[str] | None:
    """`keys` are those of its people and pairs, and of the facts that the case left before."""
    match event.content:
        case MaracCaseHeard() | MaracCaseTransferred():
            return None  # it bears on every pair that was referred under its reference
        case ReferralMade() | ReferralAnswered():
            return keys | {str(case), referral_key(event.content.reference)}
        case MaracReferralMade():
            return keys | {str(case), marac_key(event.content.reference)}
        case _:
            return keys | {str(case)}
