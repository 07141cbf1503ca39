"""Which trusts and federations does the daily file `allgroupsdata` name?

Its dates are dd/MM/yyyy where the other files have dd-MM-yyyy, and both have been seen; its codes
are "06" in one row and 6 in the next. The people and addresses in it are never read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.gias import cells
from services.directory.gias.cells import BadCell
from services.directory.gias.table import Row, examine, read

BEGINS = ("Group UID", "Group ID", "Group Name")
FEDERATION, MULTI_ACADEMY, SINGLE_ACADEMY = 1, 6, 10
TYPES = frozenset({FEDERATION, MULTI_ACADEMY, SINGLE_ACADEMY})
_UID, _ID, _NAME = BEGINS
_TYPE, _STATUS, _CLOSED = "Group Type (code)", "Group Status (code)", "Closed Date"
_STATUSES = {"OPEN": True, "CLOSED": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`number` is what the register calls it in words (TR00001); a federation may have none."""

    uid: int
    number: str
    name: str
    type: int
    is_open: bool
    closed: date | None


Taken: TypeAlias = tuple[int, Group]


@dataclass(frozen=True, slots=True)
class GroupsFile:
    rows: int
    taken: tuple[Taken, ...]
    refused: tuple[RowProblem, ...]


def open_groups(path: Path) -> GroupsFile:
    """Raises UnreadableFile when it is another file, or is cut short."""
    shape = examine(path, begins=BEGINS)
    missing = [name for name in (_TYPE, _STATUS, _CLOSED) if name not in shape.heading]
    if missing:
        raise UnreadableFile(f"no column {', '.join(missing)}")
    place = {name: at for at, name in enumerate(shape.heading)}
    each = list(_each(path, shape.encoding, place))
    return GroupsFile(
        shape.rows,
        tuple(one for one in each if not isinstance(one, RowProblem)),
        tuple(one for one in each if isinstance(one, RowProblem)),
    )


def _each(path: Path, encoding: str, place: dict[str, int]) -> Iterator[Taken | RowProblem]:
    rows = read(path, encoding)
    next(rows)  # the heading
    for row in rows:
        try:
            yield row.line, _group(row, place)
        except BadCell as bad:
            yield RowProblem(line=row.line, column=bad.column, says=bad.says)


def _group(row: Row, place: dict[str, int]) -> Group:
    if len(row.cells) != len(place):
        raise BadCell("", f"{len(row.cells)} cells under {len(place)} headings")
    named = {name: row.cells[at].strip() for name, at in place.items()}
    status = named[_STATUS].upper()
    if status not in _STATUSES:
        raise BadCell(_STATUS, "is not a status of the register")
    if not named[_NAME]:
        raise BadCell(_NAME, "is empty")
    return Group(
        uid=cells.code(_UID, named[_UID]),
        number=named[_ID],
        name=" ".join(named[_NAME].split()),
        type=cells.code(_TYPE, named[_TYPE]),
        is_open=_STATUSES[status],
        closed=cells.day(_CLOSED, named[_CLOSED].replace("/", "-")),
    )
