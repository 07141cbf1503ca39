"""Where does a recipient want its webhooks, and which keys sign them?"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID, uuid5

from services.chassis.sealing import Sealed

_ENDPOINTS = UUID("e7b1c2d3-0f4a-5b6c-8d7e-9f0a1b2c3d4e")
GRACE = timedelta(hours=24)
OLD_KEYS = 2  # a receiver that cannot follow two rotations in a day needs a person, not a third


class Signing(StrEnum):
    V1 = "v1"  # one shared secret
    V1A = "v1a"  # we sign with a private key, the receiver holds the public one


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSaved:
    endpoint: str
    organisation: str
    url: Sealed  # an address may carry a token in its query
    enabled: bool
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIssued:
    """The newest key signs; the one before it signs beside it until its grace is over."""

    endpoint: str
    organisation: str
    signing: Signing
    secret: Sealed  # whsec_ or whsk_
    public: str | None = None  # whpk_, for v1a
    grace_until: datetime | None = None  # of the keys before this one
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFailing:
    """A change of state for people to see. It stops nothing: a statutory recipient is never
    switched off, and its inbox has the notification in any case."""

    endpoint: str
    organisation: str
    since: datetime  # the first failed attempt, not the last


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRecovered:
    endpoint: str
    organisation: str
    recovered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendAsked:
    """Send again everything announced since `since`: recorded apart, each with a new id."""

    endpoint: str
    organisation: str
    resend: UUID
    since: datetime
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialAsked:
    """Its owner wants to see one webhook arrive."""

    endpoint: str
    organisation: str
    test: UUID
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRemoved:
    endpoint: str
    organisation: str
    removed_at: datetime


EndpointEvent: TypeAlias = (
    EndpointSaved
    | KeyIssued
    | EndpointFailing
    | EndpointRecovered
    | ResendAsked
    | TrialAsked
    | EndpointRemoved
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    signing: Signing
    secret: Sealed
    public: str | None
    until: datetime | None = None  # None: the present key

    def signs_at(self, now: datetime) -> bool:
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    exists: bool = False
    url: Sealed | None = None
    enabled: bool = False
    keys: tuple[Key, ...] = ()  # the newest first
    failing_since: datetime | None = None

    def signing_keys(self, now: datetime) -> tuple[Key, ...]:
        return tuple(key for key in self.keys if key.signs_at(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveEndpoint:
    endpoint: str
    organisation: str
    url: Sealed
    enabled: bool
    first_key: KeyIssued | None  # taken when there is none of this kind yet
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKey:
    key: KeyIssued


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEndpoint:
    endpoint: str
    organisation: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableEndpoint:
    endpoint: str
    organisation: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAttempt:
    """One attempt went or failed; `at` is the time of the attempt."""

    endpoint: str
    organisation: str
    went: bool
    at: datetime


EndpointCommand: TypeAlias = (
    SaveEndpoint
    | RotateKey
    | EnableEndpoint
    | RemoveEndpoint
    | NoteAttempt
    | ResendAsked
    | TrialAsked
)


class NoEndpoint(Exception):
    """There is no such endpoint."""


def stream_of(organisation: str, endpoint: str) -> str:
    """Ids are the recipient's own: two recipients may choose the same one."""
    return f"endpoint-{uuid5(_ENDPOINTS, f'{organisation}|{endpoint}')}"


def decide(command: EndpointCommand, state: Endpoint) -> tuple[EndpointEvent, ...]:
    if isinstance(command, SaveEndpoint):
        return _save(command, state)
    if isinstance(command, NoteAttempt):
        return _note(command, state)
    if not state.exists:
        if isinstance(command, RemoveEndpoint):
            return ()
        raise NoEndpoint
    match command:
        case RotateKey():
            return (command.key,)
        case EnableEndpoint():
            return _enable(command, state)
        case RemoveEndpoint():
            return (
                EndpointRemoved(
                    endpoint=command.endpoint,
                    organisation=command.organisation,
                    removed_at=command.at,
                ),
            )
        case ResendAsked() | TrialAsked():
            return (command,)


def _save(command: SaveEndpoint, state: Endpoint) -> tuple[EndpointEvent, ...]:
    events: list[EndpointEvent] = []
    if (state.url, state.enabled) != (command.url, command.enabled):
        events.append(
            EndpointSaved(
                endpoint=command.endpoint,
                organisation=command.organisation,
                url=command.url,
                enabled=command.enabled,
                saved_at=command.at,
            )
        )
    key = command.first_key
    if key and (not state.keys or state.keys[0].signing is not key.signing):
        events.append(key)
    return tuple(events)


def _enable(command: EnableEndpoint, state: Endpoint) -> tuple[EndpointEvent, ...]:
    named = {"endpoint": command.endpoint, "organisation": command.organisation}
    events: list[EndpointEvent] = []
    if not state.enabled and state.url is not None:
        events.append(EndpointSaved(url=state.url, enabled=True, saved_at=command.at, **named))
    if state.failing_since is not None:
        events.append(EndpointRecovered(recovered_at=command.at, **named))
    return tuple(events)


def _note(command: NoteAttempt, state: Endpoint) -> tuple[EndpointEvent, ...]:
    if not state.exists:
        return ()  # removed meanwhile
    if command.went and state.failing_since:
        return (
            EndpointRecovered(
                endpoint=command.endpoint,
                organisation=command.organisation,
                recovered_at=command.at,
            ),
        )
    if not command.went and state.failing_since is None:
        return (
            EndpointFailing(
                endpoint=command.endpoint, organisation=command.organisation, since=command.at
            ),
        )
    return ()


def evolve(state: Endpoint, event: EndpointEvent) -> Endpoint:
    match event:
        case EndpointSaved():
            return replace(state, exists=True, url=event.url, enabled=event.enabled)
        case KeyIssued():
            return replace(state, keys=_keys(state.keys, event))
        case EndpointFailing():
            return replace(state, failing_since=event.since)
        case EndpointRecovered():
            return replace(state, failing_since=None)
        case EndpointRemoved():
            return Endpoint()
        case ResendAsked() | TrialAsked():
            return state


def _keys(keys: tuple[Key, ...], issued: KeyIssued) -> tuple[Key, ...]:
    until = issued.grace_until or issued.issued_at
    old = tuple(replace(key, until=min(key.until or until, until)) for key in keys)
    new = Key(signing=issued.signing, secret=issued.secret, public=issued.public)
    return (new, *old[:OLD_KEYS])
