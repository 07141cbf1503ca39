"""Which events may an agency send? Every type with the shape of its data."""

from contracts.events.conference import ConferenceConvened
from contracts.events.consent import ConsentGiven, ConsentRefused, ConsentWithdrawn
from contracts.events.marac import MaracCaseHeard, MaracCaseTransferred, MaracReferralMade
from contracts.events.police import IncidentCorrected, IncidentRecorded, IncidentRetracted
from contracts.events.referral import ReferralAnswered, ReferralMade
from contracts.events.safeguarding import StatusChanged
from contracts.events.treatment import AppointmentMissed, EpisodeEnded
from contracts.scalars import Shape

EVENT_TYPES: dict[str, type[Shape]] = {
    "police.incident.recorded.v1": IncidentRecorded,
    "police.incident.corrected.v1": IncidentCorrected,
    "police.incident.retracted.v1": IncidentRetracted,
    "treatment.episode.ended.v1": EpisodeEnded,
    "treatment.appointment.missed.v1": AppointmentMissed,
    "consent.given.v1": ConsentGiven,
    "consent.refused.v1": ConsentRefused,
    "consent.withdrawn.v1": ConsentWithdrawn,
    "safeguarding.status.changed.v1": StatusChanged,
    "referral.made.v1": ReferralMade,
    "referral.answered.v1": ReferralAnswered,
    "marac.referral.made.v1": MaracReferralMade,
    "marac.case.heard.v1": MaracCaseHeard,
    "marac.case.transferred.v1": MaracCaseTransferred,
    "conference.convened.v1": ConferenceConvened,
}
