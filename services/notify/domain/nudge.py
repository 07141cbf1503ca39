"""Has one contact been nudged in one run? One e-mail, however many notifications wait (4a)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid5

_NUDGES = UUID("c2b1f7a4-3d0e-5f53-8a1c-5b7d7f6e2a90")
# A claim that came to nothing (its process died) is free again after this long.
CLAIM = timedelta(minutes=2)
WITHDRAWAL = "withdrawal:"
_BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 15, 15, 30, 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeAsked:
    nudge: UUID
    organisation: str  # whose contact it is
    contact: str
    run: str
    notification: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeBegun:
    nudge: UUID
    attempt: int
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeSent:
    nudge: UUID
    organisation: str
    contact: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeDeferred:
    nudge: UUID
    attempt: int
    at: datetime
    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeDropped:
    """Refused for good by the mail server, or nothing is left to be told of.

    `address`: a keyed hash of the one that was refused; empty where there was none.
    """

    nudge: UUID
    refused: bool
    at: datetime
    organisation: str = ""
    contact: str = ""
    address: str = ""


NudgeEvent: TypeAlias = NudgeAsked | NudgeBegun | NudgeSent | NudgeDeferred | NudgeDropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """What came of the attempt that was claimed."""

    sent: bool
    at: datetime
    refused: bool = False
    needless: bool = False
    address: str = ""  # keyed hash


Command: TypeAlias = NudgeAsked | Claim | Settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    asked: NudgeAsked | None = None
    notifications: frozenset[UUID] = frozenset()
    attempts: int = 0
    claimed_until: datetime | None = None
    ended: bool = False


INITIAL = Nudge()


def decide(command: Command, state: Nudge) -> Sequence[NudgeEvent]:
    match command:
        case NudgeAsked():
            return () if command.notification in state.notifications else (command,)
        case Claim():
            held = state.claimed_until is not None and command.at < state.claimed_until
            if state.asked is None or state.ended or held:
                return ()
            return (
                NudgeBegun(
                    nudge=state.asked.nudge,
                    attempt=state.attempts + 1,
                    at=command.at,
                    until=command.at + CLAIM,
                ),
            )
        case Settle():
            return () if state.asked is None or state.ended else (_settled(command, state),)


def _settled(command: Settle, state: Nudge) -> NudgeEvent:
    assert state.asked is not None
    one = state.asked
    if command.sent:
        return NudgeSent(
            nudge=one.nudge, organisation=one.organisation, contact=one.contact, at=command.at
        )
    if command.refused or command.needless:
        return NudgeDropped(
            nudge=one.nudge,
            refused=command.refused,
            at=command.at,
            organisation=one.organisation,
            contact=one.contact,
            address=command.address,
        )
    wait = _BACK_OFF[min(state.attempts, len(_BACK_OFF)) - 1]
    return NudgeDeferred(
        nudge=one.nudge, attempt=state.attempts, at=command.at, again_at=command.at + wait
    )


def evolve(state: Nudge, event: Any) -> Nudge:
    match event:
        case NudgeAsked():
            notifications = state.notifications | {event.notification}
            return replace(state, asked=state.asked or event, notifications=notifications)
        case NudgeBegun():
            return replace(state, attempts=event.attempt, claimed_until=event.until)
        case NudgeDeferred():
            return replace(state, claimed_until=None)
        case NudgeSent() | NudgeDropped():
            return replace(state, ended=True, claimed_until=None)
        case _:
            return state


def withdrawal_run(retraction: UUID) -> str:
    """The run that tells that something was taken back. Whoever was told of it is in it."""
    return f"{WITHDRAWAL}{retraction}"


def nudge_id(organisation: str, contact: str, run: str) -> UUID:
    return uuid5(_NUDGES, f"{organisation}/{contact}/{run}")


def stream_of(nudge: UUID) -> str:
    return f"nudge-{nudge}"
