"""Is this child related to a party? One entry suffices, from either side (DAA 2021 s.3).

"See, hear or experience the effects" needs no presence, but needs a parent, a person with parental
responsibility or a relative (Family Law Act 1996 s.63) among those between whom it happened.
"""

from collections.abc import Iterator

from contracts.events.police import IncidentRecorded
from contracts.people import Person
from services.consent.domain.matter import parties_of

_RELATED = frozenset(
    {
        "parent",
        "step-parent",
        "parental-responsibility",
        "child",
        "step-child",
        "sibling",
        "relative",
    }
)
_PARENT = frozenset({"parent", "step-parent", "parental-responsibility"})
_CHILD = frozenset({"child", "step-child"})


def kinds_between(one: Person, other: Person) -> Iterator[str]:
    yield from (link.kind for link in one.relationships if link.to == other.ref)
    yield from (link.kind for link in other.relationships if link.to == one.ref)


def is_parent_of(one: Person, child: Person) -> bool:
    """Either "I am the parent of" on the one or "I am the child of" on the other."""
    return any(link.to == child.ref and link.kind in _PARENT for link in one.relationships) or any(
        link.to == one.ref and link.kind in _CHILD for link in child.relationships
    )


def relatedness(incident: IncidentRecorded, child: Person) -> bool | None:
    """True, False, or None where the event does not let it be judged."""
    if child.ref in parties_of(incident):
        return True
    people = {person.ref: person for person in incident.people}
    kinds = {kind for ref in parties_of(incident) for kind in kinds_between(child, people[ref])}
    if kinds & _RELATED:
        return True
    return False if kinds == {"unrelated"} else None
