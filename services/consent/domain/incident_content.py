"""What does an incident let one say, beside what it says of the child?"""

from contracts.events.police import IncidentRecorded
from contracts.people import Person
from services.consent.domain.days import london_day
from services.consent.domain.matter import Matter, by_ref, children_of, once
from services.consent.domain.question import Question
from services.consent.domain.telling import Fields, address_of, full_name, instant, kept
from services.consent.domain.whereabouts import current_address


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
    harmed = people[incident.parties.harmed]
    where = current_address(harmed, london_day(matter.now))
    return {
        "harmed.name": full_name(harmed),
        "harmed.known_as": harmed.known_as,
        "harmed.date_of_birth": harmed.date_of_birth and harmed.date_of_birth.isoformat(),
        "harmed.safe_contact": harmed.safe_contact
        and kept(
            {
                "safe_to_call": harmed.safe_contact.safe_to_call,
                "never_contact_via": list(harmed.safe_contact.never_contact_via),
                "notes": harmed.safe_contact.notes,
            }
        ),
        "harmed.address": where and address_of(where),
        "others": [_brief(people[ref]) for ref in incident.parties.other],
        "children": [_brief(child) for child in children_of(matter)],
    }


def _brief(person: Person) -> Fields:
    return kept(
        {
            "ref": person.ref,
            "name": full_name(person),
            "date_of_birth": person.date_of_birth and person.date_of_birth.isoformat(),
        }
    )
