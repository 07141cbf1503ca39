"""How does a request for one's own data come to an answer? Asked, ruled on, released, fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

from services.chassis.commands import Decider
from services.chassis.sealing import Sealed
from services.consent.domain.access_pack import Ruling

Requester = Literal["the-person", "parental-responsibility", "solicitor"]


@dataclass(frozen=True, kw_only=True)
class AccessRequested:
    """`keys` are keyed hashes of the person; who that is stands sealed in `told`."""

    request: UUID
    keys: tuple[str, ...]
    requester: Requester
    received_on: date
    due_on: date
    told: Sealed
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessRuled:
    request: UUID
    rulings: tuple[Ruling, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessReleased:
    """`paths` are the fields that were there and had been looked at."""

    request: UUID
    paths: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessFetched:
    """Somebody saw it: for reviewing, or the pack that leaves the house."""

    request: UUID
    what: Literal["review", "pack"]
    form: str
    fields: int
    by: str
    at: datetime


AccessEvent: TypeAlias = AccessRequested | AccessRuled | AccessReleased | AccessFetched


class SamePerson(Exception):
    """Who has ruled on any of it cannot release it as well."""


class TooLate(Exception):
    """It is released: what was decided stands."""


@dataclass(frozen=True, kw_only=True)
class Access:
    requested: AccessRequested | None = None
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    deciders: frozenset[str] = frozenset()
    released: AccessReleased | None = None
    fetched: int = 0


def decide(command: AccessEvent, access: Access) -> Sequence[AccessEvent]:
    match command:
        case AccessRequested() if access.requested is not None:
            return ()
        case AccessRuled() if access.released is not None:
            raise TooLate
        case AccessReleased() if access.released is not None:
            raise TooLate
        case AccessReleased() if command.by in access.deciders:
            raise SamePerson
        case _:
            return (command,)


def evolve(access: Access, event: Any) -> Access:
    match event:
        case AccessRequested():
            return replace(access, requested=event)
        case AccessRuled():
            ruled = {one.path: one for one in event.rulings}
            by = {one.by for one in event.rulings}
            return replace(
                access, rulings={**access.rulings, **ruled}, deciders=access.deciders | by
            )
        case AccessReleased():
            return replace(access, released=event)
        case AccessFetched():
            return replace(access, fetched=access.fetched + (event.what == "pack"))
        case _:
            return access


ACCESS: Decider[AccessEvent, Access, AccessEvent] = Decider(
    initial=Access(), decide=decide, evolve=evolve
)


def access_stream(request: UUID) -> str:
    return f"access-{request}"
