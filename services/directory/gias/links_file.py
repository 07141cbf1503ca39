"""Which establishment came after which? The links file `links_edubasealldata`, from both sides.

One link in a hundred is told by one side only: "Predecessor" says of the other side what
"Successor" says of this one. Dates are not asked: one in eight has none, and whether an
establishment is open says more. All other kinds of link name no direction (ADR 0038).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.directory.domain.report import RowProblem
from services.directory.domain.successors import Links
from services.directory.gias.table import examine, read

BEGINS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")
# With " - merged", " - amalgamated", " - Split School" after it or not.
_SUCCESSOR, _PREDECESSOR = "successor", "predecessor"
OTHER = "another kind of link"


@dataclass(frozen=True, slots=True)
class LinksFile:
    """`lines` says on which line a URN was first given a successor."""

    rows: int
    successors: Links
    lines: Mapping[str, int]
    left_out: Mapping[str, int]
    refused: tuple[RowProblem, ...]

    @property
    def predecessors(self) -> Links:
        found: dict[str, set[str]] = {}
        for before, afters in self.successors.items():
            for one in afters:
                found.setdefault(one, set()).add(before)
        return {urn: frozenset(each) for urn, each in found.items()}


def open_links(path: Path) -> LinksFile:
    """Raises UnreadableFile when it is not a links file or is cut short."""
    shape = examine(path, begins=BEGINS)
    successors: dict[str, set[str]] = {}
    lines: dict[str, int] = {}
    left_out: Counter[str] = Counter()
    refused: list[RowProblem] = []
    rows = read(path, shape.encoding)
    next(rows)
    for row in rows:
        if len(row.cells) != len(shape.heading):
            says = f"{len(row.cells)} cells under {len(shape.heading)} headings"
            refused.append(RowProblem(line=row.line, says=says))
            continue
        urn, link, _, kind = (cell.strip() for cell in row.cells[:4])
        if not kind.casefold().startswith((_SUCCESSOR, _PREDECESSOR)):
            left_out[OTHER] += 1
            continue
        if not (urn.isdecimal() and link.isdecimal()):
            refused.append(RowProblem(line=row.line, column="LinkURN", says="is not a number"))
            continue
        old, new = str(int(urn)), str(int(link))
        if kind.casefold().startswith(_PREDECESSOR):
            old, new = new, old
        successors.setdefault(old, set()).add(new)
        lines.setdefault(old, row.line)
    kept = {urn: frozenset(found) for urn, found in successors.items()}
    return LinksFile(shape.rows, kept, lines, dict(left_out), tuple(refused))
