"""Which establishment came after which? The links file `links_edubasealldata`, successors only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.directory.domain.report import RowProblem
from services.directory.gias.table import examine, read

BEGINS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")
_SUCCESSOR = "successor"  # with " - merged", " - amalgamated", " - Split School" after it or not


@dataclass(frozen=True, slots=True)
class Links:
    """`lines` says on which line a URN was first given a successor."""

    rows: int
    successors: Mapping[str, frozenset[str]]
    lines: Mapping[str, int]
    refused: tuple[RowProblem, ...]


def open_links(path: Path) -> Links:
    """Raises UnreadableFile when it is not a links file or is cut short."""
    shape = examine(path, begins=BEGINS)
    successors: dict[str, set[str]] = {}
    lines: dict[str, int] = {}
    refused: list[RowProblem] = []
    rows = read(path, shape.encoding)
    next(rows)
    for row in rows:
        if len(row.cells) != len(shape.heading):
            says = f"{len(row.cells)} cells under {len(shape.heading)} headings"
            refused.append(RowProblem(line=row.line, says=says))
            continue
        urn, link, _, kind = (cell.strip() for cell in row.cells[:4])
        if not kind.casefold().startswith(_SUCCESSOR):
            continue
        if not (urn.isdecimal() and link.isdecimal()):
            refused.append(RowProblem(line=row.line, column="LinkURN", says="is not a number"))
            continue
        successors.setdefault(str(int(urn)), set()).add(str(int(link)))
        lines.setdefault(str(int(urn)), row.line)
    kept = {urn: frozenset(found) for urn, found in successors.items()}
    return Links(shape.rows, kept, lines, tuple(refused))
