"""How does a request for one's own data come to an answer? Asked, ruled on, released or refused."""

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
    controller: str = ""  # the organisation that was asked; empty: whose key took it


@dataclass(frozen=True, kw_only=True)
class AccessExtended:
    """Its time is longer. `told_on`: when the person was told so, with the reason."""

    request: UUID
    due_on: date
    told_on: date
    reason: Sealed
    controller: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessRefused:
    """No pack: the person was told why. Nothing of the request is ruled on or released any more."""

    request: UUID
    reason: Sealed
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


AccessEvent: TypeAlias = (
    AccessRequested | AccessExtended | AccessRuled | AccessReleased | AccessRefused | AccessFetched
)


class SamePerson(Exception):
    """Who has ruled on any of it cannot release it as well."""


class TooLate(Exception):
    """It is released or refused: what was decided stands."""


class Extended(Exception):
    """Its time has been extended already: that is done once."""


@dataclass(frozen=True, kw_only=True)
class Access:
    requested: AccessRequested | None = None
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    deciders: frozenset[str] = frozenset()
    extended: AccessExtended | None = None
    released: AccessReleased | None = None
    refused: AccessRefused | None = None
    fetched: int = 0

    @property
    def is_over(self) -> bool:
        return self.released is not None or self.refused is not None

    @property
    def due_on(self) -> date | None:
        """None while nobody has asked."""
        told = self.extended or self.requested
        return told.due_on if told else None


def decide(command: AccessEvent, access: Access) -> Sequence[AccessEvent]:
    match command:
        case AccessRequested() if access.requested is not None:
            return ()
        case AccessRuled() | AccessReleased() | AccessRefused() | AccessExtended() if (
            access.is_over
        ):
            raise TooLate
        case AccessExtended() if access.extended is not None:
            raise Extended
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
        case AccessExtended():
            return replace(access, extended=event)
        case AccessReleased():
            return replace(access, released=event)
        case AccessRefused():
            return replace(access, refused=event)
        case AccessFetched():
            return replace(access, fetched=access.fetched + (event.what == "pack"))
        case _:
            return access


ACCESS: Decider[AccessEvent, Access, AccessEvent] = Decider(
    initial=Access(), decide=decide, evolve=evolve
)


def access_stream(request: UUID) -> str:
    return f"access-{request}"
