"""What does an incident let one say, beside what it says of the child?"""

from contracts.events.police import IncidentRecorded
from services.consent.domain.matter import Matter, by_ref, once
from services.consent.domain.party_content import harmed_fields
from services.consent.domain.question import Question
from services.consent.domain.telling import Fields, instant, kept

# A record that the patient, or whoever holds the patient's telephone, may read online.
_ONLINE_RECORDS = frozenset({"health-visiting", "school-nursing", "midwifery", "general-practice"})


def incident_fields(question: Question) -> Fields:
    incident = incident_of(question.matter)
    handling = incident.handling
    return {
        **_incident(question.matter),
        **_sender(question),
        **_parties(question.matter),
        "social_care.informed": incident.childrens_services_informed,
        # Where the area has settled nothing, the careful instruction stands on the notification.
        "instructions.contact_parents": question.policy.settings.get("contact_parents", False),
        "instructions.hide_from_online_access": question.audience in _ONLINE_RECORDS or None,
        "dash.score": incident.dash and incident.dash.score,
        "dash.professional_judgement": incident.dash and incident.dash.professional_judgement,
        "incident.sexual_offence": handling and handling.sexual_offence,
        "incident.honour_based": handling and handling.honour_based,
    }


def incident_of(matter: Matter) -> IncidentRecorded:
    assert matter.incident is not None  # the caller looked
    return matter.incident


@once
def _incident(matter: Matter) -> Fields:
    incident = incident_of(matter)
    location = incident.location
    return {
        "incident.reference": incident.reference,
        "incident.occurred_at": instant(incident.occurred_at),
        "incident.occurred_until": instant(incident.occurred_until),
        "incident.believed_at": instant(incident.believed_at),
        "incident.category": incident.category,
        "incident.grading": incident.grading,
        "incident.intent": incident.intent,
        "incident.intent_reason": incident.intent_reason,
        # A refuge is never named as the kind of place: its being one is the secret.
        "incident.location_kind": location
        and ("other" if location.kind == "refuge" else location.kind),
        "incident.location": location
        and kept(
            {
                "kind": location.kind,
                "local_authority": location.local_authority,
                "police_area": location.police_area,
                "postcode": None if location.kind == "refuge" else location.postcode,
            }
        ),
        "incident.circumstances": list(incident.circumstances.kinds),
        "incident.summary": incident.circumstances.summary,
        "incident.counter_allegation": incident.parties.counter_allegation,
    }


def sender_of(question: Question) -> str:
    sender = question.area.organisations.get(question.matter.agency)
    return (sender.name if sender else "") or question.matter.agency


def _sender(question: Question) -> Fields:
    force = question.area.organisations.get(question.matter.agency)
    desks = [c for c in force.contacts if c.role == "desk"] if force else []
    return {
        "incident.force": sender_of(question),
        # Whoever reads it must be able to ask: without a desk of its own, the force itself.
        "incident.desk": [kept({"phone": desk.phone, "email": desk.email}) for desk in desks]
        or [{"organisation": sender_of(question)}],
    }


@once
def _parties(matter: Matter) -> Fields:
    incident, people = incident_of(matter), by_ref(matter)
    others = [people[ref] for ref in incident.parties.other]
    return harmed_fields(matter, people[incident.parties.harmed], others)
