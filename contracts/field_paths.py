"""Which fields can be disclosed at all, of what kind is each, and who may never be shown a kind?

A profile may name only what stands here. The kinds serve two checks at the loading of an agreement:
what its gateway excludes, and what the minimisation matrix keeps from an audience (ADR 0028).
"""

from collections.abc import Iterable
from typing import Literal

FieldKind = Literal[
    "child-identity",
    "adult-identity",
    "address",
    "siblings",
    "schooling",
    "safe-contact",
    "incident",
    "narrative",
    "child-voice",
    "history",
    "risk",
    "allegation",
    "patient-information",
    "marac",
    "referral",
    "household",
    "instructions",
]
_CHILD: tuple[FieldKind, ...] = ("child-identity",)
_ADULT: tuple[FieldKind, ...] = ("adult-identity",)
_CLIENT: tuple[FieldKind, ...] = ("adult-identity", "patient-information")
_PATIENT: tuple[FieldKind, ...] = ("patient-information",)
_INCIDENT: tuple[FieldKind, ...] = ("incident",)
_VOICE: tuple[FieldKind, ...] = ("child-voice", "narrative")
_RISK: tuple[FieldKind, ...] = ("risk",)
_MARAC: tuple[FieldKind, ...] = ("marac",)
_REFERRAL: tuple[FieldKind, ...] = ("referral",)
_INSTRUCTION: tuple[FieldKind, ...] = ("instructions",)

FIELDS: dict[str, tuple[FieldKind, ...]] = {
    "child.name": _CHILD,
    "child.known_as": _CHILD,
    "child.date_of_birth": _CHILD,
    "child.sex": _CHILD,
    "child.addresses": ("address",),
    "child.education": ("schooling",),
    "education.status": ("schooling",),
    "child.presence": _INCIDENT,
    "child.welfare_check": _INCIDENT,
    "child.spoken_to": ("child-voice",),
    "child.words": _VOICE,
    "child.demeanour": _VOICE,
    "history.count_12_months": ("history",),
    "history.dates_12_months": ("history",),
    "history.incidents_12_months": ("history",),
    "history.missed_appointments_12_months": ("history", "patient-information"),
    "people": (
        "child-identity",
        "adult-identity",
        "address",
        "siblings",
        "schooling",
        "safe-contact",
    ),
    "harmed.name": _ADULT,
    "harmed.known_as": _ADULT,
    "harmed.date_of_birth": _ADULT,
    "harmed.address": ("address",),
    "harmed.safe_contact": ("safe-contact",),
    "others": ("adult-identity", "allegation"),
    "children": ("child-identity", "siblings"),
    "household.size": ("household",),
    "incident.reference": _INCIDENT,
    "incident.occurred_at": _INCIDENT,
    "incident.occurred_until": _INCIDENT,
    "incident.believed_at": _INCIDENT,
    "incident.category": _INCIDENT,
    "incident.circumstances": _INCIDENT,
    "incident.location_kind": _INCIDENT,
    "incident.force": _INCIDENT,
    "incident.desk": _INCIDENT,
    "incident.location": ("address",),
    "incident.summary": ("narrative",),
    "incident.intent": _INCIDENT,
    "incident.intent_reason": ("narrative",),
    "incident.grading": _RISK,
    "incident.honour_based": _RISK,
    "incident.sexual_offence": ("allegation",),
    "incident.counter_allegation": ("allegation",),
    "dash.score": _RISK,
    "dash.professional_judgement": _RISK,
    "social_care.informed": _INCIDENT,
    "instructions.contact_parents": _INSTRUCTION,
    "instructions.collection": ("instructions", "narrative"),
    "instructions.hide_from_online_access": _INSTRUCTION,
    "client.name": _CLIENT,
    "client.known_as": _CLIENT,
    "client.date_of_birth": _CLIENT,
    "client.safe_contact": ("safe-contact", "patient-information"),
    "client.addresses": ("address", "patient-information"),
    "client.told": _PATIENT,
    "client.why_not_told": ("narrative", "patient-information"),
    "treatment.provider": _PATIENT,
    "treatment.episode": _PATIENT,
    "treatment.ended_at": _PATIENT,
    "treatment.reason": _PATIENT,
    "appointment.id": _PATIENT,
    "appointment.kind": _PATIENT,
    "appointment.starts_at": _PATIENT,
    "appointment.outcome": _PATIENT,
    "appointment.contact_attempts": _PATIENT,
    "marac.reference": _MARAC,
    "marac.referred_at": _MARAC,
    "marac.reasons": ("marac", "risk"),
    "marac.victim_aware": _MARAC,
    "marac.consent": _MARAC,
    "referral.by": _REFERRAL,
    "referral.reference": _REFERRAL,
    "referral.intent": _REFERRAL,
    "referral.made_at": _REFERRAL,
    "referral.made_by_phone": _REFERRAL,
}

_EDUCATION: frozenset[FieldKind] = frozenset(
    {
        "address",
        "siblings",
        "adult-identity",
        "safe-contact",
        "patient-information",
        "risk",
        "allegation",
        "marac",
    }
)
_HEALTH: frozenset[FieldKind] = frozenset({"risk", "marac", "patient-information", "siblings"})

# What the matrix keeps from an audience whoever agrees (ADR 0028). What the person has
# consented to is theirs to give: BY_CONSENT is lifted where an agreement rests on consent.
NEVER: dict[str, frozenset[FieldKind]] = {
    "education": _EDUCATION,
    "home-education-officer": _EDUCATION,
    "children-missing-education": _EDUCATION,
    "health-visiting": _HEALTH,
    "school-nursing": _HEALTH,
    "midwifery": _HEALTH,
    "general-practice": _HEALTH | {"child-voice", "narrative"},
    "idva": frozenset({"patient-information"}),
    "treatment": frozenset({"address", "siblings", "child-voice", "risk", "narrative"}),
    "housing": frozenset(
        {"child-identity", "siblings", "child-voice", "narrative", "risk", "patient-information"}
    ),
    "probation": frozenset({"child-identity", "siblings", "child-voice", "patient-information"}),
    "referrer": frozenset(
        {
            "child-identity",
            "siblings",
            "address",
            "incident",
            "narrative",
            "child-voice",
            "history",
            "risk",
            "allegation",
            "marac",
            "patient-information",
        }
    ),
}
BY_CONSENT: frozenset[FieldKind] = frozenset({"patient-information"})


def named_by(path: str) -> tuple[str, ...]:
    """The fields that one path of a profile names: itself, or all below `something.*`."""
    if path.endswith(".*"):
        return tuple(field for field in FIELDS if field.startswith(path[:-1]))
    return (path,) if path in FIELDS else ()


def kinds_of(path: str) -> frozenset[FieldKind]:
    return frozenset(kind for field in named_by(path) for kind in FIELDS[field])


def never_shown(audience: str, *, by_consent: bool) -> frozenset[FieldKind]:
    kept = NEVER.get(audience, frozenset())
    return kept - BY_CONSENT if by_consent else kept


def of_kinds(paths: Iterable[str], kinds: frozenset[FieldKind]) -> tuple[str, ...]:
    """Those of the paths that would show something of these kinds, in their order."""
    return tuple(path for path in paths if kinds_of(path) & kinds)
