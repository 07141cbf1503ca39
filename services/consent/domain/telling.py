"""How is a person, an address or a moment written down for those who may see it?

Written out field by field, so that a field added to an event is told to nobody by itself.
"""

from datetime import datetime
from typing import Any

from contracts.people import Address, Person
from services.consent.domain.days import utc

Fields = dict[str, Any]


def full_name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


def address_of(address: Address) -> Fields:
    """Of a refuge only the area is left, whoever reads: the rest is its safety."""
    told: Fields = {
        "kind": address.kind,
        "local_authority": address.local_authority,
        "police_area": address.police_area,
        "since": address.since and address.since.isoformat(),
        "until": address.until and address.until.isoformat(),
    }
    if address.kind != "refuge":
        told |= {
            "lines": list(address.lines),
            "postcode": address.postcode,
            "uprn": address.uprn,
        }
    return kept(told)


def described(person: Person) -> Fields:
    """One person as social care needs it; written out, so that nothing new slips in."""
    return kept(
        {
            "ref": person.ref,
            "name": full_name(person),
            "known_as": person.known_as,
            "date_of_birth": person.date_of_birth and person.date_of_birth.isoformat(),
            "sex": person.sex,
            "nhs_number": person.identifiers.nhs_number,
            "upn": person.identifiers.upn,
            "addresses": [address_of(address) for address in person.addresses],
            "relationships": [{"to": link.to, "kind": link.kind} for link in person.relationships],
            "education": [
                kept({"status": entry.status, "urn": entry.urn, "name": entry.name})
                for entry in person.education
            ],
            "works_or_volunteers_at": [
                kept({"urn": work.urn, "organisation": work.organisation, "name": work.name})
                for work in person.works_or_volunteers_at
            ],
            "safe_contact": person.safe_contact
            and kept(
                {
                    "safe_to_call": person.safe_contact.safe_to_call,
                    "never_contact_via": list(person.safe_contact.never_contact_via),
                    "notes": person.safe_contact.notes,
                }
            ),
        }
    )


def kept(told: Fields) -> Fields:
    return {name: value for name, value in told.items() if value not in (None, [], {}, "")}


def instant(at: datetime | None) -> str | None:
    return None if at is None else utc(at).isoformat()
