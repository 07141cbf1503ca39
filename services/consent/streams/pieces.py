"""How is a raw event kept so that one person in it can be forgotten? In pieces, sealed alone."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

from services.chassis.sealing import Sealed
from services.consent.streams.events import EventTaken

_PERSON = "$person"


class Forgotten(Exception):
    """The key of somebody in the event was destroyed: it cannot be read whole any more."""


def sealed_under(taking: UUID, subject: UUID | None = None) -> str:
    """The name of the key of one person in one event, or of the rest of that event.

    `taking` is the message that brought it. A key of each event is why a case may end while
    another case of the same person lives on, and why what comes meanwhile is not lost (ADR 0033).
    """
    return f"{taking}/{subject}" if subject else str(taking)


def keys_in(told: Any) -> Iterator[str]:
    """The name of every key under which anything of this event is sealed, however deep."""
    if isinstance(told, Sealed):
        yield told.subject
    elif is_dataclass(told):
        for each in fields(told):
            yield from keys_in(getattr(told, each.name))
    elif isinstance(told, tuple | list):
        for item in told:
            yield from keys_in(item)
    elif isinstance(told, dict):
        yield from keys_in(tuple(told.values()))


def without_people(told: Any) -> Any:
    """The event with a mark in place of every person."""
    if _is_person(told):
        return {_PERSON: told["ref"]}
    if isinstance(told, dict):
        return {name: without_people(value) for name, value in told.items()}
    if isinstance(told, list):
        return [without_people(item) for item in told]
    return told


def people_in(told: Any) -> dict[str, Any]:
    """Every person as raw JSON, by ref."""
    if _is_person(told):
        return {told["ref"]: told}
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return {ref: person for part in parts for ref, person in people_in(part).items()}


def _is_person(told: Any) -> bool:
    return isinstance(told, dict) and "ref" in told and "family_name" in told


def whole(taken: EventTaken) -> dict[str, Any]:
    """The event as it was sent. Raises Forgotten."""
    people = {described.ref: described.person for described in taken.people}
    if taken.rest.value is None:
        raise Forgotten
    joined = _with_people(taken.rest.value, people)
    assert isinstance(joined, dict)
    return joined


def people_marked(taken: EventTaken) -> dict[str, Any]:
    """The event as far as it is there: whoever is forgotten is left out of it."""
    people = {one.ref: one.person for one in taken.people if one.person.value is not None}
    kept = _without_forgotten(taken.rest.value, frozenset(people))
    joined = _with_people(kept, people)
    assert isinstance(joined, dict)
    return joined


def _without_forgotten(told: Any, known: frozenset[str]) -> Any:
    if isinstance(told, dict):
        kept = {name: _without_forgotten(value, known) for name, value in told.items()}
        return {name: value for name, value in kept.items() if not _is_forgotten(value, known)}
    if isinstance(told, list):
        kept_items = [_without_forgotten(item, known) for item in told]
        return [item for item in kept_items if not _is_forgotten(item, known)]
    return told


def _is_forgotten(told: Any, known: frozenset[str]) -> bool:
    return isinstance(told, dict) and set(told) == {_PERSON} and told[_PERSON] not in known


def _with_people(told: Any, people: Mapping[str, Sealed]) -> Any:
    if isinstance(told, dict):
        if set(told) == {_PERSON}:
            person = people[told[_PERSON]].value
            if person is None:
                raise Forgotten
            return person
        return {name: _with_people(value, people) for name, value in told.items()}
    if isinstance(told, list):
        return [_with_people(item, people) for item in told]
    return told
