"""What did consent decide, and where does it go? One decision, its content sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from contracts.messages import ClockRule, Outcome, Reason, Routing
from services.chassis.sealing import Sealed
from services.notify.domain.placement import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecorded:
    decision: UUID
    case: UUID
    receipt: UUID
    source: str
    event_id: str
    event_type: str
    about: str
    subject: UUID
    audience: str
    outcome: Outcome
    because: tuple[Reason, ...]
    decided_at: datetime
    recorded_at: datetime
    agreement: str | None
    agreement_version: str | None
    profile: str | None
    shows: tuple[str, ...]
    supersedes: UUID | None
    correction: bool
    rests_on_consent: bool = False
    phone_first: bool = False
    urgent: bool = False
    due: ClockRule | None = None
    routing: Routing | None = None
    content: Sealed | None = None  # under `content_key`
    correction_reason: Sealed | None = None  # under the same


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSuperseded:
    decision: UUID
    by: UUID
    outcome: Outcome
    correction: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Chosen before anything is raised, so that a crash between the two chooses nothing else."""

    decision: UUID
    round: int
    organisations: tuple[str, ...]
    not_before: dict[str, date]
    by_register: tuple[str, ...]
    left_out: tuple[str, ...]
    at: datetime
    by_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    decision: UUID
    round: int
    problem: Problem
    left_out: tuple[str, ...]
    at: datetime


class Exclusion(StrEnum):
    NOT_OURS = "not-ours"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationExcluded:
    """Finding the organisation starts again without this one."""

    decision: UUID
    organisation: str
    why: Exclusion
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionClosed:
    """The sender retracted: nothing more is told of it."""

    decision: UUID
    at: datetime


DecisionEvent: TypeAlias = (
    DecisionRecorded
    | DecisionSuperseded
    | Placed
    | Unplaced
    | OrganisationExcluded
    | DecisionClosed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    recorded: DecisionRecorded | None = None
    ended: bool = False  # superseded or withdrawn
    end: DecisionSuperseded | DecisionClosed | None = None
    round: int = 0
    waiting: bool = False  # to be placed
    problem: Problem | None = None
    excluded: frozenset[str] = frozenset()


INITIAL = Decision()

Command: TypeAlias = DecisionEvent  # each is a fact to be kept, unless it says nothing new


def decide(command: Command, state: Decision) -> Sequence[DecisionEvent]:
    match command:
        case DecisionRecorded():
            if state.recorded is not None:
                return ()
            # Messages may come in any order: what ended it is said once more, after its beginning.
            return (command,) if state.end is None else (command, state.end)
        case DecisionSuperseded():
            return () if isinstance(state.end, DecisionSuperseded) else (command,)
        case DecisionClosed():
            return () if state.ended else (command,)
        case OrganisationExcluded():
            return () if command.organisation in state.excluded else (command,)
        case Placed() | Unplaced():
            if state.ended or not state.waiting:
                return ()
            if isinstance(command, Unplaced) and command.problem is state.problem:
                return ()
            return (replace(command, round=state.round),)


def evolve(state: Decision, event: Any) -> Decision:
    match event:
        case DecisionRecorded():
            waiting = event.outcome is Outcome.DISCLOSED and not state.ended
            return replace(state, recorded=event, waiting=waiting, round=1)
        case DecisionSuperseded():
            return replace(state, ended=True, end=event, waiting=False)
        case DecisionClosed():
            return replace(state, ended=True, end=event, waiting=False)
        case Placed():
            return replace(state, waiting=False, problem=None)
        case Unplaced():
            return replace(state, problem=event.problem)
        case OrganisationExcluded():
            return replace(
                state,
                excluded=state.excluded | {event.organisation},
                round=state.round + 1,
                waiting=not state.ended,
                problem=None,
            )
        case _:
            return state


def content_key(decision: UUID, subject: UUID) -> str:
    """One for each person in each decision: a case ends while another lives on (ADR 0033)."""
    return f"{decision}/{subject}"


def stream_of(decision: UUID) -> str:
    return f"decision-{decision}"
