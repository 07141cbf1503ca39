"""What is each disclosed field called, and where on the page does it stand?

Every path that a profile may show has its label here; a path that is new is shown all the same,
under the words of its own name.
"""

PRESENCE, HAPPENED, ELSEWHERE = "presence", "happened", "elsewhere"
INSTRUCTIONS, WHO, SOURCE = "instructions", "who", "source"
SECTIONS = (PRESENCE, HAPPENED, ELSEWHERE, INSTRUCTIONS, WHO, SOURCE)

_LABELS: dict[str, dict[str, str]] = {
    PRESENCE: {
        "child.presence": "Where the child was",
        "child.spoken_to": "Spoken to by the police",
        "child.words": "What the child said",
        "child.demeanour": "How the child seemed",
        "child.welfare_check": "Police checked that the child was well",
    },
    HAPPENED: {
        "incident.circumstances": "Kind of incident",
        "incident.summary": "Summary by the police",
        "incident.location_kind": "Kind of place",
        "incident.location": "Place",
        "incident.occurred_until": "Until",
        "incident.category": "Category",
        "incident.grading": "Risk as the police graded it",
        "dash.score": "Score on the DASH risk checklist",
        "dash.professional_judgement": "High risk by professional judgement",
        "incident.sexual_offence": "Sexual offence",
        "incident.honour_based": "Honour-based abuse",
        "incident.counter_allegation": "Both adults accuse each other",
        "incident.intent": "What the police ask",
        "incident.intent_reason": "Why they ask it",
        "history.count_12_months": "Earlier incidents in 12 months",
        "history.dates_12_months": "Dates of the earlier incidents",
        "marac.reasons": "Why it is referred to the MARAC",
        "marac.referred_at": "Referred to the MARAC",
        "referral.intent": "What the referral asks",
        "referral.made_at": "Referred",
        "referral.made_by_phone": "First by telephone",
        "history.incidents_12_months": "Earlier incidents of domestic abuse in 12 months",
        "history.missed_appointments_12_months": "Missed appointments in 12 months",
        "treatment.ended_at": "Treatment ended",
        "treatment.reason": "Why it ended",
        "appointment.kind": "Appointment",
        "appointment.starts_at": "Time of the appointment",
        "appointment.outcome": "What happened",
        "appointment.contact_attempts": "Attempts to make contact",
    },
    ELSEWHERE: {
        "social_care.informed": "Children’s social care told by the officer",
        "marac.victim_aware": "The person harmed knows of the referral",
        "marac.consent": "Consent of the person harmed",
        "client.told": "The client knows of this notification",
        "client.why_not_told": "Why the client was not told",
    },
    INSTRUCTIONS: {
        "instructions.contact_parents": "Contact with parents",
        "instructions.collection": "Who may collect the child",
        "instructions.hide_from_online_access": "Hide from the online record",
    },
    WHO: {
        "child.name": "Full name of the child",
        "child.known_as": "Known as",
        "child.date_of_birth": "Date of birth",
        "child.sex": "Sex",
        "child.addresses": "Addresses of the child",
        "child.education": "School or college",
        "education.status": "Education",
        "harmed.name": "The person harmed",
        "harmed.known_as": "The person harmed is known as",
        "harmed.date_of_birth": "Date of birth of the person harmed",
        "harmed.address": "Address of the person harmed",
        "harmed.safe_contact": "How to contact the person harmed safely",
        "client.name": "The client",
        "client.known_as": "The client is known as",
        "client.date_of_birth": "Date of birth of the client",
        "client.addresses": "Addresses of the client",
        "client.safe_contact": "How to contact the client safely",
        "household.size": "People who need a home",
        "others": "The other adult",
        "children": "Children",
        "people": "Everybody named",
    },
    SOURCE: {
        "incident.force": "Police force",
        "incident.reference": "Police reference",
        "incident.desk": "Whom to ask",
        "incident.occurred_at": "When it happened",
        "incident.believed_at": "When the police believed it",
        "referral.by": "Referred by",
        "referral.reference": "Reference of the referral",
        "marac.reference": "Reference of the referral",
        "treatment.provider": "Treatment provider",
        "treatment.episode": "Reference of the treatment",
        "appointment.id": "Reference of the appointment",
    },
}
LABELS = {path: label for section in _LABELS.values() for path, label in section.items()}
_ORDER = {path: number for number, path in enumerate(LABELS)}
_SECTION_OF = {path: name for name, section in _LABELS.items() for path in section}

# Names inside a person, an address or a contact.
PARTS = {
    "kind": "Kind",
    "lines": "Address",
    "postcode": "Postcode",
    "uprn": "Property number (UPRN)",
    "local_authority": "Council area",
    "police_area": "Police area",
    "since": "Since",
    "until": "Until",
    "name": "Name",
    "known_as": "Known as",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "nhs_number": "NHS number",
    "upn": "Unique pupil number (UPN)",
    "urn": "School number (URN)",
    "addresses": "Addresses",
    "relationships": "Related",
    "education": "School or college",
    "status": "Status",
    "works_or_volunteers_at": "Works or volunteers at",
    "organisation": "Organisation",
    "safe_contact": "Safe contact",
    "safe_to_call": "Safe to call",
    "never_contact_via": "Never contact by",
    "notes": "Notes",
    "phone": "Telephone",
    "email": "Email",
    "outcome": "Spoken to",
    "alone": "Alone with the officer",
    "reason_not": "Why not",
    "aware": "Aware",
    "why_not": "Why not",
    "to": "To",
}


def label(path: str) -> str:
    return LABELS.get(path) or path.replace(".", ": ").replace("_", " ").capitalize()


def part(name: str) -> str:
    return PARTS.get(name) or name.replace("_", " ").capitalize()


def section_of(path: str) -> str:
    """What nobody has listed stands with what happened: it is not hidden at the end."""
    return _SECTION_OF.get(path, HAPPENED)


def in_order(paths: set[str]) -> list[str]:
    return sorted(paths, key=lambda path: (_ORDER.get(path, len(_ORDER)), path))
