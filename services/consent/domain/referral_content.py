"""What does a referral let one say, to a risk conference or to social care?"""

from contracts.events.marac import MaracReferralMade
from contracts.events.referral import ReferralMade
from services.consent.domain.matter import Matter
from services.consent.domain.party_content import harmed_fields
from services.consent.domain.telling import Fields, instant, kept


def conference_fields(matter: Matter, told: MaracReferralMade, sender: str) -> Fields:
    aware = told.victim_aware
    return {
        **harmed_fields(matter, told.harmed, list(told.other)),
        "referral.by": sender,
        "marac.reference": told.reference,
        "marac.referred_at": instant(told.referred_at),
        "marac.reasons": list(told.reasons),
        "marac.victim_aware": aware and kept({"aware": aware.aware, "why_not": aware.why_not}),
        "marac.consent": told.consent,
    }


def referral_fields(told: ReferralMade, sender: str) -> Fields:
    return {
        "referral.by": sender,
        "referral.reference": told.reference,
        "referral.intent": told.intent,
        "referral.made_at": instant(told.made_at),
        "referral.made_by_phone": told.made_by_phone,
    }
