"""What does an event let one say about the adults, and about how many live with them?"""

from contracts.people import Person, SafeContact
from services.consent.domain.days import london_day
from services.consent.domain.matter import Matter, children_of
from services.consent.domain.telling import Fields, address_of, full_name, kept
from services.consent.domain.whereabouts import current_address


def harmed_fields(matter: Matter, harmed: Person, others: list[Person]) -> Fields:
    where = current_address(harmed, london_day(matter.now))
    children = children_of(matter)
    return {
        "harmed.name": full_name(harmed),
        "harmed.known_as": harmed.known_as,
        "harmed.date_of_birth": harmed.date_of_birth and harmed.date_of_birth.isoformat(),
        "harmed.safe_contact": safe_contact(harmed.safe_contact),
        "harmed.address": where and address_of(where),
        "others": [_brief(person) for person in others],
        "children": [_brief(child) for child in children],
        # For who finds a home: how many, and never who (ADR 0028).
        "household.size": 1 + sum(child.ref != harmed.ref for child in children),
    }


def safe_contact(told: SafeContact | None) -> Fields | None:
    if told is None:
        return None
    return kept(
        {
            "safe_to_call": told.safe_to_call,
            "never_contact_via": list(told.never_contact_via),
            "notes": told.notes,
        }
    )


def _brief(person: Person) -> Fields:
    return kept(
        {
            "ref": person.ref,
            "name": full_name(person),
            "date_of_birth": person.date_of_birth and person.date_of_birth.isoformat(),
        }
    )
