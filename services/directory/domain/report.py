"""What became of a file, row by row? Line numbers and names of columns, never what a row says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the rows done and the rows there are."""


class UnreadableFile(Exception):
    """The file as a whole is refused, with one line that says why; nothing of it is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """`line` is the line of the file on which the row begins; `column` is the heading."""

    line: int
    says: str
    column: str = ""

    def __str__(self) -> str:
        where = f", column {self.column}" if self.column else ""
        return f"line {self.line}{where}: {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`refused` rows were not taken; `notes` were taken, but a person may want to look."""

    rows: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    linked: int = 0  # schools that now name their trust
    carried_over: int = 0  # schools whose people were carried over from their predecessor
    left_out: Mapping[str, int] = field(default_factory=dict)  # reason: how many
    refused: tuple[RowProblem, ...] = ()
    notes: tuple[RowProblem, ...] = ()
    dry_run: bool = False


def nothing(done: int, rows: int) -> None:
    """The progress that nobody watches."""
