"""What do the other services hear of an event? The whole state of what it changed, as it was then.

A receiver keeps the highest version it has seen of each thing, so it does not matter in which
order, or how often, it hears them (ADR 0018).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any
from uuid import UUID

from contracts.messages import (
    AGENCY_KEY_STATE,
    DIRECTORY,
    ORGANISATION_STATE,
    PUPIL_STATE,
    AgencyKeyState,
    OrganisationState,
    PupilState,
)
from services.chassis.bus import Message
from services.chassis.store import EventStore, Recorded
from services.directory.streams import organisation
from services.directory.streams.agency_key import (
    AgencyKeyEvent,
    AgencyKeyIssued,
    AgencyKeyRevoked,
)
from services.directory.streams.calendar_layer import (
    CalendarConfirmed,
    CalendarSet,
    ClosureAnnounced,
    ClosureWithdrawn,
)
from services.directory.streams.organisation import (
    ContactRemoved,
    ContactsConfirmed,
    ContactSet,
    OrganisationClosed,
    OrganisationReopened,
    OrganisationSet,
)
from services.directory.streams.register import (
    PupilChanged,
    PupilLeft,
    PupilRegistered,
    PupilRemoved,
    RegisterEvent,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One state message. `id` is the id of the event that made the state what it is."""

    id: UUID
    type: str
    body: dict[str, Any]


_FACTS = ("upn", "person", "nhs", "also", "starts", "until")


class Telling:
    """Translates own events for the relay."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def __call__(self, recorded: Recorded) -> Sequence[Message]:
        told = await self._told(recorded)
        if told is None:
            return ()
        return (
            Message(
                id=told.id,
                exchange=DIRECTORY,
                type=told.type,
                body=told.body,
                correlation_id=recorded.context.correlation_id,
                causation_id=recorded.event_id,
                traceparent=recorded.context.traceparent,
            ),
        )

    async def _told(self, recorded: Recorded) -> Told | None:
        match recorded.event:
            case (
                OrganisationSet()
                | OrganisationClosed()
                | OrganisationReopened()
                | CalendarSet()
                | CalendarConfirmed()
                | ClosureAnnounced()
                | ClosureWithdrawn()
                | ContactSet()
                | ContactRemoved()
                | ContactsConfirmed() as said
            ):
                # A first event needs no look at the stream: a whole register is imported so.
                history = (
                    [recorded]
                    if recorded.version == 1
                    else await self._store.read_stream(recorded.stream)
                )
                return organisation_told(said.organisation, recorded.version, history)
            case PupilRegistered() | PupilChanged() | PupilLeft() | PupilRemoved() as said:
                return _pupil(recorded, said)
            case AgencyKeyIssued() | AgencyKeyRevoked() as said:
                return _key(recorded, said)
            case _:
                return None  # an import that was noted is nobody else's affair


def organisation_told(name: str, version: int, history: Sequence[Recorded]) -> Told:
    """The state at exactly `version`, whatever was recorded since: one id has one content."""
    until = [each for each in history if each.version <= version]
    known = reduce(organisation.evolve, (each.event for each in until), organisation.UNKNOWN)
    state = OrganisationState(version=version, organisation=known.as_message())
    return Told(id=until[-1].event_id, type=ORGANISATION_STATE, body=state.model_dump(mode="json"))


def pupil_told(event_id: UUID, state: PupilState) -> Told:
    return Told(id=event_id, type=PUPIL_STATE, body=state.model_dump(mode="json"))


def key_told(event_id: UUID, state: AgencyKeyState) -> Told:
    return Told(id=event_id, type=AGENCY_KEY_STATE, body=state.model_dump(mode="json"))


def _pupil(recorded: Recorded, said: RegisterEvent) -> Told:
    facts: dict[str, Any] = {"removed": True}
    if not isinstance(said, PupilRemoved):
        facts = {name: getattr(said, name) for name in _FACTS}
    state = PupilState(
        version=recorded.version,
        enrolment=said.enrolment,
        organisation=said.organisation,
        **facts,
    )
    return pupil_told(recorded.event_id, state)


def _key(recorded: Recorded, said: AgencyKeyEvent) -> Told:
    state = AgencyKeyState(
        version=recorded.version,
        key_id=said.key_id,
        agency=said.agency,
        roles=said.roles,
        secret_hash=said.secret_hash,
        revoked=isinstance(said, AgencyKeyRevoked),
    )
    return key_told(recorded.event_id, state)
