"""Where might the whereabouts of a refuge still stand? In free text and in wrongly named addresses.

Whatever the profile, the postcode of a refuge that the event gives away is taken out of every text
that leaves.
"""

import re
from typing import Any

from contracts.identity import postcode
from services.consent.domain.matter import Matter, once, people_of

_INSTEAD = "[refuge]"


@once
def refuge_postcodes(matter: Matter) -> frozenset[str]:
    found = {
        address.postcode
        for person in people_of(matter.content)
        for address in person.addresses
        if address.kind == "refuge" and address.postcode
    }
    location = matter.incident.location if matter.incident else None
    if location is not None and location.kind == "refuge" and location.postcode:
        found.add(location.postcode)
    return frozenset(postcode(code) for code in found)


def without_refuges(told: Any, postcodes: frozenset[str]) -> Any:
    """The same, with every mention of those postcodes replaced, spaced and cased as it may be."""
    if not postcodes:
        return told
    if isinstance(told, str):
        return _pattern(postcodes).sub(_INSTEAD, told)
    if isinstance(told, list):
        return [without_refuges(item, postcodes) for item in told]
    if isinstance(told, dict):
        return {name: without_refuges(value, postcodes) for name, value in told.items()}
    return told


def _pattern(postcodes: frozenset[str]) -> re.Pattern[str]:
    spaced = [r"\s*".join(map(re.escape, code)) for code in sorted(postcodes)]
    return re.compile("|".join(spaced), re.IGNORECASE)
