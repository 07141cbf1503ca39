"""Whose webhook is this, and what happens when its payload cannot be read as an event?"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid5

from services.chassis.sealing import Sealed

_HOOKS = UUID("2d4e1c7a-9b38-5a61-8a5d-71a0c0a6b3e9")
_FAILURES = UUID("c19d2f64-6a0e-5f7b-9a2e-0b4f5d8e7a36")
_TASKS = UUID("8c3a7f52-1d4b-5c9e-b7f0-6e2d9a4c1b58")
SECRETS_AT_ONCE = 3  # a provider that rotates needs two; more would only be more to lose


@dataclass(frozen=True, slots=True, kw_only=True)
class HookDefined:
    """The last definition holds. Without a mapping every delivery waits for a person."""

    hook: str
    organisation: str
    mapping: str | None
    secrets: Sealed  # list[str], the newest first
    defined_by: str
    defined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where and what, never the value itself."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFailed:
    """What an agency sent could not be read, and nobody else can tell it: a person looks.

    The payload is sealed under a key of its own, which is destroyed when the task is done.
    """

    failure: UUID
    task: UUID  # the id of the resolve-mapping task that its owner gets
    organisation: str
    door: str  # hook or amqp
    hook: str | None = None
    payload: Sealed
    faults: tuple[Fault, ...]
    failed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingResolved:
    """The same delivery came again and could be read."""

    failure: UUID
    task: UUID
    resolved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmappedRead:
    """Somebody of its owner looked at the payload: every reading is kept."""

    task: UUID
    by: str
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused:
    """What an agency put on the broker was refused. Every time: also when it was told by reply."""

    message: UUID
    agency: str | None  # None when the broker did not vouch for anybody
    status: int
    faults: tuple[Fault, ...]
    replied: bool
    refused_at: datetime


HookEvent: TypeAlias = HookDefined | MappingFailed | MappingResolved | UnmappedRead | MessageRefused
UnmappedEvent: TypeAlias = MappingFailed | MappingResolved | UnmappedRead


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    at: datetime


def hook_stream(hook: str) -> str:
    return f"hook-{uuid5(_HOOKS, hook)}"


def failure_of(door: str, sender: str, delivery: str) -> UUID:
    """The same delivery fails once, however often it comes."""
    return uuid5(_FAILURES, f"{door}|{sender}|{delivery}")


def unmapped_stream(task: UUID) -> str:
    """Found by the task that somebody has in hand."""
    return f"unmapped-{task}"


def refusal_stream(message: UUID) -> str:
    return f"refused-{message}"


def task_of(failure: UUID) -> UUID:
    return uuid5(_TASKS, str(failure))


def sealed_under(task: UUID) -> str:
    return f"unmapped-{task}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmapped:
    """The state of one failed delivery."""

    failed: MappingFailed | None = None
    resolved: bool = False


def decide(
    command: MappingFailed | Resolve | UnmappedRead, state: Unmapped
) -> tuple[UnmappedEvent, ...]:
    match command:
        case MappingFailed():
            return () if state.failed else (command,)
        case UnmappedRead():
            return (command,)
        case Resolve():
            if state.failed is None or state.resolved:
                return ()
            return (
                MappingResolved(
                    failure=state.failed.failure, task=state.failed.task, resolved_at=command.at
                ),
            )


def evolve(state: Unmapped, event: UnmappedEvent) -> Unmapped:
    match event:
        case MappingFailed():
            return Unmapped(failed=event)
        case MappingResolved():
            return Unmapped(failed=state.failed, resolved=True)
        case UnmappedRead():
            return state
