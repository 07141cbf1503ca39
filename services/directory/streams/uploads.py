"""How does this school send its register? When it last did so whole, and what it calls its columns.

Beside the register itself, which knows only of changes: an upload that changed nothing still says
that the register is as of that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias


def stream_of(organisation: str) -> str:
    return f"uploads-{organisation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUploaded:
    """`whole`: everybody on the roll was in it."""

    organisation: str
    whole: bool
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsChosen:
    """The heading for each fact that our own spellings do not find."""

    organisation: str
    columns: dict[str, str]
    chosen_at: datetime


UploadEvent: TypeAlias = RegisterUploaded | ColumnsChosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    as_of: datetime | None = None  # of the last whole register; of the last upload before one
    whole: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


INITIAL = Uploads()


def decide(command: UploadEvent, state: Uploads) -> tuple[UploadEvent, ...]:
    match command:
        case RegisterUploaded():
            if state.as_of is None or (command.whole and not state.whole):
                return (command,)
            same_day = state.as_of.date() == command.uploaded_at.date()
            part_of_known = state.whole and not command.whole
            return () if same_day or part_of_known else (command,)
        case ColumnsChosen():
            return () if dict(state.columns) == dict(command.columns) else (command,)


def evolve(state: Uploads, event: UploadEvent) -> Uploads:
    match event:
        case RegisterUploaded():
            return replace(state, as_of=event.uploaded_at, whole=event.whole)
        case ColumnsChosen():
            return replace(state, columns=dict(event.columns))
