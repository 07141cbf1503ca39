"""Who took the place of one that closed, where that is not plain; and what was carried over.

A stream beside the organisation's own: of none of it do the other services hear.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

Why: TypeAlias = Literal["none", "several", "circle", "too-deep", "unknown"]


def stream_of(organisation: str) -> str:
    return f"succession-{organisation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionUnclear:
    """A person must say who took its place. `candidates` are ids of organisations."""

    organisation: str
    why: Why
    candidates: tuple[str, ...]
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionSettled:
    organisation: str
    successor: str
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCarriedOver:
    """The contacts of one that closed now stand at its successor, each to be confirmed there."""

    organisation: str
    successor: str
    contacts: tuple[str, ...]  # their ids, which are the same at both
    carried_at: datetime


SuccessionEvent: TypeAlias = SuccessionUnclear | SuccessionSettled | PeopleCarriedOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    unclear: tuple[Why, tuple[str, ...]] | None = None
    carried: bool = False


PLAIN = Succession()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnclear:
    organisation: str
    why: Why
    candidates: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    organisation: str
    successor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCarried:
    """Once for each that closed: what the school changed since is not brought back."""

    organisation: str
    successor: str
    contacts: tuple[str, ...]
    at: datetime


SuccessionCommand: TypeAlias = NoteUnclear | Settle | NoteCarried


def decide(command: SuccessionCommand, known: Succession) -> tuple[SuccessionEvent, ...]:
    name = command.organisation
    match command:
        case NoteUnclear(why=why, candidates=candidates):
            if known.unclear == (why, candidates):
                return ()
            return (
                SuccessionUnclear(
                    organisation=name, why=why, candidates=candidates, noted_at=command.at
                ),
            )
        case Settle(successor=successor):
            if known.unclear is None:
                return ()
            return (
                SuccessionSettled(organisation=name, successor=successor, settled_at=command.at),
            )
        case NoteCarried(successor=successor, contacts=contacts):
            if known.carried:
                return ()
            return (
                PeopleCarriedOver(
                    organisation=name,
                    successor=successor,
                    contacts=contacts,
                    carried_at=command.at,
                ),
            )


def evolve(known: Succession, event: SuccessionEvent) -> Succession:
    match event:
        case SuccessionUnclear():
            return replace(known, unclear=(event.why, event.candidates))
        case SuccessionSettled():
            return replace(known, unclear=None)
        case PeopleCarriedOver():
            return replace(known, carried=True)
