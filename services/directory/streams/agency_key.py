"""May whoever holds this key still use it? Only the hash of its secret is ever written."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, assert_never


def stream_of(key_id: str) -> str:
    return f"key-{key_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyKeyIssued:
    key_id: str
    agency: str
    roles: tuple[str, ...]
    secret_hash: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyKeyRevoked:
    """The rest is repeated: a message tells the whole state."""

    key_id: str
    agency: str
    roles: tuple[str, ...]
    secret_hash: str
    revoked_at: datetime


AgencyKeyEvent: TypeAlias = AgencyKeyIssued | AgencyKeyRevoked


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueKey:
    key_id: str
    agency: str
    roles: tuple[str, ...]
    secret_hash: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeKey:
    at: datetime


AgencyKeyCommand: TypeAlias = IssueKey | RevokeKey


@dataclass(frozen=True, slots=True)
class AgencyKey:
    issued: AgencyKeyIssued | None = None
    revoked: bool = False


UNKNOWN = AgencyKey()


class KeyUnknown(Exception):
    """No such key was issued."""


def decide(command: AgencyKeyCommand, key: AgencyKey) -> tuple[AgencyKeyEvent, ...]:
    match command:
        case IssueKey():
            if key.issued is not None:
                return ()
            return (
                AgencyKeyIssued(
                    key_id=command.key_id,
                    agency=command.agency,
                    roles=command.roles,
                    secret_hash=command.secret_hash,
                    issued_at=command.at,
                ),
            )
        case RevokeKey():
            if key.issued is None:
                raise KeyUnknown
            if key.revoked:
                return ()
            return (
                AgencyKeyRevoked(
                    key_id=key.issued.key_id,
                    agency=key.issued.agency,
                    roles=key.issued.roles,
                    secret_hash=key.issued.secret_hash,
                    revoked_at=command.at,
                ),
            )
        case _:
            assert_never(command)


def evolve(key: AgencyKey, event: AgencyKeyEvent) -> AgencyKey:
    match event:
        case AgencyKeyIssued():
            return AgencyKey(issued=event)
        case AgencyKeyRevoked():
            return AgencyKey(issued=key.issued, revoked=True)
