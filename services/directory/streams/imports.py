"""Which register file was read last? Enough to see that the next one is not a part of itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

GIAS, GROUPS, WALES = "import-gias", "import-groups", "import-wales"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterImported:
    rows: int
    imported_at: datetime


ImportEvent: TypeAlias = RegisterImported


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteImport:
    rows: int
    at: datetime


def decide(command: NoteImport, rows: int) -> tuple[ImportEvent, ...]:
    if command.rows == rows:
        return ()
    return (RegisterImported(rows=command.rows, imported_at=command.at),)


def evolve(_: int, event: ImportEvent) -> int:
    return event.rows
