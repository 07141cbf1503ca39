"""Which field of what is held may simply be given to the person, and which must be looked at first?

One line for each field of the contract; a test walks the contract and finds none without a line.
What has no line is looked at, never given.
"""

from typing import Literal

Flag = Literal["third_party", "child_abuse_data", "health", "serious_harm_review_needed"]
Flags = frozenset[Flag]

THIRD: Flags = frozenset({"third_party"})
ABUSE: Flags = frozenset({"child_abuse_data"})
HEALTH: Flags = frozenset({"health"})
HARM: Flags = frozenset({"serious_harm_review_needed"})
OWN: Flags = frozenset()
UNKNOWN: Flags = HARM | THIRD
# A request for a child by somebody with parental responsibility (DPA 2018 Sch. 3).
FOR_A_CHILD: Flags = ABUSE | HARM


def _each(prefix: str, names: str, flags: Flags) -> dict[str, Flags]:
    return {f"{prefix}.{name}": flags for name in names.split()}


_PERSON = {
    **_each("person", "ref given_name family_name known_as date_of_birth sex", OWN),
    **_each("person.identifiers", "upn nhs_number local", OWN),
    **_each(
        "person.addresses",
        "kind lines postcode uprn local_authority police_area since until",
        OWN,
    ),
    **_each("person.works_or_volunteers_at", "urn organisation name", OWN),
    **_each("person.education", "status urn name", OWN),
    "person.education.confirmed_by": THIRD,
    **_each("person.relationships", "to kind", THIRD),
    **_each("person.safe_contact", "safe_to_call never_contact_via notes", HARM | THIRD),
}
_POLICE = {
    **_each("police", "reference occurred_at occurred_until believed_at retracted_at", OWN),
    **_each("police", "category childrens_services_informed circumstances.kinds", ABUSE),
    **_each("police", "grading intent dash.score dash.professional_judgement", HARM),
    **_each("police", "intent_reason circumstances.summary", THIRD | ABUSE | HARM),
    **_each("police", "reason correction.reason", THIRD | HARM),
    **_each("police.parties", "harmed other", THIRD),
    "police.parties.counter_allegation": THIRD | HARM,
    **_each("police.children", "ref presence welfare_check", ABUSE),
    **_each("police.children.spoken_to", "outcome alone reason_not", ABUSE),
    **_each("police.children.spoken_to", "words demeanour", THIRD | ABUSE | HARM),
    **_each("police.location", "kind local_authority police_area postcode", THIRD | HARM),
    **_each("police.handling", "covert honour_based sexual_offence never_tell", HARM),
    **_each("police.handling.hold", "audiences authorised_by rank reason until", THIRD | HARM),
    **_each("police.handling.not_readers", "given_name family_name reason", THIRD | HARM),
}
_TREATMENT = {
    **_each("treatment", "ended_at episode reason reason_code outcome", HEALTH),
    **_each("treatment", "contact_attempts recorded_at", HEALTH),
    **_each("treatment.client_told", "told when why_not", HEALTH),
    **_each("treatment.appointment", "id kind starts_at", HEALTH),
    "treatment.appointment.referred_by": HEALTH | THIRD,
}
_CONSENT = {
    **_each("consent", "method given_at refused_at withdrawn_at expires_on", OWN),
    **_each("consent.scope", "purposes audiences categories", OWN),
    **_each("consent", "taken_by in_presence_of signed_by reason", THIRD),
    **_each("consent", "competence capacity", HEALTH),
}
_SOCIAL_CARE = {
    **_each("safeguarding", "status since lead.organisation lead.role", ABUSE | HARM),
    **_each("referral", "reference made_by_phone made_at written_at", OWN),
    **_each("referral", "intent decision decided_at", ABUSE | HARM),
    "referral.intent_reason": THIRD | ABUSE | HARM,
    **_each("conference", "kind held_at invited", ABUSE | HARM | THIRD),
}
_MARAC = _each(
    "marac",
    "reference referred_at area reasons victim_aware.aware victim_aware.why_not consent heard_at"
    " from_area to_area transferred_at reason",
    HARM | THIRD | ABUSE,
)
_RECORD = {
    **_each("event", "source time", OWN),
    "event.type": HARM,  # that there was such a meeting or referral may be what must not be known
    **_each("decision", "audience outcome because agreement basis shows", HARM),
    "decision.decided_at": OWN,
    **_each("told", "organisation state what at due way again reason outcome", HARM),
    **_each("told", "by contacts owner", THIRD | HARM),
    **_each("statement", "says received_on at", OWN),
}
FIELDS: dict[str, Flags] = {
    **_PERSON,
    **_POLICE,
    **_TREATMENT,
    **_CONSENT,
    **_SOCIAL_CARE,
    **_MARAC,
    **_RECORD,
}


def flags_of(field: str, *, own: bool, for_a_child: bool) -> Flags:
    """`own`: the field is of the person who is asked about, and of nobody else."""
    flags = FIELDS.get(field, UNKNOWN)
    if not own:
        flags |= THIRD
    return flags | FOR_A_CHILD if for_a_child else flags


EXEMPTIONS: dict[str, dict[str, str]] = {
    "crime-prejudice": {
        "title": "DPA 2018 Sch. 2, prejudice to preventing and detecting crime",
        "url": "https://www.gloucestershire.gov.uk/council-and-democracy/data-protection/"
        "my-information-rights/exemption-codes/subject-access-request",
        "status": "verified",
    },
    "third-party-rights": {
        "title": "DPA 2018 Sch. 2 Part 3, protecting the rights of others",
        "url": "https://www.gloucestershire.gov.uk/council-and-democracy/data-protection/"
        "my-information-rights/exemption-codes/subject-access-request",
        "status": "verified",
    },
    "serious-harm-social-work": {
        "title": "DPA 2018 Sch. 3 Part 3, social work data and the serious harm test",
        "url": "https://legislation.gov.uk/ukpga/2018/12/schedule/3/part/3/2019-12-02",
        "status": "verified",
    },
    "serious-harm-health": {
        "title": "DPA 2018 Sch. 3, health data, on the opinion of a health professional",
        "url": "http://www.legislation.gov.uk/ukpga/2018/12/schedule/3/enacted",
        "status": "verified",
    },
    "child-abuse-data": {
        "title": "DPA 2018 Sch. 3, child abuse data (paragraph and wording not checked)",
        "url": "http://www.legislation.gov.uk/ukpga/2018/12/schedule/3/enacted",
        "status": "to be confirmed by the area",
    },
}
