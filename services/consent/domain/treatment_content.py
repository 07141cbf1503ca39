"""What does a provider's event let one say? Never more than that it ended or was missed."""

from contracts.events.treatment import AppointmentMissed, EpisodeEnded
from contracts.people import Person
from services.consent.domain.days import utc
from services.consent.domain.matter import Matter
from services.consent.domain.party_content import safe_contact
from services.consent.domain.telling import Fields, address_of, full_name, instant


def treatment_fields(matter: Matter, provider: str) -> Fields:
    return {"treatment.provider": provider, **_told(matter)}


def _told(matter: Matter) -> Fields:
    match matter.content:
        case EpisodeEnded():
            return {**_client(matter.content.client), **_episode(matter.content)}
        case AppointmentMissed():
            return {**_client(matter.content.client), **_appointment(matter.content)}
        case _:
            return {}


def _client(client: Person) -> Fields:
    return {
        "client.name": full_name(client),
        "client.known_as": client.known_as,
        "client.date_of_birth": client.date_of_birth and client.date_of_birth.isoformat(),
        "client.safe_contact": safe_contact(client.safe_contact),
        "client.addresses": [address_of(address) for address in client.addresses],
    }


def _episode(ended: EpisodeEnded) -> Fields:
    told = ended.client_told
    return {
        "treatment.episode": ended.episode,
        "treatment.ended_at": instant(ended.ended_at),
        "treatment.reason": ended.reason,
        "client.told": told and told.told,
        "client.why_not_told": told and told.why_not,
    }


def _appointment(missed: AppointmentMissed) -> Fields:
    return {
        "appointment.id": missed.appointment.id,
        "appointment.kind": missed.appointment.kind,
        "appointment.starts_at": utc(missed.appointment.starts_at).isoformat(),
        "appointment.outcome": missed.outcome,
        "appointment.contact_attempts": missed.contact_attempts,
    }
