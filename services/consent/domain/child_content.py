"""What does an event let one say about one child?"""

from datetime import datetime

from services.consent.domain.days import london_day, within_months_after
from services.consent.domain.matter import child_entry
from services.consent.domain.question import Question
from services.consent.domain.telling import Fields, address_of, full_name, kept


def child_fields(question: Question) -> Fields:
    child, matter = question.person, question.matter
    found: Fields = {
        "child.name": full_name(child),
        "child.known_as": child.known_as,
        "child.date_of_birth": child.date_of_birth and child.date_of_birth.isoformat(),
        "child.sex": child.sex,
        "child.addresses": [address_of(address) for address in child.addresses],
        "education.status": [entry.status for entry in child.education],
        "child.education": [entry.name or entry.urn or entry.status for entry in child.education],
    }
    entry = child_entry(matter.incident, child.ref) if matter.incident else None
    if entry is not None:
        spoken = entry.spoken_to
        found |= {
            "child.presence": entry.presence,
            "child.welfare_check": entry.welfare_check,
            "child.spoken_to": spoken
            and kept(
                {"outcome": spoken.outcome, "alone": spoken.alone, "reason_not": spoken.reason_not}
            ),
            "child.words": spoken and spoken.words,
            "child.demeanour": spoken and spoken.demeanour,
        }
        found |= _history(question)
    return found


def _history(question: Question) -> Fields:
    """Earlier incidents only: this one is not its own history."""
    then: datetime = question.matter.happened_at
    dates = sorted(
        at
        for at in question.facts.earlier.get(question.person.ref, ())
        if within_months_after(at, then, 12)
    )
    return {
        "history.count_12_months": len(dates),
        "history.dates_12_months": [london_day(at).isoformat() for at in dates],
    }
