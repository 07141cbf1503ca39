"""What must a person do, by when, and is it done? The decider of one task."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID, uuid5

_TASKS = UUID("9d2a8f31-7a06-5c39-b7a3-5a9f6f0c7e42")


class TaskKind(StrEnum):
    RESOLVE_SCHOOL = "resolve-school"
    REVIEW_HOLD = "review-hold"
    PHONE_ESTABLISHMENT = "phone-establishment"
    HAND_OVER_FORCE = "hand-over-force"
    REFER_TO_LADO = "refer-to-lado"
    CONFIRM_DELETION = "confirm-deletion"
    ASSESS_BREACH = "assess-breach"
    TELL_SUBJECT = "tell-subject"
    CHASE_REFERRAL = "chase-referral"
    WRITE_UP_PHONE_REFERRAL = "write-up-phone-referral"
    MARAC_REPEAT = "marac-repeat"
    REGISTER_REVIEW = "register-review"
    CONFIRM_CONTACT = "confirm-contact"
    RESOLVE_MAPPING = "resolve-mapping"
    REVIEW_OVERRIDE = "review-override"
    ANSWER_SUBJECT_ACCESS = "answer-subject-access"


class Cause(StrEnum):
    """What the kind alone does not say. Never of whom."""

    NOBODY_MAY_READ = "nobody-there-may-read-it"
    CONSENT_UNCONFIRMED = "consent-could-not-be-confirmed"
    NEVER_TELL = "the-only-recipient-is-never-to-be-told"
    TO_CONFIRM = "contacts-were-carried-over-or-are-stale"
    NEW_TERM = "contacts-are-not-confirmed-for-this-term"
    MAILBOX_REFUSES = "a-mailbox-refuses-mail"
    NOBODY_OPENS = "nudges-went-and-nothing-was-opened"
    TRAINING_LAPSED = "training-has-lapsed"


class How(StrEnum):
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened:
    task: UUID
    kind: TaskKind
    owner: str
    due: datetime
    opens_at: datetime
    at: datetime
    about: str | None = None
    subject: UUID | None = None
    audience: str | None = None
    case: UUID | None = None
    decision: UUID | None = None
    notification: UUID | None = None
    follows: UUID | None = None
    why: Cause | None = None
    escalates_to: str | None = None  # an organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed:
    task: UUID
    how: How
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDueMoved:
    """Its time was extended: from now on it is due later, and not overdue."""

    task: UUID
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOverdue:
    """Overdue and escalated: the morning board and the owner's list show it first."""

    task: UUID
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEscalated:
    """From now on it is this organisation's too; nothing is sent by it and nothing is closed."""

    task: UUID
    kind: TaskKind
    to: str
    at: datetime


TaskEvent: TypeAlias = TaskOpened | TaskClosed | TaskDueMoved | TaskOverdue | TaskEscalated


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTask:
    task: UUID
    how: How
    by: str
    at: datetime
    open_only: bool = False  # by a person: what was never opened cannot be done


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTaskDue:
    """Never to an earlier moment: what is told late must not undo what was told since."""

    task: UUID
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTaskDue:
    at: datetime


Command: TypeAlias = TaskOpened | CloseTask | MoveTaskDue | PassTaskDue


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    opened: TaskOpened | None = None
    closed: TaskClosed | None = None
    overdue: bool = False


INITIAL = Task()


def decide(command: Command, state: Task) -> Sequence[TaskEvent]:
    match command:
        case TaskOpened():
            if state.opened is not None:
                return ()
            if state.closed is None:
                return (command,)
            # Messages may come in any order: it was met before we heard that it arose.
            return (command, replace(state.closed, at=max(state.closed.at, command.at)))
        case CloseTask():
            if state.closed is not None or (command.open_only and state.opened is None):
                return ()
            return (TaskClosed(task=command.task, how=command.how, by=command.by, at=command.at),)
        case MoveTaskDue():
            opened = state.opened
            if opened is None or state.closed is not None or command.due <= opened.due:
                return ()
            return (TaskDueMoved(task=command.task, due=command.due, at=command.at),)
        case PassTaskDue():
            return _passed(command, state)


def _passed(command: PassTaskDue, state: Task) -> Sequence[TaskEvent]:
    one = state.opened
    if one is None or state.closed is not None or state.overdue or command.at < one.due:
        return ()
    overdue = TaskOverdue(task=one.task, due=one.due, at=command.at)
    if one.escalates_to is None:
        return (overdue,)
    escalated = TaskEscalated(task=one.task, kind=one.kind, to=one.escalates_to, at=command.at)
    return (overdue, escalated)


def evolve(state: Task, event: Any) -> Task:
    match event:
        case TaskOpened():
            return replace(state, opened=event)
        case TaskClosed():
            return replace(state, closed=event)
        case TaskDueMoved() if state.opened is not None:
            return replace(state, opened=replace(state.opened, due=event.due), overdue=False)
        case TaskOverdue():
            return replace(state, overdue=True)
        case _:
            return state


def task_id(*parts: object) -> UUID:
    """The same need makes the same task, however often it is noticed."""
    return uuid5(_TASKS, "/".join(str(part) for part in parts))


def stream_of(task: UUID) -> str:
    return f"task-{task}"
